"""The figures side by side: printed, and kept in docs/architecture.md between two markers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.house.code import Code
from bench.house.documents import MEASURED_BEGIN, MEASURED_END

PAGE = Path("docs/architecture.md")


@dataclass(frozen=True)
class House:
    """All figures of one checkout but its times."""

    name: str
    code: Code
    readme_lines: int
    longest_finding: int
    words: Mapping[str, int]


def rows(houses: Sequence[House]) -> dict[str, list[str]]:
    """Figure → its value for each house."""
    found = {
        "modules": [str(house.code.per_folder.total()) for house in houses],
        "modules in the fullest folder": [_fullest(house.code) for house in houses],
        "public top-level names (aim ≤ 350)": [str(house.code.public_names) for house in houses],
        "names that another folder imports": [str(house.code.shared_names) for house in houses],
        "class names that stand twice (aim 0)": [str(len(house.code.classes_with_one_name)) for house in houses],
        "layers of the import contract (aim ≤ 12)": [str(house.code.layers) for house in houses],
        "largest file, lines (aim ≤ 300)": [_largest(house.code) for house in houses],
        "lines of code in src": [f"{house.code.code_lines:,}" for house in houses],
        "README, lines (aim ≤ 100)": [str(house.readme_lines) for house in houses],
        "longest page about a finding, words": [str(house.longest_finding) for house in houses],
    }
    for subject in sorted({subject for house in houses for subject in house.words}):
        found[f"words: {subject}"] = [_number(house.words.get(subject)) for house in houses]
    return found


def _fullest(code: Code) -> str:
    [(folder, count)] = code.per_folder.most_common(1)
    return f"{count} {folder}"


def _largest(code: Code) -> str:
    return f"{code.largest.lines} ({code.largest.path.as_posix()})"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def markdown(names: Sequence[str], figures: Mapping[str, Sequence[str]], houses: Sequence[House]) -> str:
    """The table, and the modules of each folder below it."""
    lines = [
        f"| {' | '.join(('figure', *names))} |",
        f"| {' | '.join(['---'] * (len(names) + 1))} |",
        *(f"| {' | '.join((figure, *values))} |" for figure, values in figures.items()),
    ]
    lines += ["", "Times are CPU time of whole processes: medians of runs that take turns."]
    for house in houses:
        folders = ", ".join(f"{folder} {count}" for folder, count in sorted(house.code.per_folder.items()))
        lines += ["", f"Modules per folder, {house.name}: {folders}."]
    return "\n".join(lines)


def keep(page: Path, table: str) -> None:
    """Put the table between the page's markers."""
    before, _, after = page.read_text("utf-8").partition(MEASURED_BEGIN)
    _, _, after = after.partition(MEASURED_END)
    page.write_text(f"{before}{MEASURED_BEGIN}\n\n{table}\n\n{MEASURED_END}{after}", "utf-8")
