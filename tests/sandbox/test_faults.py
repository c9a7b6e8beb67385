"""Each fault does on the wire what was observed of the real app in that state, and nothing of it is left afterwards."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox import FAULTS, Sandbox
from sandbox.address_faults import ADDRESS_FAULTS
from sandbox.builds import STATE
from sandbox.database import FOREIGN_WORKSPACE, WORKSPACES
from sandbox.edge import tags
from sandbox.hiccup_faults import HICCUP_FAULTS
from sandbox.moment_faults import MOMENT_FAULTS
from sandbox.opening_faults import OPENING_FAULTS
from sandbox.readiness_faults import READINESS_FAULTS
from sandbox.traffic_faults import TRAFFIC_FAULTS
from sandbox.unusual_faults import UNUSUAL_FAULTS
from sandbox.visitor import COOKIE
from tests.sandbox.wire import LIST, Wire, companies, succeeded, threw, unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]

ACME, BRIGHTWATER, *_ = WORKSPACES
IN_THE_BROWSER = {
    *("client-foreign-cards", "client-crash", "endless-spinner", "blank-page", "workspace-hidden"),
    *("cards-shifted", "search-crashes", "search-ignored", "search-stays", "filter-crashes"),
    *tags.names(),
}
"""Nothing of these can be seen on the wire."""


def broken(*faults: str) -> pytest.MarkDecorator:
    """The sandbox is broken in one of these ways."""
    return pytest.mark.parametrize("wire", faults, indirect=True)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A running sandbox for this file."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def shared_wire(sandbox: Sandbox) -> Iterator[Wire]:
    """One client for all tests."""
    wire = Wire(sandbox)
    yield wire
    wire.close()


@pytest.fixture
def wire(sandbox: Sandbox, shared_wire: Wire, request: pytest.FixtureRequest) -> Iterator[Wire]:
    """A signed-in client of a sandbox that is broken after the sign-in, and healed and healthy afterwards."""
    shared_wire.sign_in()
    sandbox.logs.store.clear()
    if hasattr(request, "param"):
        sandbox.break_(request.param)
    yield shared_wire
    sandbox.heal()
    shared_wire.sign_in()
    assert_healthy(shared_wire)


def assert_healthy(wire: Wire) -> None:
    assert wire.get("/").status_code == 200
    assert wire.known_actions() == wire.actions
    assert wire.known_workspaces() == wire.workspaces
    assert companies(wire.list(ACME)) == {ACME}
    assert companies(wire.list(BRIGHTWATER)) == {BRIGHTWATER}
    assert wire.get("/api/inbox/counts").json()["counts"]["total"] == 5060


def log(name: str) -> str:
    """What a server of the sandbox has written."""
    return (STATE / "logs" / f"{name}.log").read_text(encoding="utf-8")


def errors(sandbox: Sandbox) -> list[str]:
    """The error lines of the last requests, as the platform's logs have them."""
    sandbox.logs.wait_until_quiet()
    return [row.message for row in sandbox.logs.truth if row.level == "error" and row.request]


def conversation(wire: Wire) -> str:
    """A conversation that there is."""
    id_: str = wire.list(ACME).json()["conversations"][0]["id"]
    return id_


def test_every_fault_is_tested() -> None:
    functions = [value for name, value in globals().items() if name.startswith("test_")]
    marks = [mark for function in functions for mark in getattr(function, "pytestmark", [])]
    others = (*READINESS_FAULTS, *OPENING_FAULTS, *HICCUP_FAULTS, *ADDRESS_FAULTS, *TRAFFIC_FAULTS, *UNUSUAL_FAULTS)
    others = (*others, *MOMENT_FAULTS)
    elsewhere = {fault.name for fault in others}
    assert {fault for mark in marks for fault in mark.args[1]} == set(FAULTS) - IN_THE_BROWSER - elsewhere


def test_healthy(wire: Wire) -> None:
    assert list(wire.workspaces) == list(WORKSPACES)
    answer = wire.get(LIST, limit="1")
    assert answer.headers["x-request-id"]
    assert answer.headers["x-vercel-id"].startswith("iad1::iad1::")


@broken("database-down-before-load")
def test_the_database_is_down(wire: Wire) -> None:
    assert wire.get("/").status_code == 200
    clients = wire.act("getClients")
    assert clients.status_code == 200
    assert '1:{"success":false,"error":"Failed to fetch clients"}' in clients.text
    listed = wire.list(ACME)
    assert listed.status_code == 500
    assert re.fullmatch(r"Database error \(ref: [0-9a-f-]{36}\)", listed.json()["error"])
    assert wire.get("/api/inbox/counts").json()["counts"]["total"] == 0
    assert "P1001" in log("good")


@broken("database-down-after-load")
def test_the_database_goes_down_when_another_workspace_is_chosen(wire: Wire) -> None:
    assert companies(wire.list(ACME)) == companies(wire.list(ACME)) == {ACME}
    assert succeeded(wire.act("getClients"))
    assert wire.list(BRIGHTWATER).status_code == 500
    assert wire.list(ACME).status_code == 500


@broken("database-slow")
def test_the_database_is_slower_than_a_request_may_take(wire: Wire) -> None:
    assert unanswered(lambda: wire.list(ACME))


@broken("database-silent")
def test_the_database_never_answers(wire: Wire) -> None:
    assert unanswered(lambda: wire.list(ACME))


@broken("list-route-hangs")
def test_a_route_hangs_and_the_database_answers(wire: Wire) -> None:
    assert unanswered(lambda: wire.list(ACME))
    assert wire.get("/api/health").json() == {"ok": True}


@broken("database-url-missing")
def test_the_databases_address_is_missing(wire: Wire) -> None:
    assert wire.get("/").status_code == 200
    assert threw(wire.act("getClients"))
    assert threw(wire.act("getCurrentUser"))
    assert wire.list(ACME).status_code == 500
    assert "[prisma] DATABASE_URL is not set" in log("good-database_url")


@broken("schema-drift")
def test_a_column_is_asked_for_that_is_not_there(wire: Wire) -> None:
    assert succeeded(wire.act("getClients", actions=wire.known_actions()))
    assert wire.list(ACME).status_code == 500
    assert "P2022" in log("schema-drift")


@broken("own-hosts-walled")
def test_only_the_deployments_own_hosts_are_walled(wire: Wire) -> None:
    assert companies(wire.list(ACME)) == {ACME}


@broken("invalid-use-server")
def test_a_use_server_module_exports_something_else(wire: Wire) -> None:
    actions = wire.known_actions()
    assert threw(wire.act("getClients", actions=actions))
    assert threw(wire.act("getCurrentUser", actions=actions))
    assert companies(wire.list(ACME)) == {ACME}
    assert 'A "use server" file can only export async functions, found object.' in log("invalid-use-server")


@broken("action-throws")
def test_one_action_throws(wire: Wire) -> None:
    assert threw(wire.act("getClients"))
    assert succeeded(wire.act("getCurrentUser"))


@broken("list-route-throws")
def test_the_list_route_throws(wire: Wire) -> None:
    answer = wire.list(ACME)
    assert (answer.status_code, answer.text) == (500, "")
    assert succeeded(wire.act("getClients"))


@broken("messages-fail")
def test_messages_fail(wire: Wire) -> None:
    conversation = wire.list(ACME).json()["conversations"][0]["id"]
    assert wire.get(f"{LIST}/{conversation}").status_code == 500


@broken("list-empty")
def test_the_list_is_empty(wire: Wire) -> None:
    answer = wire.list(ACME)
    assert (answer.status_code, answer.json()["conversations"]) == (200, [])


@broken("first-conversation-fails")
def test_one_conversation_can_not_be_opened(wire: Wire) -> None:
    [first, second, *_] = (conversation["id"] for conversation in wire.list(ACME).json()["conversations"])
    assert (wire.get(f"{LIST}/{first}").status_code, wire.get(f"{LIST}/{second}").status_code) == (500, 200)


@broken("other-conversation")
def test_another_conversation_is_answered(wire: Wire) -> None:
    asked = wire.list(ACME).json()["conversations"][0]
    answered = wire.get(f"{LIST}/{asked['id']}").json()["data"]
    assert answered["id"] != asked["id"]
    assert answered["messages"]


@broken("foreign-messages")
def test_the_right_conversation_has_another_persons_messages(wire: Wire) -> None:
    listed = wire.list(ACME).json()["conversations"]
    first, last = listed[0], listed[-1]
    answered = wire.get(f"{LIST}/{first['id']}").json()["data"]
    assert (answered["id"], answered["lead"]["name"]) == (first["id"], first["lead"]["name"])
    assert answered["messages"][-1]["body"] == last["preview"] != first["preview"]


@broken("list-misnamed")
def test_the_list_names_the_wrong_people(wire: Wire) -> None:
    listed = wire.list(ACME).json()["conversations"]
    opened = [wire.get(f"{LIST}/{one['id']}").json()["data"]["lead"]["name"] for one in listed[:3]]
    named = [one["lead"]["name"] for one in listed[:3]]
    assert (named[0], opened[1:]) == (opened[1], named[:2])


@broken("counts-zero")
def test_the_counts_are_zero(wire: Wire) -> None:
    assert companies(wire.list(ACME)) == {ACME}
    assert wire.get("/api/inbox/counts").json()["counts"] == {"total": 0, "requiresAttention": 0}


def found(wire: Wire, **query: str) -> httpx.Response:
    """What the list answers to a search or a filter."""
    return wire.get(LIST, clientId=wire.workspaces[ACME], limit="50", **query)


def named(answer: httpx.Response) -> list[str]:
    return [row["lead"]["name"] for row in answer.json()["conversations"]]


MEETINGS = {"sentiment": "Meeting Requested"}


def test_a_search_finds_a_person_and_a_filter_some(wire: Wire) -> None:
    whole = named(wire.list(ACME))
    assert named(found(wire, search=whole[-1])) == [whole[-1]]
    assert 0 < len(named(found(wire, **MEETINGS))) < len(whole)


@broken("search-throws")
def test_the_list_throws_where_it_is_searched(wire: Wire) -> None:
    assert found(wire, search="Adela").status_code == 500
    assert companies(wire.list(ACME)) == {ACME}


@broken("search-finds-none")
def test_the_search_finds_none(wire: Wire) -> None:
    assert named(found(wire, search=named(wire.list(ACME))[0])) == []


@broken("search-foreign")
def test_the_search_finds_people_of_another_workspace_too(wire: Wire) -> None:
    assert FOREIGN_WORKSPACE in companies(found(wire, search="Adela"))
    assert companies(wire.list(ACME)) == {ACME}


@broken("filter-ignored")
def test_the_filter_leaves_none_out(wire: Wire) -> None:
    assert named(found(wire, **MEETINGS)) == named(wire.list(ACME))


@broken("filter-foreign")
def test_the_filter_lists_another_workspace_too(wire: Wire) -> None:
    assert FOREIGN_WORKSPACE in companies(found(wire, **MEETINGS))
    assert companies(wire.list(ACME)) == {ACME}


@broken("people-quote-errors")
def test_people_quote_errors(wire: Wire) -> None:
    first = wire.list(ACME).json()["conversations"][0]
    messages = wire.get(f"{LIST}/{first['id']}").json()["data"]["messages"]
    assert all("Application error" in text for text in [first["preview"], *(message["body"] for message in messages)])


@broken("people-quote-settings")
def test_people_quote_settings(wire: Wire) -> None:
    first = wire.list(ACME).json()["conversations"][0]
    messages = wire.get(f"{LIST}/{first['id']}").json()["data"]["messages"]
    assert all(
        "DATABASE_URL is not set" in text for text in [first["preview"], *(message["body"] for message in messages)]
    )


@broken("server-foreign-rows")
def test_the_server_answers_with_another_workspaces_rows(wire: Wire) -> None:
    assert {BRIGHTWATER} < companies(wire.list(BRIGHTWATER))


@broken("auth-hangs")
def test_the_auth_service_hangs(wire: Wire) -> None:
    begun = time.monotonic()
    answer = wire.get("/")
    assert time.monotonic() - begun >= 8
    assert (answer.status_code, answer.headers["location"]) == (307, "/auth/login")
    assert "set-cookie" not in answer.headers


@broken("auth-rejects-refresh")
def test_the_refresh_token_is_rejected(wire: Wire) -> None:
    assert wire.get("/").status_code == 200
    wire.sign_in(expires_at=1)
    answer = wire.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/auth/login")
    cleared = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith(COOKIE)]
    assert cleared
    assert all("Max-Age=0" in cookie for cookie in cleared)
    assert wire.list(ACME).status_code == 401
    assert "Invalid Refresh Token: Refresh Token Not Found" in log("good")


@broken("auth-issues-expired")
def test_the_auth_service_issues_tokens_that_have_expired(wire: Wire) -> None:
    wire.sign_in()
    answer = wire.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/auth/login")
    assert "Invalid Refresh Token: Refresh Token Not Found" in log("good")


@broken("auth-forgets")
def test_the_auth_service_knows_none_of_its_sessions(wire: Wire) -> None:
    wire.sign_in()
    assert wire.get("/").headers["location"] == "/auth/login"
    assert wire.list(ACME).status_code == 401


@broken("role-lowered")
def test_a_lowered_role_sees_no_conversations(wire: Wire) -> None:
    assert '"role":"guest"' in wire.act("getCurrentUser").text
    assert companies(wire.list(ACME)) == set()


@broken("auth-500")
def test_the_auth_service_answers_500(wire: Wire) -> None:
    assert wire.get("/").headers["location"] == "/auth/login"
    assert wire.list(ACME).status_code == 401


@broken("login-redirect-loop")
def test_dashboard_and_login_send_to_each_other(wire: Wire) -> None:
    assert wire.get("/").headers["location"] == "/auth/login"
    assert wire.get("/auth/login").headers["location"] == "/"


@broken("database-pool-exhausted")
def test_nobody_gets_a_connection(wire: Wire, sandbox: Sandbox) -> None:
    people = sandbox.traffic()
    people.send([people.action("getClients")] * 12, patience=3)
    sandbox.heal()
    assert [line for line in errors(sandbox) if "timeout exceeded when trying to connect" in line]


@broken("chunk-missing")
def test_a_script_of_the_dashboard_is_missing(wire: Wire, sandbox: Sandbox) -> None:
    found = {chunk: wire.get(chunk).status_code for chunk in sandbox.visitor.dashboard_chunks()}
    assert sorted(found.values()) == [200] * (len(found) - 1) + [404]
    assert wire.get("/auth/login").status_code == 307


@broken("action-throws-variously")
def test_an_action_throws_what_its_argument_says(wire: Wire, sandbox: Sandbox) -> None:
    assert succeeded(wire.act("getClients"))
    assert sandbox.traffic().fail([1, 2, 2, 9]) == [500] * 4
    assert len({line.split("\n")[0] for line in errors(sandbox)}) == 3


@broken("error-without-debug-id")
def test_an_error_is_logged_without_anything_to_refer_to(wire: Wire, sandbox: Sandbox) -> None:
    assert succeeded(wire.act("requestSync", f'["{conversation(wire)}"]'))
    [line] = errors(sandbox)
    assert "debugId" not in line


@broken("error-names-person")
def test_an_error_line_names_a_person(wire: Wire, sandbox: Sandbox) -> None:
    assert succeeded(wire.act("requestSync", f'["{conversation(wire)}"]'))
    [line] = errors(sandbox)
    assert "@example.test" in line
    assert "debugId" in line


@broken("cron-fails")
def test_a_cron_route_fails(wire: Wire, sandbox: Sandbox) -> None:
    assert sandbox.traffic().cron(2) == [500, 500]
    assert wire.get("/api/cron/response-timing").status_code == 401


@broken("session-not-read")
def test_everybody_is_taken_for_signed_out(wire: Wire, sandbox: Sandbox) -> None:
    assert not succeeded(wire.act("getClients"))
    assert wire.list(ACME).status_code == 401
    assert [line for line in errors(sandbox) if "Not authenticated" in line]


@broken("auth-times-out")
def test_the_auth_service_answers_too_late(wire: Wire, sandbox: Sandbox) -> None:
    assert not succeeded(wire.act("getClients"))
    assert [line for line in errors(sandbox) if line.startswith("AbortError")]


@broken("read-api-off")
def test_the_read_api_is_off(wire: Wire) -> None:
    answer = wire.list(ACME)
    assert (answer.status_code, answer.json()["error"]) == (503, "READ_API_DISABLED")
    assert succeeded(wire.act("getClients"))
    assert succeeded(wire.act("getConversationsWithCursor", '[{"limit":50}]'))


@broken("slow-within-budget")
def test_the_database_is_slow(wire: Wire) -> None:
    begun = time.monotonic()
    assert companies(wire.list(ACME)) == {ACME}
    assert time.monotonic() - begun > 0.25


@broken("empty-workspace")
def test_one_of_three_workspaces_is_empty(wire: Wire) -> None:
    assert list(wire.known_workspaces()) == list(WORKSPACES[:3])
    assert wire.list(WORKSPACES[2]).json()["conversations"] == []


@broken("redeployed-before-run")
def test_another_build_is_served(wire: Wire) -> None:
    answer = wire.act("getClients")
    assert answer.headers["x-nextjs-action-not-found"] == "1"
    assert succeeded(wire.act("getClients", actions=wire.known_actions()))
    assert companies(wire.list(ACME)) == {ACME}


@broken("redeploy-during-run")
def test_another_build_is_served_after_the_inbox(wire: Wire) -> None:
    before = wire.deployment()
    assert wire.deployment() == before
    wire.list(ACME)
    after = wire.deployment()
    assert after != before
    wire.list(ACME)
    assert wire.deployment() == after


@broken("protection-wall")
def test_a_wall_keeps_everybody_out_but_automation(wire: Wire, sandbox: Sandbox) -> None:
    assert wire.get("/").status_code == 401
    secret = sandbox.platform_environment()["VERCEL_AUTOMATION_BYPASS_SECRET"]
    assert wire.get("/", **{"x-vercel-protection-bypass": secret}).status_code == 200


@broken("bot-challenge")
def test_visitors_are_challenged(wire: Wire) -> None:
    assert wire.get("/").headers["x-vercel-mitigated"] == "challenge"


@broken("one-workspace")
def test_the_smoke_user_sees_one_workspace(wire: Wire) -> None:
    assert list(wire.known_workspaces()) == [ACME]


@broken("foreign-workspaces")
def test_the_smoke_user_sees_somebody_elses_workspace(wire: Wire) -> None:
    assert FOREIGN_WORKSPACE in wire.known_workspaces()


@broken("wrong-password", "captcha-required", "auth-rate-limited")
def test_sign_ins_are_refused(wire: Wire, sandbox: Sandbox) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        sandbox.visitor.sign_in()
