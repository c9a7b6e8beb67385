"""What the running app shows of its environment to an unauthenticated client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from pytest_httpserver import HTTPServer

from postdeploy.model import Cause, Deployment, Recommendation
from postdeploy.readiness.configured import cron_routes
from postdeploy.readiness.prober import Probe, Reply
from postdeploy.readiness.served import (
    Origin,
    accepted_foreign,
    call_from,
    origin_in,
    read_served,
    refused_domains,
    served_elsewhere,
)
from postdeploy.runbook.reading import read_runbook
from postdeploy.target.bundle import keys_in
from postdeploy.target.preflight import Target
from tests.readiness.replies import reply
from tests.readiness.test_shapes import key

CALL = call_from("https://elsewhere.example", "/auth/login")
NO_ACTION = reply(CALL, 409, superseded_action=True)
THROWN = reply(CALL, 500, digest="thrown")
PAGE = '<!DOCTYPE html><html data-dpl-id="{}"><script src="/_next/static/a.js"></script></html>'


@pytest.mark.parametrize(
    ("answer", "origin"),
    [
        pytest.param(NO_ACTION, Origin.ACCEPTED, id="there is no such action"),
        pytest.param(THROWN, Origin.REFUSED, id="an error that is thrown"),
        pytest.param(reply(CALL, 500), Origin.UNCLEAR, id="another 500"),
        pytest.param(reply(CALL, 307), Origin.UNCLEAR, id="a redirect"),
        pytest.param(reply(CALL, None), Origin.UNCLEAR, id="no answer"),
    ],
)
def test_who_may_call_server_actions(answer: Reply, origin: Origin) -> None:
    assert origin_in(answer) is origin


def test_a_call_can_run_nothing() -> None:
    assert (CALL.method, CALL.headers["origin"], set(CALL.headers["next-action"][2:])) == (
        "POST",
        "https://elsewhere.example",
        {"0"},
    )


def test_a_production_domain_that_is_refused_is_named_with_the_commands() -> None:
    found = refused_domains([("a.example", NO_ACTION), ("b.example", THROWN)])
    assert found is not None
    assert "refuse calls from b.example" in found.sentence
    assert (found.recommendation, len(found.commands)) == (Recommendation.FIX_ENVIRONMENT, 2)
    assert refused_domains([("a.example", NO_ACTION)]) is None


@pytest.mark.parametrize(
    ("answer", "cause"), [(THROWN, None), (NO_ACTION, Cause.ENVIRONMENT), (reply(CALL, 307), Cause.SERVER_ACTIONS)]
)
def test_a_foreign_origin_has_to_be_refused(answer: Reply, cause: Cause | None) -> None:
    found = accepted_foreign("https://elsewhere.example", answer)
    assert (found.cause if found else None) is cause


@pytest.mark.parametrize(
    ("status", "text", "says"),
    [
        pytest.param(200, PAGE.format("dpl_1"), None, id="this deployment"),
        pytest.param(200, PAGE.format("dpl_2"), "serves dpl_2, not dpl_1", id="another one"),
        pytest.param(404, "", "answered 404", id="nothing"),
        pytest.param(None, "", "no answer in time", id="nobody"),
    ],
)
def test_the_apps_own_address(status: int | None, text: str, says: str | None) -> None:
    answer = reply(Probe("https://app.example/auth/login"), status)
    there = Reply(answer.tries, answer.exchange, text=text)
    found = served_elsewhere("https://app.example", there, Deployment("https://app.example", "dpl_1"))
    assert found is None if says is None else found and says in found.sentence


def test_the_apps_own_address_may_serve_what_is_live_while_another_one_is_measured() -> None:
    """A staged deployment, or the other side of a rolling release."""
    answer = reply(Probe("https://app.example/auth/login"), 200)
    there = Reply(answer.tries, answer.exchange, text=PAGE.format("dpl_2"))
    measured = Deployment("https://staged.example", "dpl_1")
    assert served_elsewhere("https://app.example", there, measured, ("dpl_2", "dpl_3")) is None
    assert served_elsewhere("https://app.example", there, measured, ("dpl_3",)) is not None


@pytest.fixture
def target(httpserver: HTTPServer) -> Iterator[Target]:
    httpserver.expect_request("/auth/login").respond_with_data(PAGE.format("dpl_1"), content_type="text/html")
    target = Target(httpserver.url_for("").rstrip("/"), read_runbook())
    yield target
    target.close()


@pytest.mark.parametrize(
    ("script", "roles"),
    [
        pytest.param(f'a("https://abc.supabase.co","{key("anon")}")', ("anon",), id="the anon key"),
        pytest.param(
            f'a("https://abc.supabase.co","{key("service_role")}")', ("service_role",), id="the service-role key"
        ),
        pytest.param(
            f'a("https://abc.supabase.co","{key("anon")}");b("sb_secret_abcdefgh")', ("anon", "service_role"), id="both"
        ),
        pytest.param("nothing", (), id="none"),
    ],
)
def test_what_the_keys_in_the_bundle_are_for(
    target: Target, httpserver: HTTPServer, script: str, roles: tuple[str, ...]
) -> None:
    httpserver.expect_request("/_next/static/a.js").respond_with_data(script)
    assert read_served(target, "/auth/login").roles == roles


def test_keys_are_found_wherever_they_stand() -> None:
    assert keys_in(f"x={key('anon')};y='sb_publishable_abc'") == [key("anon"), "sb_publishable_abc"]


def test_cron_routes_are_read_from_an_address(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/vercel.json").respond_with_json({"crons": [{"path": "/api/cron/x"}]})
    runbook = read_runbook()
    source = httpserver.url_for("/vercel.json")
    runbook = msgspec.structs.replace(runbook, cron=msgspec.structs.replace(runbook.cron, source=source))
    assert cron_routes(runbook, tmp_path) == ("/api/cron/x",)
