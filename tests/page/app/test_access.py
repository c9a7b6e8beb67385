"""What the app answers about the smoke user's role."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from postdeploy.page.app.access import access_facts
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Workspace

RUNBOOK = msgspec.structs.replace(read_runbook(), workspace=(Workspace("Acme"), Workspace("Globex")))
MEMBER: dict[str, Any] = {"id": "u1", "email": "smoke@example.test", "role": "member"}


def facts(*objects: dict[str, Any]) -> frozenset[str]:
    return access_facts(objects, RUNBOOK)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(MEMBER, MEMBER | {"role": "guest"}, False, id="the role"),
        pytest.param(MEMBER, MEMBER | {"email": "x@example.test", "id": "u2"}, True, id="the person"),
        pytest.param({"isAdmin": True}, {"isAdmin": False}, False, id="a flag"),
        pytest.param({"roles": ["a", "b"]}, {"roles": ["b", "a"]}, True, id="roles in another order"),
        pytest.param({"name": "Acme"}, {"name": "Globex"}, False, id="a workspace"),
        pytest.param({"name": "Ada"}, {"name": "Bob"}, True, id="another name"),
    ],
)
def test_only_role_and_memberships_count(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert (facts(one) == facts(other)) is same


@pytest.mark.parametrize("about", ["conversations", "messages", "lead"])
def test_the_role_of_a_lead_is_a_job(about: str) -> None:
    assert facts({about: []}, {"name": "Acme", "role": "CEO"}) == frozenset()


def test_a_fingerprint_shows_nothing() -> None:
    assert not any("member" in fact or "Acme" in fact for fact in facts(MEMBER, {"name": "Acme"}))
