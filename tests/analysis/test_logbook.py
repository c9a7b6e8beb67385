"""What was read, in whatever order, and what the report says of it."""

from __future__ import annotations

import random

import msgspec
import pytest

from postdeploy.analysis.log_report import LogReport, as_baseline
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Gap, News, Shows, Span
from postdeploy.logs.sentinel import Sentinel
from postdeploy.model import Stage
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, WINDOW, Sent, healthy, rows, throws

EVERYTHING = Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY | Shows.LIVE
OPENING = Opening(DEPLOYED, "given", "dpl_now")
NOW = DEPLOYED + 640_000
SENT = Sentinel(1, 0, DEPLOYED + 630_000)


def asked(**more: object) -> ReportRequest:
    usual: dict[str, object] = {
        "source": "test",
        "stage": Stage.WINDOW,
        "until": NOW,
        "shows": EVERYTHING,
        "closed": True,
    }
    return ReportRequest(**{**usual, **more})  # type: ignore[arg-type]


def reported(
    entries: list[LogEntry],
    *,
    opening: Opening = OPENING,
    shows: Shows = EVERYTHING,
    suite: tuple[SuiteRequest, ...] = (),
    covered: Span = WINDOW,
    pieces: int = 1,
) -> LogReport:
    """The report on these rows and one sentinel, given in so many pieces."""
    book = Logbook(read_runbook(), TODAY, opening)
    book.sent(SENT)
    path = f"/api/inbox/conversations/{SENT.name}"
    given_rows = [*entries, LogEntry(SENT.sent, path=path, method="GET", status=401, request_id="s-1-1")]
    size = -(-len(given_rows) // pieces)
    for at in range(0, len(given_rows), size):
        book.note(News(tuple(given_rows[at : at + size])), NOW, shows)
    book.note(News(covered=covered), NOW, shows)
    return book.report(asked(shows=shows, whole=True, suite_requests=suite))


def core(report: LogReport) -> object:
    return (
        report.totals.requests,
        report.totals.actions,
        report.totals.inbox,
        report.totals.unique,
        report.findings,
        report.incidents,
        report.proof.proven,
    )


@pytest.mark.parametrize(
    ("received", "shown", "proves"),
    [
        pytest.param(401, 401, True, id="refused"),
        pytest.param(503, 503, True, id="the read API is switched off"),
        pytest.param(500, 500, True, id="whatever its sender received"),
        pytest.param(307, 307, True, id="led away, as its sender was"),
        pytest.param(401, None, True, id="answered, though this view of the log shows no status"),
        pytest.param(None, 401, True, id="the answer was lost"),
        pytest.param(401, 500, False, id="another answer"),
        pytest.param(401, 200, False, id="served to another"),
        pytest.param(500, 401, False, id="refused, to another"),
        pytest.param(401, -1, False, id="died without an answer"),
        pytest.param(None, 500, False, id="no answer, and none that a sentinel gets"),
        pytest.param(None, None, False, id="no answer, and no status"),
    ],
)
@pytest.mark.parametrize("later", [False, True], ids=["answered before its row came", "answered after its row came"])
def test_a_sentinel_proves_only_with_the_answer_that_its_sender_received(
    received: int | None, shown: int | None, proves: bool, later: bool
) -> None:
    book = Logbook(read_runbook(), TODAY, OPENING)
    book.sent(SENT)
    row = LogEntry(SENT.sent, path=f"/api/inbox/conversations/{SENT.name}", method="GET", status=shown, row_id="s")
    traffic = rows(healthy(40))
    if not later:
        book.sentinels.answered(SENT, received)
    book.note(News((*traffic, row), covered=WINDOW), NOW, EVERYTHING)
    book.sentinels.answered(SENT, received)
    report = book.report(asked())
    assert report.proof.proven is proves
    assert report.proof.sentinels_found == proves
    assert report.totals.requests == 40 + (not proves and book.window.since <= SENT.sent < book.window.until)


def test_a_source_that_shows_no_status_proves_a_sentinel_by_its_path() -> None:
    book = Logbook(read_runbook(), TODAY, OPENING)
    book.sent(SENT)
    shows = EVERYTHING & ~Shows.STATUS
    row = LogEntry(SENT.sent, path=f"/api/inbox/conversations/{SENT.name}", method="GET", row_id="s")
    book.note(News((row,), covered=WINDOW), NOW, shows)
    assert book.report(asked(shows=shows)).proof.sentinels_found == 1


TRAFFIC = rows([*healthy(40), throws("A", 60), throws("B", 90), Sent(100, "GET", "/api/inbox/counts", 500)])


def test_a_quiet_window_is_clean() -> None:
    report = reported(rows(healthy(40)))
    assert report.proof.proven
    assert report.says.startswith("window clean: 10 minutes, 0 unique")
    assert report.findings == ()


NOBODY = {
    "only our own browser": [Sent(at, own=True) for at in range(10, 600, 60)],
    "only its reads": [Sent(at, "GET", "/api/inbox/counts", own=True) for at in range(10, 600, 60)],
    "only files": list(healthy(40, method="GET", path="/_next/static/a.js")),
}


@pytest.mark.parametrize("sent", NOBODY.values(), ids=NOBODY)
def test_a_window_in_which_no_user_came_is_not_clean(sent: list[Sent]) -> None:
    report = reported(rows(sent))
    assert report.totals.requests == 0
    assert report.says.startswith("window closed: 10 minutes, 0 unique")
    assert report.says.endswith(", 0 requests: no user traffic, nothing learned about users")


@pytest.mark.parametrize("seed", range(10))
def test_neither_order_nor_repetition_nor_pieces_matter(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    shuffled = TRAFFIC + dice.sample(TRAFFIC, 30)
    dice.shuffle(shuffled)
    assert core(reported(shuffled, pieces=dice.randint(1, 50))) == core(reported(TRAFFIC))


def test_requests_of_the_suite_are_counted_apart() -> None:
    mine = rows([throws(word, 30) for word in "ABCDE"])
    suite = tuple(SuiteRequest(f"syd1::iad1::{row.request_id}", "POST", "/", 500, row.at) for row in mine)
    report = reported([*rows(healthy(40)), *mine], suite=suite)
    assert (report.totals.unique, report.totals.own, report.fails) == (0, 5, False)
    assert reported([*rows(healthy(40)), *mine]).fails


def test_without_request_ids_our_browser_is_known_by_path_status_and_time() -> None:
    mine = [
        msgspec.structs.replace(row, request_id=None, row_id=f"row-{number}")
        for number, row in enumerate(rows([throws(word, 30 + 9 * at) for at, word in enumerate("ABCDE")]))
    ]
    suite = tuple(SuiteRequest(None, "POST", "/?x=1", 500, DEPLOYED + (30 + 9 * at) * 1000 + 300) for at in range(5))
    assert reported(mine, suite=suite, shows=EVERYTHING & ~Shows.REQUEST_ID).totals.own == 5
    assert reported(mine, shows=EVERYTHING & ~Shows.REQUEST_ID).totals.unique == 5


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        pytest.param([], "the inbox was not used", id="no use of the inbox"),
        pytest.param(
            rows([Sent(at, "GET", "/auth/login") for at in range(9)]), "the inbox was not used", id="strangers alone"
        ),
        pytest.param(rows([Sent(3, "GET", "/api/inbox/counts")]), "", id="one read of the inbox"),
        pytest.param(rows([Sent(3)]), "", id="one Server Action"),
        pytest.param(rows([Sent(3, "GET", "/")]), "", id="one page of the inbox"),
        pytest.param(rows([Sent(3, "GET", "/api/inbox/counts", own=True)]), "", id="a read of our own"),
        pytest.param(rows([Sent(3, deployment="dpl_other")]), "it is of dpl_other", id="another deployment"),
        pytest.param(
            [msgspec.structs.replace(row, environment="preview") for row in rows(healthy(3))],
            "not of production",
            id="a preview",
        ),
    ],
)
def test_a_log_of_something_else_proves_nothing(entries: list[LogEntry], says: str) -> None:
    report = reported(entries)
    assert report.proof.proven == (says == "")
    assert says in " ".join(report.proof.missing)


def test_a_window_that_was_seen_in_part_is_not_clean() -> None:
    report = reported(rows(healthy(40)), covered=Span(DEPLOYED, DEPLOYED + 300_000))
    assert not report.proof.proven
    assert "300 s of the log are missing" in " ".join(report.proof.missing)


def test_a_row_of_a_file_that_can_not_be_read_may_have_been_the_deciding_one() -> None:
    shows = EVERYTHING & ~Shows.LIVE
    book = Logbook(read_runbook(), TODAY, OPENING)
    book.sent(SENT)
    book.note(News((*rows(healthy(40)),), malformed=1, malformed_example="{"), NOW, shows)
    report = book.report(asked(stage=Stage.SMOKE, shows=shows))
    assert "1 row could not be read" in report.proof.missing


def test_personal_data_is_not_shown() -> None:
    report = reported(rows([*healthy(9), Sent(5, message="Error: can't mail ada@example.com")]))
    assert "ada@" not in "\n".join(report.table())
    assert all("ada@" not in one.example for one in report.incidents)


def test_a_report_is_a_later_runs_baseline() -> None:
    baseline = as_baseline(reported(TRAFFIC))
    assert baseline.counts["server_action_error"] == 2
    assert baseline.requests == 43


@pytest.mark.parametrize(
    ("covered", "gaps", "shows", "until"),
    [
        pytest.param([(0, 100)], [], EVERYTHING, True, id="all of it"),
        pytest.param([(0, 50), (50, 100)], [], EVERYTHING, True, id="by the history, and then live"),
        pytest.param([(0, 40), (50, 100)], [], EVERYTHING, False, id="between them the history is still to come"),
        pytest.param([(30, 100)], [], EVERYTHING, False, id="before it the history is still to come"),
        pytest.param([(30, 100)], [], EVERYTHING & ~Shows.HISTORY, True, id="there is no history that could come"),
        pytest.param([(0, 40), (50, 100)], [(40, 50)], EVERYTHING, True, id="what is known to be a gap stays one"),
        pytest.param([(0, 90)], [], EVERYTHING, False, id="not yet"),
        pytest.param([], [], EVERYTHING, False, id="nothing"),
    ],
)
def test_a_gap_that_may_still_close_is_waited_for(
    covered: list[tuple[int, int]], gaps: list[tuple[int, int]], shows: Shows, until: bool
) -> None:
    book = Logbook(read_runbook(), TODAY, OPENING)
    for since, end in covered:
        book.note(News(covered=Span(DEPLOYED + since * 1000, DEPLOYED + end * 1000)), NOW, shows)
    for since, end in gaps:
        book.note(News(gap=Gap(Span(DEPLOYED + since * 1000, DEPLOYED + end * 1000), "it broke off")), NOW, shows)
    assert book.covered_until(DEPLOYED + 100_000, shows) is until


def test_after_a_rollback_what_the_deployment_was_known_for_fails_nothing() -> None:
    """Four unique errors are over the threshold; known ones are tolerated, and a fifth is reported."""
    known_errors = [throws(name, 60 + at) for at, name in enumerate(("A", "B", "C", "D"))]
    before = as_baseline(reported(rows([*healthy(40), *known_errors])))
    assert reported(rows([*healthy(40), *known_errors])).fails

    def after(*more: Sent, tolerates: bool) -> LogReport:
        book = Logbook(read_runbook(), TODAY, OPENING, BookSettings(tolerates_known=tolerates))
        book.note(News(tuple(rows([*healthy(40), *known_errors, *more])), covered=WINDOW), NOW, EVERYTHING)
        return book.report(asked(stage=Stage.RECOVERY, baseline=before))

    assert after(tolerates=False).fails
    tolerated = after(tolerates=True)
    assert not tolerated.fails
    assert (len(tolerated.recovery.known), tolerated.recovery.new) == (4, ())
    fifth = after(throws("E", 90), tolerates=True)
    assert not fifth.fails
    assert len(fifth.recovery.new) == 1
    assert after(*(throws(name, 100) for name in ("E", "F", "G", "H")), tolerates=True).fails
