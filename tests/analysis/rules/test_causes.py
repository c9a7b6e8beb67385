"""What explains a broken rule comes before the code."""

from __future__ import annotations

import pytest

from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import CODE, ENVIRONMENT, OUTAGE, UNREACHABLE, failures, findings
from tests.logs.rows import Sent, healthy, throws


@pytest.mark.parametrize(
    ("message", "explained"),
    [
        pytest.param(UNREACHABLE, OUTAGE, id="the database"),
        pytest.param("Error: [prisma] DATABASE_URL is not set", ENVIRONMENT, id="a variable"),
        pytest.param("Error: column `x` does not exist", (Cause.SCHEMA, Recommendation.FIX_FORWARD), id="the schema"),
        pytest.param("AbortError: This operation was aborted", (Cause.AUTH_SERVICE, Recommendation.HOLD), id="auth"),
    ],
)
def test_failing_actions_are_not_the_codes_fault_if_something_else_explains_them(
    message: str, explained: tuple[Cause, Recommendation]
) -> None:
    found = findings([Sent(30 * n, status=500, message=" ⨯ " + message) for n in range(20)])
    assert explained in failures(found)
    assert CODE not in failures(found)


def test_a_mixture_is_the_codes_fault_if_the_code_alone_breaks_the_rule() -> None:
    outage = [Sent(50 + n, status=500, message=" ⨯ " + UNREACHABLE) for n in range(2)]
    assert failures(findings([*healthy(200), *outage, *(throws(w, 60) for w in "ABCD")])) == [CODE]
