"""Looks for bytes that are judged otherwise as a file than piped in, or that end in our own error: `python -m tests.fuzz.judgements`.

Any format, whole: read, counted, judged, written. Needs atheris (`pip install --group fuzz`), as `tests.fuzz.exports` does.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
import unicodedata
from pathlib import Path
from unittest import mock

import atheris

with atheris.instrument_imports(include=["postdeploy.logs", "postdeploy.analysis"]):
    from postdeploy.analysis import ingestion, saved_logs
    from postdeploy.logs import files

import msgspec

from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.protocol import Source
from postdeploy.model import UsageError
from postdeploy.redaction import Redactor
from postdeploy.runbook.reading import read_runbook

_SEEDS = Path(__file__).parent / "seeds"
_RUNBOOK, _TODAY = read_runbook(), dt.date(2026, 11, 25)
_TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_MOST = 60_000
"""Bytes that a pipe holds without a reader."""
_FILE = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)) / "log"


def one(data: bytes) -> None:
    """One input."""
    if not data or len(data) > _MOST:
        return
    _FILE.write_bytes(data)
    as_file, as_pipe = judged(files.open_source(str(_FILE)) if _is_known() else None), piped(data)
    assert _exit(as_file) == _exit(as_pipe), f"as a file {_exit(as_file)}, piped in {_exit(as_pipe)}"


def piped(data: bytes) -> LogReport | None:
    """What these bytes mean when they are piped in."""
    reading, writing = os.pipe()
    try:
        os.write(writing, data)
        os.close(writing)
        return judged(files.PipeSource("fuzz", reading))
    finally:
        os.close(reading)


def judged(source: Source | None) -> LogReport | None:
    """The report, which must be possible to write; None: the source can't be used."""
    if source is None:
        return None
    with mock.patch.object(saved_logs, "open_source", return_value=source):
        report = saved_logs.examine(["fuzz"], saved_logs.LogQuery(), _RUNBOOK, _TODAY)
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


def _is_known() -> bool:
    try:
        files.open_source(str(_FILE))
    except UsageError:
        return False
    return True


def _exit(report: LogReport | None) -> int:
    """As the command ends; a file that can't be used proves as little as a pipe that holds nothing readable."""
    return 10 if report is None else 1 if report.fails else 0 if report.proof.proven else 10


def main() -> None:
    """Fuzz. The patterns are compiled once."""
    reader = SignalReader(_RUNBOOK, _TODAY)
    mock.patch.object(ingestion, "SignalReader", return_value=reader).start()
    inputs = shutil.copytree(_SEEDS, _FILE.with_name("seeds"))
    atheris.Setup([*sys.argv, str(inputs)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
