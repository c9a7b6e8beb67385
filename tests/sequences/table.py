"""The rows of sequences.toml, and the page that shows them: `python -m tests.sequences.table` writes it anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from postdeploy.model import Decision, Recommendation

ROWS = Path(__file__).with_name("sequences.toml")
PAGE = Path(__file__).parents[2] / "docs/sequences.md"
_HEAD = """# Sequences of deploys, outages, rollbacks and re-runs, measured

Each row is played on a simulated platform with a record; the rules are the real ones. Deployments are dpl_1, dpl_2, … in the order of their
build. The decision is that of the last run, “last-good” is where a rollback would go afterwards. The rows stand in
`tests/sequences/sequences.toml`; `test_model.py` there plays random ones, and `test_on_the_sandbox.py` some with the real app and browser.

| what happens | steps | decision | recommendation | target | last-good | of a newer build it is said |
|---|---|---|---|---|---|---|
"""


class Sequence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens, and what is expected then."""

    name: str
    steps: tuple[str, ...]
    decision: Decision
    recommendation: Recommendation
    target: str = ""
    last_good: str = ""
    newer: str = ""


class _Table(msgspec.Struct, frozen=True):
    sequence: tuple[Sequence, ...]


def sequences() -> tuple[Sequence, ...]:
    """All of them."""
    return msgspec.toml.decode(ROWS.read_bytes(), type=_Table).sequence


def page(rows: Iterable[Sequence]) -> str:
    """docs/sequences.md."""
    lines = []
    for row in rows:
        cells = (row.name, ", ".join(row.steps), row.decision, row.recommendation, row.target, row.last_good, row.newer)
        lines.append(f"| {' | '.join(cells)} |")
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(sequences()), encoding="utf-8")
