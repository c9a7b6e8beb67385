"""How `postdeploy logs` ends for the same bytes: as a file, and piped in."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from unittest import mock

import msgspec

from postdeploy.analysis import ingestion, saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.logs.files import PipeSource, open_source
from postdeploy.logs.protocol import Source
from postdeploy.model import UsageError
from postdeploy.redaction import Redactor
from tests.fuzz import readings

_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
MOST = 60_000
"""Bytes that a pipe holds without a reader."""


def exit_codes(data: bytes, file: Path) -> tuple[int, int]:
    """As a file, which is written, and piped in."""
    file.write_bytes(data)
    try:
        source = open_source(str(file))
    except UsageError:
        source = None
    with mock.patch.object(ingestion, "SignalReader", return_value=readings.READER):
        return exit_code(_judged(source)), exit_code(_piped(data))


def _piped(data: bytes) -> LogReport | None:
    """What these bytes mean when they are piped in."""
    reading, writing = os.pipe()
    try:
        os.write(writing, data)
        os.close(writing)
        return _judged(PipeSource("fuzz", reading))
    finally:
        os.close(reading)


def _judged(source: Source | None) -> LogReport | None:
    """The report, which must be possible to write; None: the source can't be used."""
    if source is None:
        return None
    with mock.patch.object(saved_logs, "open_source", return_value=source):
        report = saved_logs.examine(["fuzz"], saved_logs.LogQuery(), readings.RUNBOOK, readings.TODAY)
    redact = Redactor()
    document = msgspec.json.encode(redact.values(msgspec.to_builtins(report)))
    assert msgspec.json.decode(document)["says"]
    assert not _is_unseen(redact("".join(report.table()))), "it shows what can't be seen"
    return report


def _is_unseen(text: str) -> bool:
    """Whether a terminal would obey it, or show it in another order."""
    letters = set(text) - {"\t"}
    return any(
        unicodedata.category(one) in ("Cc", "Cs") or unicodedata.bidirectional(one) in _TURNING for one in letters
    )


def exit_code(report: LogReport | None) -> int:
    """As the command ends; a file that can't be used proves as little as a pipe that holds nothing readable."""
    return 10 if report is None else 1 if report.fails else 0 if report.proof.proven else 10
