"""A gateway answers so many times in the app's place."""

from __future__ import annotations

import httpx
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


@pytest.mark.parametrize(("fault", "statuses"), [("hiccup-probe", [502, 401, 401]), ("hiccup-probes", [502] * 3)])
def test_a_read_without_a_session_meets_it(sandbox: Sandbox, fault: str, statuses: list[int]) -> None:
    sandbox.break_(fault)
    path = f"{sandbox.url}/api/analytics/overview"
    assert [httpx.get(path).status_code for _ in statuses] == statuses


def test_a_script_of_the_dashboard_meets_it_once(sandbox: Sandbox) -> None:
    sandbox.break_("hiccup-script")
    first = sandbox.visitor.dashboard_chunks()[0]
    assert [sandbox.visitor.get(first).status_code for _ in range(2)] == [503, 200]
