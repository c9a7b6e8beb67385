"""How well errors are distinguished: ``python -m bench.fingerprints DIRECTORY`` on a checkout of the public data set LogHub-2k.

DIRECTORY holds a folder for each system with ``<system>_2k.log_structured.csv``: 2,000 rows, each with the event that it belongs to.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench import figures
from postdeploy.analysis.fingerprint import words
from postdeploy.analysis.grouping import groups

LOOKED_AT = ("Android", "BGL", "HDFS", "HPC", "Linux", "OpenSSH", "OpenStack", "Spark", "Thunderbird", "Windows")
"""Systems that the rules were made with; all others are held out."""
HELD_OUT = ("Apache", "Hadoop", "HealthApp", "Mac", "Proxifier", "Zookeeper")
PAGE = Path(__file__).parent.parent / "docs" / "bench-fingerprints.md"


class Accuracy(NamedTuple):
    """Shares of rows, and of pairs of rows."""

    rows: float
    """Grouping accuracy: rows whose group holds exactly the rows of their event."""
    precision: float
    recall: float


def accuracy(found: Sequence[str], events: Sequence[str]) -> Accuracy:
    """How well groups meet events; both name one for each row."""
    by_group: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group, event in zip(found, events, strict=True):
        by_group[group][event] += 1
    sizes = Counter(events)
    exact = sum(
        count for one in by_group.values() if len(one) == 1 for event, count in one.items() if count == sizes[event]
    )
    both = sum(_pairs(one.values()) for one in by_group.values())
    grouped, wanted = _pairs(one.total() for one in by_group.values()), _pairs(sizes.values())
    return Accuracy(exact / len(events), both / grouped if grouped else 1.0, both / wanted if wanted else 1.0)


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def measured(file: Path) -> tuple[Accuracy, Accuracy]:
    """By the fingerprints alone, and with the grouping."""
    with file.open(newline="", encoding="utf-8", errors="replace") as rows:
        contents = [(row["Content"], row["EventId"]) for row in csv.DictReader(rows)]
    events = [event for _, event in contents]
    alone = [words(message) for message, _ in contents]
    leader: Mapping[str, str] = {text: group.texts[0] for group in groups(alone) for text in group.texts}
    return accuracy(alone, events), accuracy([leader[text] for text in alone], events)


def page(directory: Path) -> str:
    """The page of docs/."""
    lines = [
        "# How well errors are distinguished",
        "",
        "Measured by `python -m bench.fingerprints DIRECTORY` on LogHub-2k: 2,000 rows of 16 systems, labelled by event.",
        "None of them is a web app: this measures words, not the formats that are read by structure. Those are measured",
        "on labelled pairs ([the rules](decisions/log.md)). Accuracy: rows whose group holds exactly the rows of their event.",
        "Precision and recall: of pairs of rows.",
    ]
    for title, systems in (("Held out: only measured", HELD_OUT), ("Looked at while the rules were made", LOOKED_AT)):
        found = {name: measured(directory / name / f"{name}_2k.log_structured.csv") for name in systems}
        columns = "accuracy | precision | recall"
        lines += ["", f"## {title}", "", f"| system | fingerprint: {columns} | grouped: {columns} |", "|---" * 7 + "|"]
        for name, both in [*found.items(), ("mean", _mean(list(found.values())))]:
            lines.append(f"| {name} | " + " | ".join(f"{value:.3f}" for one in both for value in one) + " |")
    return "\n".join(lines) + "\n"


def _mean(found: Sequence[tuple[Accuracy, Accuracy]]) -> tuple[Accuracy, Accuracy]:
    def mean(which: int) -> Accuracy:
        return Accuracy(*(sum(both[which][at] for both in found) / len(found) for at in range(3)))

    return mean(0), mean(1)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python -m bench.fingerprints DIRECTORY, a checkout of LogHub-2k")
    figures.write(PAGE, page(Path(sys.argv[1])))
    print(f"{PAGE.name} is written")
