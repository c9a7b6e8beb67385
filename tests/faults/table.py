"""What a matrix measured, as a table: printed, and kept in docs/ when all of its rows ran."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench import figures
from tests.faults.measure import ROOT


def kept(request: pytest.FixtureRequest, file: str, intro: str, header: str, rows: int) -> Iterator[list[str]]:
    """A list for the rows as they are measured; `rows`: how many make the matrix whole."""
    measured: list[str] = []
    yield measured
    text = header + "\n".join(measured) + "\n"
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    if terminal:
        terminal.write_line("")
        terminal.write(text)
    if len(measured) == rows:
        figures.write(ROOT / "docs" / file, intro + text)
