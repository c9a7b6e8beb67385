"""What a source does not show can't be decided, and what would show it is said; counts that fail a deployment still do."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from postdeploy.analysis.log_summary import shortcomings
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable, unused
from postdeploy.logs.protocol import EVERYTHING, Shows
from tests.analysis.diluted_logs import spread
from tests.analysis.rules.judging import CODE, RUNBOOK, evidence, failures
from tests.logs.rows import DEPLOYED, WINDOW, Sent, healthy, rows, tallied, throws


def without_statuses(*sent: Sent) -> LogEvidence:
    """Only the rows that hold a message, none with a status."""
    lines = [msgspec.structs.replace(row, status=None) for row in rows(sent) if row.message]
    tally = tallied(lines)
    return LogEvidence(tally=tally, first=tally, runbook=RUNBOOK, shows=EVERYTHING & ~Shows.STATUS)


def test_without_statuses_a_share_is_not_decided() -> None:
    """Such a source shows only requests that logged something: all of them failed, of how many is not known."""
    log = without_statuses(*(throws("A", 20 * at) for at in range(18)))
    found = findings(log)
    assert failures(found) == []
    [doubt] = undecidable(log, found)
    assert doubt.startswith(
        "one error failed 18 Server Action requests, and the source does not show how many there were"
    )
    assert any("does not show statuses" in note for note in shortcomings(log.shows))


@pytest.mark.parametrize(
    ("failed", "doubted"), [(0, False), (4, False), (5, True)], ids=["none", "one fewer", "as many as are widespread"]
)
def test_without_statuses_few_errors_raise_no_doubt(failed: int, *, doubted: bool) -> None:
    assert RUNBOOK.threshold.widespread_requests == 5
    log = without_statuses(*(throws("A", 20 * at) for at in range(failed)))
    assert bool(undecidable(log, findings(log))) is doubted


def test_without_statuses_four_unique_errors_still_fail() -> None:
    log = without_statuses(*(throws(word, 60) for word in "ABCD"))
    assert failures(findings(log)) == [CODE]
    assert undecidable(log, findings(log)) == []


def test_without_messages_unique_errors_are_not_decided() -> None:
    log = replace(
        evidence([*healthy(96), *(Sent(60 + at, status=500) for at in range(4))]), shows=EVERYTHING & ~Shows.MESSAGES
    )
    found = findings(log)
    assert failures(found) == []
    [doubt] = undecidable(log, found)
    assert "4 Server Action requests failed" in doubt
    assert "no messages to distinguish their errors" in doubt


def test_without_messages_as_many_errors_as_are_allowed_raise_no_doubt() -> None:
    allowed = RUNBOOK.threshold.unique
    sent = [*healthy(96), *(Sent(60 + at, status=500) for at in range(allowed))]
    log = replace(evidence(sent), shows=EVERYTHING & ~Shows.MESSAGES)
    assert undecidable(log, findings(log)) == []


def unfinished(count: int, shows: Shows) -> LogEvidence:
    """So many Server Action requests without a status, among others with theirs."""
    open_ones = [msgspec.structs.replace(row, status=None) for row in rows(Sent(9 * at) for at in range(count))]
    tally = tallied([*rows(healthy(20)), *open_ones])
    return LogEvidence(tally=tally, first=tally, runbook=RUNBOOK, shows=shows)


@pytest.mark.parametrize(
    ("count", "shows", "doubted"),
    [
        pytest.param(4, EVERYTHING & ~Shows.LIVE, True, id="more than may fail"),
        pytest.param(3, EVERYTHING & ~Shows.LIVE, False, id="as many as may fail"),
        pytest.param(4, EVERYTHING, False, id="it is read live: the status will come"),
        pytest.param(4, EVERYTHING & ~Shows.LIVE & ~Shows.STATUS, False, id="no request has one"),
    ],
)
def test_requests_without_a_status_may_have_failed(count: int, shows: Shows, *, doubted: bool) -> None:
    log = unfinished(count, shows)
    said = f"{count} Server Action requests have no status: whether they failed is not known"
    assert undecidable(log, findings(log)) == ([said] if doubted else [])


def test_a_filtered_log_is_said_to_be_one() -> None:
    log = replace(evidence(healthy(9)), filtered=True)
    [doubt] = undecidable(log, findings(log))
    assert doubt.startswith(
        "the log holds no request that succeeded: it was filtered or sampled, and shares are not judged"
    )


def test_where_no_error_was_seen_none_is_doubted_however_few_are_many() -> None:
    strict = msgspec.structs.replace(RUNBOOK.threshold, widespread_requests=1)
    log = replace(without_statuses(), runbook=msgspec.structs.replace(RUNBOOK, threshold=strict))
    assert undecidable(log, findings(log)) == []


def writes(at: float, method: str, path: str, *, own: bool = False) -> Sent:
    return Sent(at, method, path, message="done", level="info", own=own)


@pytest.mark.parametrize("elsewhere", [[], [writes(3, "GET", "/pricing")], [writes(3, "POST", "/api/webhooks/x")]])
def test_a_source_without_statuses_proves_nothing_without_a_row_of_the_inbox(elsewhere: list[Sent]) -> None:
    assert list(unused(without_statuses(*elsewhere))) == [
        "no row is of the inbox, but for errors: the source shows only requests that wrote something"
    ]


@pytest.mark.parametrize("used", [("POST", "/"), ("GET", "/api/inbox/counts"), ("GET", "/")])
@pytest.mark.parametrize("message", ["TypeError: x.map is not a function", "Error: Not authenticated"])
def test_a_row_that_is_an_error_shows_no_use_of_it(used: tuple[str, str], message: str) -> None:
    errors = [Sent(at, *used, message=message) for at in range(40)]
    assert any("no row is of the inbox" in one for one in unused(without_statuses(*errors)))
    assert list(unused(without_statuses(*errors, writes(50, *used)))) == []


@pytest.mark.parametrize("used", [("POST", "/"), ("GET", "/api/inbox/counts"), ("GET", "/")])
def test_one_row_of_the_inbox_is_enough_for_it(used: tuple[str, str]) -> None:
    assert list(unused(without_statuses(writes(3, "GET", "/pricing"), writes(4, *used)))) == []


def test_reads_of_our_own_browser_are_a_use_of_the_inbox() -> None:
    assert list(unused(replace(without_statuses(), browser_reads=np.array([DEPLOYED])))) == []


@pytest.mark.parametrize(("of", "doubted"), [(1000, True), (5000, False)], ids=["more than 1 %", "fewer"])
def test_later_actions_without_a_status_are_no_silence_either(of: int, *, doubted: bool) -> None:
    sent = [*spread(of, 200, "POST", "/", until=7200), *(Sent(700 + at, "POST", "/", None) for at in range(40))]
    tally, first = (tallied(rows(sent), RUNBOOK, span) for span in (None, WINDOW))
    log = LogEvidence(tally=tally, first=first, runbook=RUNBOOK, shows=EVERYTHING & ~Shows.LIVE)
    assert any("40 Server Action requests have no status" in one for one in undecidable(log, findings(log))) is doubted
