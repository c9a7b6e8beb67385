"""What saved and piped logs say, without a run: all of them is read before anything is said."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.sentinel import Sentinel
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import times
from tests.logs.rows import (
    DEPLOYED,
    TODAY,
    Sent,
    command_line_64,
    drain_lines,
    export_json,
    export_lines,
    healthy,
    rows,
    throws,
)

RUNBOOK = read_runbook()


@contextmanager
def piped(pieces: Sequence[bytes], monkeypatch: pytest.MonkeyPatch, *, ends: bool = True) -> Iterator[None]:
    """What another process writes into ours, piece by piece, with a pause after each."""
    here, there = os.pipe()
    over = threading.Event()

    def write() -> None:
        for piece in pieces:
            os.write(there, piece)
            time.sleep(0.02)
        if not ends:
            over.wait()
        os.close(there)

    monkeypatch.setattr(saved_logs, "open_source", lambda spec, **_: PipeSource(spec, here))
    writer = threading.Thread(target=write)
    writer.start()
    yield
    over.set()
    writer.join()
    os.close(here)


def proven() -> list[Sent]:
    """Sentinels all along the window."""
    times = [DEPLOYED + 30_000 * n for n in range(22)]
    names = [Sentinel(1, n, at).name for n, at in enumerate(times)]
    path = "/api/inbox/conversations"
    return [Sent(30 * n, "GET", f"{path}/{name}", 401) for n, name in enumerate(names)]


FAULTY = [*healthy(60), *proven(), *(throws(word, 60 + n) for n, word in enumerate("ABCD"))]


@pytest.mark.parametrize(
    ("sentinels", "until", "missing"),
    [
        pytest.param(22, None, "", id="to the end of the window"),
        pytest.param(20, None, "the log ends 30 s before the window closes", id="nearly"),
        pytest.param(6, None, "the log ends 450 s before the window closes", id="they end with the people"),
        pytest.param(22, 300, "the log ends 300 s before the window closes", id="judged until"),
    ],
)
def test_a_night_in_which_nobody_came_any_more_is_proven_by_sentinels(
    sentinels: int, until: int | None, missing: str, tmp_path: Path
) -> None:
    people = [
        one
        for each in range(8)
        for one in (Sent(20 * each + 2, "POST", "/", 200), Sent(20 * each + 3, "GET", "/api/inbox/conversations", 200))
    ]
    log = tmp_path / "log"
    log.write_bytes(export_lines(rows([*people, *proven()[:sentinels]])))
    query = LogQuery(since=DEPLOYED, until=None if until is None else DEPLOYED + until * 1000)
    report = saved_logs.examine([str(log)], query, RUNBOOK, TODAY)
    assert " ".join(one for one in report.proof.missing if "the log ends" in one) == missing
    assert report.proof.proven is not bool(missing)


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("write", [export_lines, drain_lines, command_line_64])
def test_a_pipe_is_read_to_its_end_however_slowly_it_comes(
    write: object, newest_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = sorted(rows(FAULTY), key=lambda row: row.at, reverse=newest_first)
    content = write(log)  # type: ignore[operator]
    third = len(content) // 3
    with piped([content[:third], content[third : 2 * third], content[2 * third :]], monkeypatch):
        report = saved_logs.examine(["-"], LogQuery(), RUNBOOK, TODAY)
    assert report.fails
    assert report.totals.unique == 4


def test_rows_without_an_id_are_counted_alike_in_a_file_and_in_a_pipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What names no request is not taken for a part of a request that another row names, whichever way it came."""
    log = rows([*healthy(60), *(throws("A", 60 + n) for n in range(6))])
    nameless = [msgspec.structs.replace(row, request_id=None) for row in log if row.message]
    content = export_lines([*log, *nameless])
    as_file = tmp_path / "log"
    as_file.write_bytes(content)
    expected = saved_logs.examine([str(as_file)], LogQuery(), RUNBOOK, TODAY)
    with piped([content[:90], content[90:]], monkeypatch):
        report = saved_logs.examine(["-"], LogQuery(), RUNBOOK, TODAY)
    assert (report.totals, report.fails) == (expected.totals, expected.fails)


def test_what_a_log_calls_things_writes_no_line_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(
        export_lines([*rows([Sent(1, "PO\nST", deployment="dpl_1\nKEEP")]), LogEntry(DEPLOYED, environment="a\nKEEP")])
    )
    report = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert not any("\n" in line for line in report.table())


def test_a_stream_that_goes_on_is_followed_until_the_window_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(1_000_000))

    def clock() -> float:
        return DEPLOYED / 1000 + 60 * next(looks)

    with piped([export_lines(rows(FAULTY))], monkeypatch, ends=False):
        report = saved_logs.examine(["-"], LogQuery(since=DEPLOYED, follow=True), RUNBOOK, TODAY, clock)
    assert report.window.opened


def test_within_a_run_a_pipe_that_did_not_end_and_is_not_in_order_vouches_for_nothing() -> None:
    here, there = os.pipe()
    os.write(there, export_lines(sorted(rows(FAULTY), key=lambda row: -row.at))[:20_000])
    told = [one.unread for one in PipeSource("stdin", here).read(0, lambda: True) if one.unread]
    os.close(there)
    os.close(here)
    assert told == ["stdin had not ended, and its rows are not in order of time: any may still be missing"]


def test_within_a_run_a_stream_in_order_may_go_on() -> None:
    here, there = os.pipe()
    os.write(there, export_lines(sorted(rows(FAULTY), key=lambda row: row.at))[:20_000])
    assert not [one.unread for one in PipeSource("stdin", here).read(0, lambda: True) if one.unread]
    os.close(there)
    os.close(here)


def judged(sent: Sequence[Sent], monkeypatch: pytest.MonkeyPatch, **asked: object) -> LogReport:
    with piped([export_lines(rows(sent))], monkeypatch):
        return saved_logs.examine(["-"], LogQuery(**asked), RUNBOOK, TODAY)  # type: ignore[arg-type]


def test_an_empty_log_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged([], monkeypatch)
    assert not report.window.opened
    assert report.says.startswith("the log was not read")


@pytest.mark.parametrize(
    "early",
    [
        pytest.param([-3600], id="an hour early"),
        pytest.param([-DEPLOYED / 1000], id="at time 0"),
        pytest.param([-86_400], id="a day early"),
        pytest.param([-7200, -3600], id="two, far apart"),
        pytest.param([-3600, -3599.9], id="two together"),
    ],
)
def test_a_wrong_clock_does_not_move_the_window(early: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = [*healthy(300), *(throws(word, 60 + n) for n, word in enumerate("ABCD"))]
    report = judged([*(Sent(at, "GET", "/") for at in early), *faulty], monkeypatch)
    assert report.totals.unique == 4
    assert report.fails
    assert any("long before the others" in note for note in report.notes)


def test_a_deployment_that_a_wrong_clock_makes_the_oldest_is_still_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    older = [Sent(n, "GET", "/", deployment="dpl_before") for n in range(-900, 0, 3)]
    report = judged([*older, Sent(-7200, "GET", "/"), *healthy(200)], monkeypatch)
    assert report.deployment == "dpl_now"


@pytest.mark.parametrize("quiet", [60, 300, 590])
def test_a_short_silence_after_the_first_visitor_is_traffic(quiet: float, monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged([Sent(-quiet, "GET", "/"), *healthy(300, over=100)], monkeypatch)
    assert report.window.opened == times.iso(round(DEPLOYED - quiet * 1000))


@pytest.mark.parametrize(
    ("method", "status", "counts"),
    [
        ("GET", 401, False),
        ("GET", 503, False),
        ("GET", None, True),
        ("GET", -1, True),
        ("GET", 500, True),
        ("GET", 200, True),
        ("POST", 401, True),
    ],
)
def test_a_sentinel_is_one_by_its_answer(
    method: str, status: int | None, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/api/inbox/conversations/{Sentinel(5, 1, DEPLOYED).name}"
    report = judged([*healthy(30), Sent(9, method, path, status)], monkeypatch)
    assert report.totals.requests == 30 + counts
    assert report.proof.sentinels == (not counts)


@pytest.mark.parametrize(
    ("says", "counts"),
    [
        pytest.param("", False, id="nothing"),
        pytest.param("[Read API] disabled { route: 'conversations' }", False, id="the read API is switched off"),
        pytest.param('{"success":false,"error":"READ_API_DISABLED"}', False, id="its code"),
        pytest.param(" ⨯ Error: P1001 Can't reach database server", True, id="the database is out of reach"),
        pytest.param("TypeError: Cannot read properties of undefined (reading 'id')", True, id="an error"),
        pytest.param("Error: too many connections for role app", True, id="the pool is full"),
    ],
)
@pytest.mark.parametrize("write", [export_lines, drain_lines])
def test_a_503_proves_nothing_where_its_rows_say_otherwise(
    says: str, counts: bool, write: Callable[[Sequence[LogEntry]], bytes], tmp_path: Path
) -> None:
    log, path = tmp_path / "log", f"/api/inbox/conversations/{Sentinel(5, 1, DEPLOYED).name}"
    log.write_bytes(write(rows([*healthy(30), Sent(9, "GET", path, 503, says)])))
    report = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert report.totals.requests == 30 + counts
    assert report.proof.sentinels == (not counts)


@pytest.mark.parametrize("write", [export_lines, drain_lines, export_json])
def test_sentinels_without_a_status_prove_nothing_where_the_source_shows_statuses(
    write: Callable[[Sequence[LogEntry]], bytes], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    silent = [Sent(one.at, one.method, one.path, None) for one in proven()]
    log.write_bytes(write(rows([*healthy(60), *silent])))
    report = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert not report.proof.proven
    assert not report.proof.sentinels


def test_sentinels_prove_by_their_paths_where_the_source_shows_no_status(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(command_line_64(rows([*healthy(60), *proven()])))
    assert saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY).proof.sentinels == len(proven())


def without_ids(sent: Sequence[Sent]) -> list[LogEntry]:
    """Their rows a few milliseconds apart, and none names its request."""
    return [msgspec.structs.replace(row, request_id=None) for row in sorted(rows(sent), key=lambda row: row.at)]


@pytest.mark.parametrize("words", ["AB", "ABC", "ABCD"])
@pytest.mark.parametrize("write", [drain_lines, export_lines, export_json])
def test_rows_that_name_no_request_are_put_together(
    words: str, write: Callable[[Sequence[LogEntry]], bytes], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    named = [Sent(11.5, "GET", "/")]  # so that the source shows ids
    faulty = without_ids([*healthy(60), *(throws(word, 62.5 + 7 * n) for n, word in enumerate(words))])
    log.write_bytes(write([*rows(named), *faulty]))
    report = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert report.totals.unique == len(words)
    assert report.fails is (len(words) > 3)
    assert report.totals.requests == 61 + len(words)
    assert any("rows name no request" in note for note in report.notes)


BREAKS = {"actions": ("POST", "/"), "reads": ("GET", "/api/inbox/counts"), "crons": ("GET", "/api/cron/x")}


@pytest.mark.parametrize("what", BREAKS)
def test_of_a_log_of_errors_alone_no_share_is_judged(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    method, path = BREAKS[what]
    errors = [Sent(20 * n, method, path, 500, " ⨯ Error: A") for n in range(25)]
    filtered = judged(errors, monkeypatch)
    assert not filtered.fails
    assert any("filtered or sampled" in doubt for doubt in filtered.proof.missing)
    whole = judged([*errors, Sent(9, "GET", "/_next/static/a.js", 200)], monkeypatch)
    assert not any("filtered or sampled" in doubt for doubt in whole.proof.missing)
    assert whole.fails is (what != "crons")


def test_a_log_of_errors_alone_still_fails_by_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert judged([throws(word, 60) for word in "ABCD"], monkeypatch).fails


@pytest.mark.parametrize(("many", "doubted"), [(0, False), (3, False), (4, True), (20, True)])
def test_actions_without_a_status_are_not_silence(many: int, doubted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged([*healthy(60), *(Sent(5 + 20 * n, status=None) for n in range(many))], monkeypatch)
    assert any("have no status" in doubt for doubt in report.proof.missing) is doubted


UNUSED = {
    "health checks": [Sent(10 * at, "GET", "/api/health") for at in range(60)],
    "other pages": [Sent(10 * at, "GET", "/pricing") for at in range(60)],
    "crons and webhooks": [Sent(10 * at, "POST", "/api/webhooks/x") for at in range(60)],
    "reads that all fail": [Sent(100 * at, "GET", "/api/inbox/counts", 500) for at in range(6)],
    "visitors who are led away": [Sent(100 * at, "GET", "/", 307) for at in range(6)],
}


@pytest.mark.parametrize("sent", UNUSED.values(), ids=UNUSED)
def test_a_log_in_which_nobody_used_the_inbox_proves_nothing(sent: list[Sent], tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(export_lines(rows([*sent, *proven(), Sent(600, "GET", "/api/health")])))
    said = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert not said.proof.proven
    assert any("the inbox was not used" in one for one in said.proof.missing)


@pytest.mark.parametrize("used", [("POST", "/"), ("GET", "/api/inbox/counts"), ("GET", "/")])
def test_one_use_of_the_inbox_is_one(used: tuple[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(export_lines(rows([*UNUSED["other pages"], Sent(300, *used), *proven(), Sent(600, "GET", "/x")])))
    said = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert said.proof.proven, said.proof.missing


def test_a_log_without_a_row_that_can_be_read_says_how_many_there_are(tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text('{"timestampInMs": "x", "requestPath": "/"}\n{"timestampInMs": "y"}\n')
    said = saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)
    assert said.proof.missing == ("it holds no request of any deployment; 2 rows could not be read",)
