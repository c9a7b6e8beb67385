"""A table or column that is missing."""

from __future__ import annotations

import msgspec

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation
from postdeploy.runbook.log_tables import Amount
from tests.analysis.rules.judging import RUNBOOK, before, failures, findings, warnings
from tests.logs.rows import Sent, healthy

MISSING = "PrismaClientKnownRequestError P2022 column `x`"


def test_in_the_inbox_it_fails_the_deployment() -> None:
    found = findings([*healthy(50), Sent(9, "GET", "/api/inbox/conversations", 500, MISSING)])
    assert failures(found) == [(Cause.SCHEMA, Recommendation.FIX_FORWARD)]


def test_outside_the_inbox_it_is_a_warning() -> None:
    found = findings([*healthy(50), Sent(9, "GET", "/api/cron/x", 500, MISSING)])
    assert failures(found) == []
    assert warnings(found, LogSubject.SCHEMA) == ["the database lacks a table or column, outside the inbox: 1 request"]


def test_below_the_amount_that_a_runbook_asks_for_it_is_a_warning() -> None:
    patient = msgspec.structs.replace(RUNBOOK, amounts={**RUNBOOK.amounts, "schema_drift": Amount(requests=2)})
    sent = [*healthy(50), Sent(9, "GET", "/api/inbox/conversations", 500, MISSING)]
    assert failures(findings(sent, patient)) == []
    [found] = [one for one in findings(sent, patient) if one.subject is LogSubject.SCHEMA]
    assert [one.requests for one in found.incidents] == [1]
    assert found.sentence == "the database lacks a table or column that the inbox asks for: 1 request"


def test_a_runbook_may_ask_for_a_share_of_the_inboxs_requests() -> None:
    sent = [*healthy(50), Sent(9, "GET", "/api/inbox/conversations", 500, MISSING)]
    for share, count in ((0.01, 1), (0.5, 0)):
        amounts = {**RUNBOOK.amounts, "schema_drift": Amount(share=share, of=2)}
        assert len(failures(findings(sent, msgspec.structs.replace(RUNBOOK, amounts=amounts)))) == count


def test_what_was_missing_before_too_is_said() -> None:
    sent = [*healthy(50), Sent(9, "GET", "/api/inbox/conversations", 500, MISSING)]
    first, *_ = findings(sent, baseline=before(sent))
    assert first.sentence.endswith("; all of this existed before (dpl_before), a rollback does not remove it")
