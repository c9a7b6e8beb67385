"""The sequences that a gate's memory is about, played on the real sandbox: deploys, an outage, re-runs, a crash, a staged build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.recovery_stories import Person

if TYPE_CHECKING:
    from sandbox import Sandbox
    from tests.faults.measure import Measured

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(900)]


def said(run: Measured) -> tuple[str, str]:
    return run.verdict["decision"], run.verdict["recommendation"]


def push(sandbox: Sandbox, *faults: str, staged: bool = False) -> str:
    """The next deployment, a minute later."""
    sandbox.clock.advance(60)
    return sandbox.deploy("good", *faults, staged=staged)


def target_of(run: Measured) -> str:
    """Where a rollback would go: of the recommendation, or with a PASS of the prerequisites."""
    verdict: dict[str, Any] = run.verdict
    found = verdict["target"] or (verdict["prerequisites"] or {}).get("target") or {}
    return str(found.get("id", ""))


def test_an_outage_makes_no_deployment_bad_and_its_end_is_seen(sandbox: Sandbox, tmp_path: Path) -> None:
    """A chain of good deploys, an outage, the re-run after it, an old one verified again, and a crash: back to the newest good one."""
    person = Person(sandbox, tmp_path / "one", tmp_path / "record.jsonl")
    first = push(sandbox)
    assert said(person.verify()) == ("PASS", "keep")
    second = push(sandbox)
    healthy = person.verify()
    assert (said(healthy), target_of(healthy)) == (("PASS", "keep"), first), healthy.output

    sandbox.break_("database-down-before-load")
    sandbox.traffic().act(8, "getClients")
    out = person.verify("--logs=vercel")
    assert said(out) == ("FAIL", "hold"), out.output
    sandbox.traffic().unsigned(20, "/auth/login")
    still = person.verify("--logs=vercel")
    assert said(still) == ("FAIL", "hold"), "a login page needs no database: it is no sign that the outage is over"

    sandbox.restore_database()
    over = person.verify("--logs=vercel")
    assert over.verdict["decision"] == "PASS", over.output
    assert [each for each in over.warnings if "the database was out from" in each], over.output

    old = person.verify_at(sandbox.url_of(first))
    assert old.verdict["decision"] == "PASS", old.output
    push(sandbox, "client-crash")
    crashed = person.verify()
    assert (said(crashed), target_of(crashed)) == (("FAIL", "roll-back"), second), crashed.output
    assert crashed.verdict["target"]["known_by"] == "record"


def test_what_failed_at_its_own_address_is_not_to_be_promoted(sandbox: Sandbox, tmp_path: Path) -> None:
    person = Person(sandbox, tmp_path / "one", tmp_path / "record.jsonl")
    staged = push(sandbox, "client-crash", staged=True)
    failed = person.verify_at(sandbox.url_of(staged))
    assert said(failed) == ("FAIL", "do-not-promote"), failed.output
    live = person.verify()
    assert live.verdict["decision"] == "PASS", live.output
    assert [each for each in live.warnings if staged in each and "do not promote it" in each], live.output
