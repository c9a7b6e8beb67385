"""A log's last ten minutes are judged by themselves as well: hours in which all was well outweigh what is broken now."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_report import LogReport, as_baseline
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.logs.protocol import News, Shows, Span
from postdeploy.model import Severity, Stage
from postdeploy.runbook.reading import read_runbook
from tests.analysis.diluted_logs import ERROR, spread
from tests.analysis.strange_logs import READ
from tests.logs.rows import DEPLOYED, TODAY, Sent, export_lines, rows, throws

RUNBOOK = read_runbook()
HOUR = 3600
LATE, END = 7 * HOUR, 8 * HOUR
PAGES = spread(240, 200, path="/", until=END)
READS, ACTIONS = spread(1200, 200, until=END), spread(700, 200, "POST", "/", until=END)
READS_BEFORE, ACTIONS_BEFORE = spread(1200, 200, until=LATE), spread(700, 200, "POST", "/", until=LATE)
SIGN_INS = [
    *spread(30, 303, "POST", "/auth/login", until=LATE),
    *spread(9, 200, "POST", "/auth/login", "Error: boom", since=END - 590, until=END),
    *spread(1, 303, "POST", "/auth/login", since=END - 5, until=END),
]


BY_THEMSELVES = "the last 10 minutes by themselves: "
LIVE = Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY | Shows.LIVE


def watched(sent: list[Sent], baseline: Baseline | None = None, *, tolerates_known: bool = False) -> LogReport:
    """What a watch reports that read the same rows."""
    until, settings = DEPLOYED + END * 1000, BookSettings(window=END, tolerates_known=tolerates_known)
    book = Logbook(RUNBOOK, TODAY, Opening(DEPLOYED, "a test", "dpl_now"), settings)
    book.note(News(tuple(rows(sent)), covered=Span(DEPLOYED, until)), until, LIVE)
    return book.report(
        ReportRequest(source="a test", stage=Stage.WINDOW, until=until, shows=LIVE, closed=True, baseline=baseline)
    )


def judged(tmp_path: Path, sent: list[Sent]) -> LogReport:
    (tmp_path / "log").write_bytes(export_lines(rows(sent)))
    report = saved_logs.examine([str(tmp_path / "log")], LogQuery(since=DEPLOYED), RUNBOOK, TODAY)
    assert not [one for one in report.findings if one.severity is Severity.FAIL]
    return report


def doubts(tmp_path: Path, sent: list[Sent]) -> list[str]:
    return of_the_end(judged(tmp_path, sent))


def of_the_end(report: LogReport) -> list[str]:
    return [one for one in report.proof.missing if one.startswith(BY_THEMSELVES)]


def actions(status: int, message: str = "") -> list[Sent]:
    return [*PAGES, *READS, *ACTIONS_BEFORE, *spread(100, status, "POST", "/", message, since=LATE, until=END)]


def reads(status: int, message: str = "") -> list[Sent]:
    return [*PAGES, *READS_BEFORE, *ACTIONS, *spread(120, status, "GET", READ, message, since=LATE, until=END)]


BROKEN_NOW = {
    "refused actions": actions(403),
    "actions that write errors": actions(200, "Failed to send reply: TypeError: e.send is not a function"),
    "reads of a route that is gone": reads(404),
    "reads that lead away": reads(307),
    "reads that write errors": reads(200, "Failed to load conversations: TypeError"),
    "sign-ins": [*PAGES, *READS, *ACTIONS, *SIGN_INS],
    "four different errors": [*PAGES, *READS, *spread(5000, 200, "POST", "/", until=END), *(throws(word, END - 300) for word in "ABCD")],
}  # fmt: skip


@pytest.mark.parametrize("sent", BROKEN_NOW.values(), ids=BROKEN_NOW)
def test_what_is_broken_at_the_end_is_not_proven(sent: list[Sent], tmp_path: Path) -> None:
    assert doubts(tmp_path, sent)


@pytest.mark.parametrize("sent", BROKEN_NOW.values(), ids=BROKEN_NOW)
def test_nor_is_it_at_the_end_of_a_watch(sent: list[Sent]) -> None:
    assert of_the_end(watched(sent))


def test_after_a_rollback_what_the_deployment_was_known_for_leaves_no_doubt_at_the_end() -> None:
    """What is new then does."""
    usual = [throws(word, at + 10 * number) for at in range(60, END, 300) for number, word in enumerate("ABCD")]
    sent = [*PAGES, *READS, *spread(5000, 200, "POST", "/", until=END), *usual]
    before = as_baseline(watched(sent))
    assert of_the_end(watched(sent, before, tolerates_known=True)) == []
    others = [throws(word, END - 200) for word in "EFGH"]
    assert of_the_end(watched([*sent, *others], before, tolerates_known=True))


WELL = {
    "all of it": [*PAGES, *READS, *ACTIONS],
    "a night": [*spread(240, 200, path="/", until=LATE), *READS_BEFORE, *ACTIONS_BEFORE, *spread(60, 200, path="/api/health", until=END)],
    "an hour ago": [*PAGES, *READS, *ACTIONS, *spread(60, 403, "POST", "/", since=LATE - HOUR, until=LATE)],
    "few": [*PAGES, *READS, *ACTIONS, *spread(2, 403, "POST", "/", since=END - 300, until=END)],
    "three different errors": [*PAGES, *READS, *spread(5000, 200, "POST", "/", until=END), *(throws(word, END - 300) for word in "ABC")],
}  # fmt: skip


@pytest.mark.parametrize("sent", WELL.values(), ids=WELL)
def test_a_healthy_end_leaves_no_doubt(sent: list[Sent], tmp_path: Path) -> None:
    assert doubts(tmp_path, sent) == []
    assert of_the_end(watched(sent)) == []


def test_a_log_of_less_than_two_windows_has_no_end_of_its_own(tmp_path: Path) -> None:
    sent = [*spread(60, 200, path="/"), *spread(300, 200), *spread(700, 200, "POST", "/", until=600)]
    assert doubts(tmp_path, [*sent, *spread(40, 403, "POST", "/", since=600, until=1190)]) == []
    assert doubts(tmp_path, [*sent, *spread(40, 403, "POST", "/", since=600, until=1300)])


def test_what_goes_on_is_said_once(tmp_path: Path) -> None:
    sent = [*PAGES, *READS, *ACTIONS, *spread(40, 500, "POST", "/", ERROR, since=LATE, until=END)]
    missing = [one for one in judged(tmp_path, sent).proof.missing if "failed from" in one or "by themselves" in one]
    assert len(missing) == 1
