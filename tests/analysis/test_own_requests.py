"""The suite does not judge itself: requests of any run, earlier or at the same time, are known as its own in every source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs import announcement
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.own_marks import UNKNOWN_ACTION
from postdeploy.logs.protocol import EVERYTHING, News
from postdeploy.model import Severity, Stage
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import (
    DEPLOYED,
    TODAY,
    Sent,
    command_line_64,
    drain_lines,
    export_csv,
    export_json,
    export_lines,
    healthy,
    rows,
    stream,
    throws,
)

RUNBOOK = read_runbook()
FOREIGN = (
    "`x-forwarded-host` header with value `app.example.com` does not match `origin` header with value"
    f" `{RUNBOOK.environment.foreign_origin.removeprefix('https://')}` from a forwarded Server Actions request."
)
UNKNOWN = f'Error: Failed to find Server Action "{UNKNOWN_ACTION}". This request might be from another deployment.'
SHOW_AGENTS = [export_json, export_lines, export_csv, drain_lines]
ALL = [*SHOW_AGENTS, stream, command_line_64]
Writer = Callable[[Sequence[LogEntry]], bytes]


def one_run(at: float) -> list[Sent]:
    """The probes of a run that leave traces: a foreign origin, an unknown action, doors that stay shut."""
    return [
        Sent(at, "POST", "/auth/login", 500, FOREIGN, own=True),
        Sent(at + 1, "POST", "/auth/login", 404, UNKNOWN, own=True),
        *(Sent(at + 2 + n, "GET", f"/api/inbox/{n}", 401, own=True) for n in range(4)),
        *(Sent(at + 9 + n / 9, "POST", "/api/webhooks/clay", 401, own=True) for n in range(8)),
    ]


def judged(folder: Path, write: Writer, sent: Iterable[Sent]) -> LogReport:
    log = folder / "log"
    log.write_bytes(write(sorted(rows(sent), key=lambda row: row.at)))
    return saved_logs.examine([str(log)], LogQuery(), RUNBOOK, TODAY)


def told(report: LogReport) -> set[str]:
    """What it says against the deployment, or warns of."""
    return {one.sentence for one in report.findings if one.severity is not Severity.NOTE}


@pytest.mark.parametrize(
    "starts", [[5], range(5, 560, 60), [100, 101, 102]], ids=["one", "ten in a row", "three at once"]
)
@pytest.mark.parametrize("write", ALL)
def test_runs_leave_a_healthy_deployment_healthy(tmp_path: Path, write: Writer, starts: Iterable[float]) -> None:
    runs = [each for at in starts for each in one_run(at)]
    report = judged(tmp_path, write, [*healthy(60), *runs])
    assert told(report) == set()
    assert report.totals.unique == 0


@pytest.mark.parametrize(
    "starts", [[5], range(5, 560, 60), [100, 101, 102]], ids=["one", "ten in a row", "three at once"]
)
@pytest.mark.parametrize("write", SHOW_AGENTS)
def test_the_requests_of_people_are_counted_right(tmp_path: Path, write: Writer, starts: Sequence[float]) -> None:
    runs = [each for at in starts for each in one_run(at)]
    report = judged(tmp_path, write, [*healthy(60), *runs])
    assert (report.totals.requests, report.totals.actions, report.totals.own) == (60, 60, len(runs))


@pytest.mark.parametrize("write", SHOW_AGENTS)
def test_three_real_errors_and_runs_stay_three(tmp_path: Path, write: Writer) -> None:
    runs = [each for at in range(5, 560, 60) for each in one_run(at)]
    report = judged(tmp_path, write, [*healthy(60), *runs, *(throws(word, 60) for word in "ABC")])
    assert not report.fails
    assert report.totals.unique == 3


@pytest.mark.parametrize("write", ALL)
def test_what_is_refused_to_others_still_counts(tmp_path: Path, write: Writer) -> None:
    real = FOREIGN.replace(RUNBOOK.environment.foreign_origin.removeprefix("https://"), "www.example.com")
    runs = [each for at in range(5, 560, 60) for each in one_run(at)]
    refused = [Sent(40 * n, "POST", "/", 500, real) for n in range(5)]
    report = judged(tmp_path, write, [*healthy(60), *runs, *refused])
    assert any("SERVER_ACTIONS_ALLOWED_ORIGINS" in one for one in told(report))
    assert report.fails


TRAFFIC = rows([*healthy(20), *(throws(word, 60) for word in "ABCD")])
FAILING = list({row.request_id: row for row in TRAFFIC if row.status == 500}.values())


def seen_in_a_run(
    traffic: Sequence[LogEntry], suite: Sequence[SuiteRequest] = (), earlier: Sequence[str] = ()
) -> LogReport:
    book = Logbook(RUNBOOK, TODAY, Opening(DEPLOYED, "given"))
    book.note(News(tuple(traffic)), DEPLOYED, EVERYTHING)
    asked = ReportRequest(
        source="log",
        stage=Stage.SMOKE,
        until=DEPLOYED + 600_000,
        shows=EVERYTHING,
        closed=True,
        suite_requests=suite,
        earlier_requests=earlier,
    )
    return book.report(asked)


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        pytest.param(None, 1, id="never answered"),
        pytest.param(499, 1, id="the visitor left"),
        pytest.param(200, 1, id="answered all the same"),
        pytest.param(500, 0, id="it failed, and counts"),
    ],
)
def test_what_our_browser_gave_up_is_found_by_its_time(status: int | None, ours: int) -> None:
    [*_, row] = given_up = rows([Sent(17, "POST", "/", status)])
    abandoned = SuiteRequest(None, "POST", "/", None, row.at - 40)
    report = seen_in_a_run([*rows(healthy(20)), *given_up], [abandoned])
    assert report.totals.own == ours
    assert report.own_requests == (row.request_id,) * ours


def test_what_was_answered_after_its_check_takes_nobody_elses_row() -> None:
    mine, theirs = rows([Sent(30, "POST", "/")]), rows([Sent(30.5, "POST", "/")])
    abandoned = SuiteRequest(None, "POST", "/", None, mine[0].at)
    answered = SuiteRequest(mine[0].request_id, "POST", "/", 200, mine[0].at)
    assert seen_in_a_run([*mine, *theirs], [abandoned, answered]).totals.own == 1


def test_requests_of_an_earlier_run_are_known_by_the_ids_that_it_recorded() -> None:
    failing = [SuiteRequest(row.request_id, row.method, row.path, 500, row.at) for row in FAILING]
    first = seen_in_a_run(TRAFFIC, failing)
    assert not first.fails
    assert len(first.own_requests) == 4
    assert seen_in_a_run(TRAFFIC).fails
    second = seen_in_a_run(TRAFFIC, (), first.own_requests)
    assert not second.fails
    assert (second.totals.requests, second.totals.own) == (20, 4)


def announcing(status: int, *, count: int = 4) -> LogEntry:
    """The row of a request that names failing requests as a run's own."""
    name = next(announcement.names(str(row.request_id) for row in FAILING[:count]))
    path = f"{RUNBOOK.app.list_path}/{name}"
    return LogEntry(DEPLOYED + 500_000, method="GET", path=path, status=status, request_id="a-1-00000000000f")


def test_requests_of_a_run_without_a_record_are_known_by_the_ids_that_the_log_names() -> None:
    report = seen_in_a_run([*TRAFFIC, announcing(401)])
    assert not report.fails
    assert (report.totals.requests, report.totals.own) == (20, 5)


def test_only_what_is_named_is_the_suites() -> None:
    report = seen_in_a_run([*TRAFFIC, announcing(401, count=1)])
    assert (report.totals.requests, report.totals.unique, report.totals.own) == (23, 3, 2)


@pytest.mark.parametrize("status", [200, 404, 500])
def test_what_the_app_did_not_refuse_names_nothing(status: int) -> None:
    report = seen_in_a_run([*TRAFFIC, announcing(status)])
    assert report.fails
    assert (report.totals.requests, report.totals.own) == (25, 0)


@pytest.mark.parametrize("write", ALL)
def test_what_names_them_is_the_suites_in_a_file(tmp_path: Path, write: Writer) -> None:
    name = next(announcement.names(["abcde-1-0123456789ab"]))
    asked = Sent(30, "GET", f"{RUNBOOK.app.list_path}/{name}", 401)
    report = judged(tmp_path, write, [*healthy(60), asked])
    assert told(report) == set()
    assert report.totals.requests == judged(tmp_path, write, healthy(60)).totals.requests
