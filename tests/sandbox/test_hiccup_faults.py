"""A gateway answers so many times in the app's place."""

from __future__ import annotations

import pytest

from sandbox import Sandbox
from sandbox.hiccup_faults import BRIGHTWATER, LIST
from tests.sandbox.wire import Wire

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]


@pytest.mark.parametrize(
    ("fault", "path", "statuses"),
    [
        ("hiccup-page", "/", [502, 200, 200]),
        ("hiccup-redirect", "/auth/login", [504, 307, 307]),
        ("hiccup-list", LIST, [502, 200, 200]),
        ("hiccup-pages", "/", [502, 502, 200]),
        ("hiccup-lists", LIST, [504, 504, 504, 504, 200]),
    ],
)
def test_the_gateway_answers_first_and_the_app_afterwards(
    sandbox: Sandbox, fault: str, path: str, statuses: list[int]
) -> None:
    wire = Wire(sandbox)
    sandbox.break_(fault)
    wire.goes_to_a_page()
    answers = [wire.get(path, clientId=BRIGHTWATER) for _ in statuses]
    assert [one.status_code for one in answers] == statuses
    assert "nginx" in answers[0].text
    wire.close()


def test_a_server_action_meets_it_once(sandbox: Sandbox) -> None:
    wire = Wire(sandbox)
    sandbox.break_("hiccup-action")
    assert wire.act("getClients").status_code == 200
    answers = [wire.act("getClients", at="/?leadId=x") for _ in range(2)]
    assert [one.status_code for one in answers] == [502, 200]
    wire.close()
