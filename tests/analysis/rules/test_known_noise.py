"""Known noise counts nowhere within its limit, and altogether above it."""

from __future__ import annotations

import datetime as dt

import msgspec

from postdeploy.analysis.findings import LogSubject
from postdeploy.model import Severity
from postdeploy.runbook.log_tables import KnownNoise
from postdeploy.runbook.tables import Runbook
from tests.analysis.rules.judging import CODE, RUNBOOK, failures, findings, warnings
from tests.logs.rows import healthy, throws

KNOWN = KnownNoise("Gamma", "a plug-in", "web", dt.date(2027, 1, 1), 10)
MANY = [throws("Gamma", 20 * n) for n in range(18)]


def knowing(**changes: object) -> Runbook:
    return msgspec.structs.replace(RUNBOOK, known=(msgspec.structs.replace(KNOWN, **changes),))


def test_two_of_four_errors_that_are_known_noise_do_not_count() -> None:
    runbook = msgspec.structs.replace(RUNBOOK, known=(KNOWN, msgspec.structs.replace(KNOWN, pattern="Delta")))
    found = findings([*healthy(100), *(throws(w, 60) for w in ("Alpha", "Beta", "Gamma", "Delta"))], runbook)
    assert failures(found) == []
    notes = [one.sentence for one in found if one.severity is Severity.NOTE]
    assert notes[0] == "known noise, 1 request: Gamma (a plug-in; web, until 2027-01-01)"


def test_above_its_limit_all_of_it_counts() -> None:
    found = findings(MANY, knowing(at_most=2))
    assert failures(found) == [CODE]
    assert any("more than the 2 that are known" in one for one in warnings(found, LogSubject.PATTERNS))


def test_noise_that_has_expired_hides_nothing() -> None:
    assert failures(findings(MANY, knowing(at_most=99, until=dt.date(2026, 11, 24)))) == [CODE]
    assert failures(findings(MANY, knowing(at_most=99))) == []


def test_an_entry_that_matches_nothing_hides_none_behind_it() -> None:
    runbook = msgspec.structs.replace(RUNBOOK, known=(msgspec.structs.replace(KNOWN, pattern="Delta"), KNOWN))
    found = findings([*healthy(100), throws("Gamma", 60)], runbook)
    assert [one.sentence for one in found if one.sentence.startswith("known noise")] == [
        "known noise, 1 request: Gamma (a plug-in; web, until 2027-01-01)"
    ]
