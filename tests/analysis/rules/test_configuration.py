"""A variable that is missing, malformed or refused."""

from __future__ import annotations

import msgspec

from postdeploy.runbook.log_tables import Amount
from tests.analysis.rules.judging import ENVIRONMENT, RUNBOOK, before, failures, findings
from tests.logs.rows import Sent, healthy

SENT = [*healthy(50), Sent(9, message="Error: [prisma] DATABASE_URL is not set")]


def test_one_request_that_misses_a_variable_fails_the_deployment() -> None:
    found = findings([*healthy(50), Sent(9, message="Error: [prisma] DATABASE_URL is not set")])
    assert failures(found) == [ENVIRONMENT]
    assert "an environment variable is missing, malformed or refused: 1 request" in found[0].sentence


def test_what_was_missing_before_too_is_said() -> None:
    first, *_ = findings(SENT, baseline=before(SENT))
    assert first.sentence.endswith("; all of this existed before (dpl_before), a rollback does not remove it")


def test_a_runbook_may_ask_for_a_share_of_all_requests() -> None:
    for share, expected in ((0.01, [ENVIRONMENT]), (0.5, [])):
        amounts = {**RUNBOOK.amounts, "database_misconfigured": Amount(share=share, of=2)}
        assert failures(findings(SENT, msgspec.structs.replace(RUNBOOK, amounts=amounts))) == expected
