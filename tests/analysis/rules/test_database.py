"""An unreachable database is held; an outage that is proven to be over is a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.protocol import EVERYTHING, Shows
from postdeploy.model import Severity
from tests.analysis.rules.judging import OUTAGE, UNREACHABLE, before, evidence, failures, findings, warnings
from tests.logs.rows import DEPLOYED, Sent, healthy

POOL = (
    "Failed to fetch conversations with cursor: {\n  debugId: 'b3e1c7a0-1111-4222-8333-123456789abc',\n  errorClass: 'db_error'\n} "
    "Error: Timed out fetching a new connection from the connection pool. code: 'P2024'"
)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param([Sent(10 * n, message=UNREACHABLE) for n in range(30)], [OUTAGE, OUTAGE], id="every answer is 200"),
        pytest.param([Sent(5 * n, message=POOL if n % 7 == 0 else "") for n in range(100)], [OUTAGE], id="15 % time-outs"),
        pytest.param([Sent(1, message=UNREACHABLE), Sent(2, message=UNREACHABLE)], [OUTAGE], id="half of little traffic"),
        pytest.param(
            [Sent(1, "GET", "/api/cron/x", 500, UNREACHABLE), Sent(60, "GET", "/api/cron/x", 500, UNREACHABLE)], [], id="two of two crons"
        ),
        pytest.param([Sent(1, "GET", "/api/x", 500, UNREACHABLE), Sent(9, "GET", "/api/y", 500, UNREACHABLE)], [], id="two other routes"),
        pytest.param([*healthy(2), *(Sent(n, "GET", "/api/cron/x", 500, UNREACHABLE) for n in (1, 30))], [], id="two crons, two actions"),
        pytest.param([*healthy(100), *(Sent(1 + n / 10, message=UNREACHABLE) for n in range(8))], [], id="a burst, then clean"),
        pytest.param([Sent(580 + n / 10, message=UNREACHABLE) for n in range(8)], [OUTAGE], id="a burst, and nothing after it"),
        pytest.param([*healthy(100), Sent(1, message=UNREACHABLE), Sent(99, message=UNREACHABLE)], [], id="2 of 102"),
    ],
)  # fmt: skip
def test_an_outage_is_held(sent: list[Sent], expected: list[object]) -> None:
    assert failures(findings(sent)) == expected


READ = "/api/inbox/conversations"


def out(since: int, until: int, step: int = 2, **more: Any) -> list[Sent]:
    """Requests that fail for the database, at these seconds."""
    return [Sent(at, message=UNREACHABLE, **{"status": 500, **more}) for at in range(since, until, step)]


def read(since: int, until: int, step: int = 2, **more: Any) -> list[Sent]:
    """Reads of the inbox that succeed."""
    return [Sent(at, "GET", READ, **more) for at in range(since, until, step)]


LOGIN = [Sent(at, "GET", "/auth/login") for at in range(300, 500, 10)]
PROBES = [Sent(at, "GET", READ, 401) for at in range(300, 500, 10)]
JOBS = [Sent(at, "GET", "/api/health") for at in range(300, 500, 10)]
FIFTH = [Sent(at, message=UNREACHABLE if at % 5 == 0 else "") for at in range(500)]

OVER = {
    "reads of the inbox": out(0, 120) + read(130, 150),
    "the same route": out(0, 120) + [Sent(at) for at in (130, 140, 150)],
    "our own browser alone": out(0, 120) + read(500, 506, own=True),
    "the least proof": out(0, 120) + read(500, 506),
    "a burst of a cold pool": [Sent(1 + n / 10, message=UNREACHABLE) for n in range(8)] + list(healthy(100)),
    "every fifth failed, and 20 in a row succeeded": FIFTH + [Sent(500 + at) for at in range(20)],
    "failing reads": out(0, 120, method="GET", path=READ) + read(130, 150),
}
OUT = {
    "nothing came since": out(0, 120),
    "only login pages since": out(0, 120) + LOGIN,
    "only refused probes since": out(0, 120) + PROBES,
    "only a route without a database since": out(0, 120) + JOBS,
    "all reads fail, and pages without a database are served": out(0, 20, method="GET", path=READ) + LOGIN,
    "it was well only before": read(0, 100) + out(100, 200),
    "every fifth fails": FIFTH,
    "every fifth fails, and 8 in a row succeeded": FIFTH + [Sent(500 + at) for at in range(8)],
    "what succeeds says so in an error line": out(0, 120) + read(130, 150, message="Error: stale"),
}


def bursts(*at: int) -> list[Sent]:
    """Outages of 30 s, while other requests succeed all the time."""
    return [one for begin in at for one in out(begin, begin + 30)] + read(1, 640)


COMES_AGAIN = {
    "five times, and well for 100 s since": bursts(30, 150, 270, 390, 510),
    "every minute": bursts(*range(10, 600, 60)),
    "three times, and well for no longer than before": bursts(60, 240, 420),
}
GONE = {
    "once": bursts(60),
    "twice, and well for more than twice as long since": bursts(60, 150),
    "five times in the first two minutes": bursts(0, 31, 62, 93, 124),
}
UNPROVEN = {"one": read(130, 132), "two": read(130, 134), "two of our own browser": read(130, 134, own=True)}


@pytest.mark.parametrize("sent", OVER.values(), ids=OVER)
def test_an_outage_that_is_proven_to_be_over_is_a_warning_that_names_it(sent: list[Sent]) -> None:
    found = findings(sent)
    assert failures(found) == []
    assert undecidable(evidence(sent), found) == []
    assert [one for one in warnings(found, LogSubject.DATABASE) if "of what uses it succeeded since" in one]


@pytest.mark.parametrize("sent", OUT.values(), ids=OUT)
def test_an_outage_is_over_only_by_requests_that_need_the_database(sent: list[Sent]) -> None:
    assert set(failures(findings(sent))) == {OUTAGE}


@pytest.mark.parametrize("sent", COMES_AGAIN.values(), ids=COMES_AGAIN)
def test_an_outage_that_comes_and_goes_is_not_over(sent: list[Sent]) -> None:
    found = findings(sent)
    assert set(failures(found)) == {OUTAGE}
    assert all("; it came back after " in one.sentence for one in found if one.severity is Severity.FAIL)


@pytest.mark.parametrize("sent", GONE.values(), ids=GONE)
def test_an_outage_that_was_well_for_longer_than_ever_is_over(sent: list[Sent]) -> None:
    assert failures(findings(sent)) == []


@pytest.mark.parametrize("since", UNPROVEN.values(), ids=UNPROVEN)
def test_with_less_than_the_proof_nothing_is_said_of_the_deployment(since: list[Sent]) -> None:
    sent = out(0, 120) + since
    found = findings(sent)
    assert failures(found) == []
    [doubt] = undecidable(evidence(sent), found)
    many = "1 request" if len(since) == 1 else "2 requests"
    assert (
        doubt
        == f"it is not proven that the database is back: only {many} of what uses it succeeded since, of at least 3. Re-run"
    )


def test_the_warning_says_from_when_to_when() -> None:
    [warning] = warnings(findings(out(0, 120) + read(130, 150)), LogSubject.DATABASE)
    assert warning == (
        "the database was unreachable for 60 requests of 70 over 118 s; not compared with the deployment before;"
        " the database was out from 14:13:20 to 14:15:18 UTC (60 requests), 10 requests of what uses it succeeded since"
    )


def without_statuses(sent: list[Sent], *reads: float) -> LogEvidence:
    """A log whose source shows no statuses. `reads`: the seconds at which our own browser read the inbox."""
    moments = np.array([DEPLOYED + round(at * 1000) for at in reads], np.int64)
    return replace(evidence(sent), shows=EVERYTHING & ~Shows.STATUS, browser_reads=moments)


LATER = (3600, 3601, 3602)
"""An hour later, when the run is repeated."""


@pytest.mark.parametrize(
    ("reads", "expected", "doubts"),
    [
        pytest.param((), [OUTAGE], 0, id="no browser"),
        pytest.param((10, 20, 30), [OUTAGE], 0, id="our browser read before it"),
        pytest.param(
            (*range(0, 118, 2), 121, 122), [OUTAGE], 0, id="our browser read every other time during it as well"
        ),
        pytest.param(LATER, [], 0, id="our browser alone, an hour later"),
        pytest.param(LATER[:2], [], 1, id="two reads of our browser prove too little"),
    ],
)
def test_where_the_source_shows_no_statuses_our_own_browser_ends_an_outage(
    reads: tuple[float, ...], expected: list[object], doubts: int
) -> None:
    seen = without_statuses(out(0, 120) + read(130, 150), *reads)
    found = ordered.findings(seen)
    assert failures(found) == expected
    assert len(undecidable(seen, found)) == doubts


@pytest.mark.parametrize(
    ("failed", "reads", "expected", "doubts"),
    [
        pytest.param(
            range(0, 120, 2), (118, *LATER[:2]), [], 1, id="what succeeds with the last failure is not after it"
        ),
        pytest.param(range(100, 170, 2), (*range(90), *LATER), [], 0, id="what succeeded before it counts for nothing"),
        pytest.param((0, 60, 120), (0, 3600), [OUTAGE], 0, id="what succeeds with the first failure is during it"),
        pytest.param((0, 60, 120), (30, 3600), [OUTAGE], 0, id="between the first failures"),
        pytest.param((0, 60, 120), (90, 3600), [OUTAGE], 0, id="between the last failures"),
        pytest.param((0, 60, 120), (120, 3600), [OUTAGE], 0, id="with the last failure"),
        pytest.param((0, 60, 120), (3600,), [], 1, id="none during it"),
        pytest.param(range(0, 76, 4), (30, 3600), [], 1, id="by chance with exactly 5 %"),
    ],
)
def test_what_succeeded_during_an_outage_makes_its_end_less_certain(
    failed: Iterable[int], reads: tuple[float, ...], expected: list[object], doubts: int
) -> None:
    seen = without_statuses([Sent(at, status=500, message=UNREACHABLE) for at in failed], *reads)
    found = ordered.findings(seen)
    assert failures(found) == expected
    assert len(undecidable(seen, found)) == doubts


def test_three_requests_outside_the_inbox_over_a_minute_are_enough() -> None:
    jobs = [Sent(at, "GET", "/api/cron/followups", 500, UNREACHABLE) for at in (500, 540, 580)]
    assert failures(findings([*healthy(100, over=490), *jobs])) == [OUTAGE]


def test_an_outage_that_was_there_before_is_said() -> None:
    first, *_ = findings(out(0, 120), baseline=before(out(0, 120)))
    assert first.sentence.endswith("; all of this existed before (dpl_before), a rollback does not remove it")


def test_an_outage_that_is_over_calls_for_nothing() -> None:
    found = findings(out(0, 120) + read(130, 150))
    assert {one.recommendation for one in found if one.subject is LogSubject.DATABASE} == {None}


def test_a_finding_says_whether_connections_ran_out() -> None:
    spent = (
        "PrismaClientKnownRequestError: Timed out fetching a new connection from the connection pool. { code: 'P2024' }"
    )
    [short, *_] = findings([Sent(at, status=500, message=spent) for at in range(0, 120, 2)])
    [away, *_] = findings(out(0, 120))
    assert (short.saturated, away.saturated) == (True, False)


def test_the_warning_says_that_our_browser_alone_ended_it_and_why() -> None:
    [warning] = warnings(ordered.findings(without_statuses(out(0, 120), *LATER)), LogSubject.DATABASE)
    assert warning.endswith(
        "out from 14:13:20 to 14:15:18 UTC (60 requests), 3 reads of our own browser succeeded since"
        " (the source shows no statuses)"
    )


def test_a_filtered_log_proves_no_end() -> None:
    """What is left of it shows failures alone; a run never reads one, and there is no browser of the same moment."""
    seen = replace(evidence(out(0, 120)), filtered=True)
    assert failures(ordered.findings(seen)) == [OUTAGE]


@pytest.mark.parametrize("many", [1, 3, 30])
def test_a_slow_database_alone_is_a_warning(many: int) -> None:
    slow = "error: canceling statement due to statement timeout"
    found = findings([*healthy(60), *(Sent(15 * n, message=slow) for n in range(many))])
    assert failures(found) == []
    assert any(
        one.startswith(f"the database was slow for {many} request") for one in warnings(found, LogSubject.DATABASE)
    )
