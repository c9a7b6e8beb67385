"""The result for people: docs/bench-logs.md."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median

from bench.logs.contenders import COUNTS, JQ, OURS, Contender
from bench.logs.formats import LINES, ROWS
from bench.logs.measuring import Measured
from bench.runs import ROOT

PAGE = ROOT / "docs" / "bench-logs.md"
_MEMORY = 300
_OF_JQ, _OF_JQ_IN_AN_ARRAY, _OF_COUNTS, _OF_LINES = 8, 15, 0.8, 0.5
"""Aims: how many times as fast as others ours should be."""
_WHY = (
    "Of our time a quarter is msgspec's decoding, the rest is Python's: a tuple and a look-up for each row, what kind of request it is",
    "of, and the messages: the patterns, and what is left of each without ids, are more than half of what a failing request adds.",
)


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file, and all runs of each contender on it."""

    title: str
    size: int
    array: bool
    runs: Mapping[str, Sequence[Measured]]

    def speed(self, name: str) -> float:
        """MB a second, by the median of the wall times."""
        return self.size / median(one.seconds for one in self.runs[name]) / 1e6

    def memory(self, name: str) -> float:
        """MB at the highest."""
        return max(one.memory for one in self.runs[name]) / 1e6

    def lines(self) -> list[str]:
        """Its table, and the aims."""
        rows = [
            f"| {name} | {median(one.seconds for one in runs):.2f} s | {min(one.seconds for one in runs):.2f} s | "
            f"{median(one.cpu for one in runs):.2f} s | {self.speed(name):.0f} MB/s | {self.memory(name):.0f} MB |"
            for name, runs in self.runs.items()
        ]
        head = "| contender | median | min | on the cores | speed | memory |"
        return [f"## {self.title}", "", head, "| --- | --- | --- | --- | --- | --- |", *rows, "", *self._aims(), ""]

    def _aims(self) -> list[str]:
        ours = self.speed(OURS)
        lines = [
            f"- ours ≥ {factor} x {other}: {'met' if ours >= factor * self.speed(other) else 'missed'} ({ours / self.speed(other):.1f})"
            for other, factor in ((JQ, _OF_JQ_IN_AN_ARRAY if self.array else _OF_JQ), (COUNTS, _OF_COUNTS))
            if other in self.runs
        ]
        memory = self.memory(OURS)
        return [*lines, f"- memory ≤ {_MEMORY} MB: {'met' if memory <= _MEMORY else 'missed'} ({memory:.0f} MB)"]


def _other_formats(runs: Mapping[str, Sequence[Measured]]) -> list[str]:
    """Ours on the same rows in each format."""
    speed = {name: ROWS / median(one.seconds for one in those) for name, those in runs.items()}
    rows = [
        f"| {name} | {median(one.seconds for one in those):.2f} s | {median(one.cpu for one in those):.2f} s | "
        f"{speed[name]:,.0f} | {max(one.memory for one in those) / 1e6:.0f} MB | {speed[name] / speed[LINES]:.2f} |"
        for name, those in runs.items()
    ]
    slow = [name for name in runs if speed[name] < _OF_LINES * speed[LINES]]
    return [
        f"## {ROWS:,} rows in other formats, ours alone",
        "",
        "| format | median | on the cores | rows a second | memory | of the lines' speed |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        f"- each ≥ {_OF_LINES} x the lines' rows a second: {'missed: ' + ', '.join(slow) if slow else 'met'}",
        "- lines that are not compressed are read in two processes, the others in one",
        "",
    ]


def page(
    results: Sequence[FileResult], formats: Mapping[str, Sequence[Measured]], contenders: Sequence[Contender]
) -> str:
    """The page as text."""
    runs = min(len(runs) for result in results for runs in result.runs.values())
    lines = [
        "# How fast logs are read",
        "",
        f"Measured by `make benchlogs`: whole processes, {runs} runs each, on generated dashboard exports (bench/logs/export.py).",
        f"{os.cpu_count()} cores, DuckDB {version('duckdb')}, msgspec {version('msgspec')}, numpy {version('numpy')}.",
        "All contenders found the same number of failed Server Action requests (grep counts rows).",
        "Memory is that of all processes of a contender together.",
        *_WHY,
        "",
        *(line for result in results for line in result.lines()),
        *_other_formats(formats),
        "| contender | what it does |",
        "| --- | --- |",
        *(f"| {one.name} | {one.does} |" for one in contenders),
        "",
    ]
    return "\n".join(lines)
