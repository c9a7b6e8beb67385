"""The sequences that a gate's memory is about, played on the real sandbox: deploys, an outage, re-runs, a crash, a staged build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.recovery_stories import Person

if TYPE_CHECKING:
    from sandbox import Sandbox
    from tests.faults.measure import Measured

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(2400)]


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


def test_what_failed_at_its_own_address_is_not_to_be_promoted(sandbox: Sandbox, tmp_path: Path) -> None:
    person = Person(sandbox, tmp_path / "one", tmp_path / "record.jsonl")
    staged = push(sandbox, "client-crash", staged=True)
    failed = person.verify_at(sandbox.url_of(staged))
    assert said(failed) == ("FAIL", "do-not-promote"), failed.output
    live = person.verify()
    assert live.verdict["decision"] == "PASS", live.output
    assert [each for each in live.warnings if staged in each and "do not promote it" in each], live.output


@pytest.mark.faults
def test_a_chain_of_good_deploys_and_the_end_of_an_outage(sandbox: Sandbox, tmp_path: Path) -> None:
    """While the database is out, and after pages without it were served, the run says hold; once it is back, PASS and what happened."""
    person = Person(sandbox, tmp_path / "one", tmp_path / "record.jsonl")
    first = push(sandbox)
    assert said(person.verify()) == ("PASS", "keep")
    push(sandbox)
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


@pytest.mark.faults
def test_neither_an_outage_nor_a_later_look_at_an_old_one_moves_the_target(sandbox: Sandbox, tmp_path: Path) -> None:
    """The newest good deployment failed in an outage, an older one was verified since, and the next deploy crashes."""
    person = Person(sandbox, tmp_path / "one", tmp_path / "record.jsonl")
    first = push(sandbox)
    assert said(person.verify()) == ("PASS", "keep")
    second = push(sandbox)
    assert said(person.verify()) == ("PASS", "keep")
    sandbox.break_("database-down-before-load")
    assert said(person.verify()) == ("FAIL", "hold")
    sandbox.restore_database()
    old = person.verify_at(sandbox.url_of(first))
    assert old.verdict["decision"] == "PASS", old.output
    push(sandbox, "client-crash")
    crashed = person.verify()
    assert (said(crashed), target_of(crashed)) == (("FAIL", "roll-back"), second), crashed.output
    assert crashed.verdict["target"]["known_by"] == "record"
