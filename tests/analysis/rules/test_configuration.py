"""A variable that is missing, malformed or refused."""

from __future__ import annotations

from tests.analysis.rules.judging import ENVIRONMENT, failures, findings
from tests.logs.rows import Sent, healthy


def test_one_request_that_misses_a_variable_fails_the_deployment() -> None:
    found = findings([*healthy(50), Sent(9, message="Error: [prisma] DATABASE_URL is not set")])
    assert failures(found) == [ENVIRONMENT]
    assert "an environment variable is missing, malformed or refused: 1 request" in found[0].sentence
