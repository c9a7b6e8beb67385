"""What a log costs is in proportion to its length, whatever it holds: counted in calls, never timed. What is left out is said."""

from __future__ import annotations

import contextlib
import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from postdeploy.analysis import log_report, saved_logs
from postdeploy.analysis.fingerprint import MAX_LENGTH, words
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.log_summary import JudgedLog, ReadLog, report
from postdeploy.analysis.signals import Signal
from postdeploy.logs import compression, decoding
from postdeploy.logs.compression import BrokenGzipError, Decompression
from postdeploy.logs.decoding import Decoding
from postdeploy.logs.formats import UnknownFormatError, recognised
from postdeploy.logs.protocol import Span
from postdeploy.logs.window import Proof, Seen
from postdeploy.model import Stage
from postdeploy.redaction import Redactor
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import TODAY, Sent, export_lines, rows

PIECES = (
    *(
        "a-",
        "a.",
        "a/",
        "a@",
        '"',
        "'",
        "`",
        "(",
        "[",
        "{",
        "\\",
        '\\"',
        "0 ",
        "-",
        "a",
        "a:",
        "://",
        "x://a:",
        "eyJ",
        "=",
        "…",
        " ",
    ),
    *(
        "… ms ",
        ")=(",
        "\n    at x (",
        "code: '",
        "[cause]: E\n",
        "-----BEGIN ",
        "token=",
        "Bearer ",
        "DE89 3704 ",
        "+1 (",
        "\x1b[",
    ),
    *("invocation: {", "{\n", "select ", " is not a function", "(0 , r.x)", "(evaluating 'a.", "' in {"),
    *(
        "errors: [",
        "[errors]: [\n",
        "host: '",
        "url: 'a://",
        "code: 'a'",
        "<@",
        "J. ",
        "AB ",
        "Ab van ",
        "keys: ",
        "Passwort ",
        "a.csv",
    ),
    *("\x1b]", "AB_", 'message: "', "sk-", "\n", "\xe9-", "%41", "\\u0041"),
)


def calls(work: Callable[[], object]) -> int:
    """How many calls this makes, of functions written in Python and in C."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", PIECES)
def test_a_message_twice_as_long_costs_at_most_twice(piece: str) -> None:
    long = piece * (MAX_LENGTH // len(piece))
    short = long[: len(long) // 2]
    words(short)
    assert calls(lambda: words(long)) <= 2 * calls(lambda: words(short)) + 50
    redact = Redactor(["hunter2hunter2"])
    redact(short)
    assert calls(lambda: redact(long)) <= 2 * calls(lambda: redact(short)) + 50


@pytest.mark.parametrize("piece", PIECES)
def test_beyond_the_bound_a_message_costs_nothing_more(piece: str) -> None:
    long = piece * (MAX_LENGTH // len(piece) + 1)
    words(long)
    assert calls(lambda: words(long * 8)) <= calls(lambda: words(long)) + 5
    assert len(words(long)) <= 240


LONG = " ⨯ Error: Batch failed "


@pytest.mark.parametrize(
    ("message", "note"),
    [
        (LONG + "the row was not read; " * 1000, "of 4 messages only the first 16,384 characters were read"),
        (LONG + "the row was not read " * 100, "of 4 messages only the first 600 words, blanks and marks were read"),
        (LONG + "the row was not read " * 20, ""),
        (LONG + "x", ""),
    ],
)
def test_of_a_long_message_it_is_said_how_much_was_read(tmp_path: Path, message: str, note: str) -> None:
    """Counted once for each message, however many rows log it; the parts of a log are read on their own."""
    log = tmp_path / "log"
    log.write_bytes(export_lines(rows([Sent(at, "POST", "/", 500, f"{message}{at % 4}") for at in range(40)])))
    said = saved_logs.examine([str(log)], saved_logs.LogQuery(), read_runbook(), TODAY)
    assert [one for one in said.notes if "only the first" in one][:1] == ([note] if note else [])


@pytest.mark.parametrize("content", [b" ", b"\0", b"{", b"[", b"x", b'{"a":"', b"\xff"])
def test_a_long_beginning_without_a_format_is_looked_at_a_few_times(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    def counted(head: bytes, *, whole: bool) -> object:
        looks.append(len(head))
        return recognised(head, whole=whole)

    monkeypatch.setattr(decoding, "recognised", counted)
    stream, piece = Decoding("x"), (content * 1024)[:1024]
    with contextlib.suppress(UnknownFormatError):
        for _ in range(3000):
            list(stream.feed(piece))
    assert sum(looks) <= 10 * 3000 * 1024


@pytest.mark.parametrize("content", [b" ", b"{", b'{"a":1}\n'])
def test_what_grows_beyond_all_bounds_is_left_out_and_said(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_UNCHECKED", 1 << 20)
    pieces = Decompression().feed(gzip.compress(content * ((32 << 20) // len(content))))
    grown: list[int] = []
    with pytest.raises(
        BrokenGzipError, match=r"it grows to more than 200 times its size: what follows \d+ MB is left out"
    ):
        grown.extend(map(len, pieces))
    assert sum(grown) < 16 << 20


def test_a_log_that_shrinks_well_is_read_to_its_end() -> None:
    log = export_lines(rows([Sent(at / 10) for at in range(3_000)]))
    assert b"".join(Decompression().feed(gzip.compress(log))) == log


@pytest.mark.parametrize(("apart", "times"), [(0.1, 1), (2, 2)])
def test_a_log_of_many_routes_is_counted_twice_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: float, times: int
) -> None:
    """Once for all that is judged, once for the threshold's window where that is less; the rest needs totals only."""
    log = tmp_path / "log"
    log.write_bytes(
        export_lines(
            rows([Sent(at * apart, "GET", f"/{chr(97 + at % 26)}x/y{'z' * (at // 26)}", 500) for at in range(400)])
        )
    )
    counted: list[object] = []
    tally = Ledger.tally

    def noted(ledger: Ledger, *given: Any) -> Tally:
        counted.append(given)
        return tally(ledger, *given)

    monkeypatch.setattr(Ledger, "tally", noted)
    said = saved_logs.examine([str(log)], saved_logs.LogQuery(), read_runbook(), TODAY)
    assert (len(counted), len(said.incidents)) == (times, 400)


@pytest.mark.parametrize("more", [0, 1, 500])
def test_a_report_lists_the_worst_and_says_how_many_it_leaves_out(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postdeploy.analysis.log_summary.MOST_INCIDENTS", 100)
    monkeypatch.setattr(log_report, "MOST_INCIDENTS", 100)
    incidents = tuple(Incident(Signal.ROUTE_ERROR, f"GET /{at}", "x", 1, 0, 0) for at in range(100 + more))
    window = Span(0, 600_000)
    judged = JudgedLog(Tally(incidents=incidents), read_runbook().logs, 0, ())
    said = report(ReadLog("x", Stage.WINDOW, None, window, "x"), Proof(window, True, ()), Seen(), judged)
    assert len(said.incidents) == 100
    left_out = f"{more} incidents more than the 100 worst are counted, but not listed"
    assert (left_out in said.notes) == (more > 0)
    assert log_report.fingerprints_of([said]) is None
