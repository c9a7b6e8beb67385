"""A table or column that is missing."""

from __future__ import annotations

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Cause, Recommendation
from tests.analysis.rules.judging import failures, findings, warnings
from tests.logs.rows import Sent, healthy

MISSING = "PrismaClientKnownRequestError P2022 column `x`"


def test_in_the_inbox_it_fails_the_deployment() -> None:
    found = findings([*healthy(50), Sent(9, "GET", "/api/inbox/conversations", 500, MISSING)])
    assert failures(found) == [(Cause.SCHEMA, Recommendation.FIX_FORWARD)]


def test_outside_the_inbox_it_is_a_warning() -> None:
    found = findings([*healthy(50), Sent(9, "GET", "/api/cron/x", 500, MISSING)])
    assert failures(found) == []
    assert warnings(found, LogSubject.SCHEMA) == ["the database lacks a table or column, outside the inbox: 1 request"]
