"""Each fault of what surrounds the inbox does on the wire what it says, and nothing of it is left afterwards."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox import Sandbox
from sandbox.database import CALENDLY_SIGNING_KEY
from sandbox.readiness_faults import READINESS_FAULTS
from sandbox.variables import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(180)]

ACME = "7c1f0a52-6a2e-4b7e-9f0d-0b5a4d2c9e11"
EVENT = '{"event":"postdeploy.probe"}'
NO_ACTION = {"next-action": "40" + "0" * 40, "accept": "text/x-component", "content-type": "text/plain;charset=UTF-8"}


def broken(*faults: str) -> pytest.MarkDecorator:
    """The sandbox is broken in one of these ways."""
    return pytest.mark.parametrize("app", faults, indirect=True)


def of_variables(mistake: str) -> list[str]:
    return [
        fault.name for fault in READINESS_FAULTS if fault.name.endswith(f"-{mistake}") and fault.name.startswith("env-")
    ]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def app(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A stranger to a sandbox that is broken, and healed and closed afterwards."""
    if hasattr(request, "param"):
        sandbox.break_(request.param)
    with httpx.Client(base_url=sandbox.url, timeout=20) as client:
        yield client
        sandbox.heal()
        assert_closed(client)


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[httpx.Client]:
    known = sandbox.platform_environment()
    headers = {"Authorization": f"Bearer {known['VERCEL_TOKEN']}"}
    path = f"{known['VERCEL_API_URL']}/v10/projects/{known['VERCEL_PROJECT_ID']}"
    with httpx.Client(base_url=path, headers=headers, params={"teamId": known["VERCEL_TEAM_ID"]}) as client:
        yield client


def assert_closed(app: httpx.Client) -> None:
    for route in ("followups", "availability", "calendar-health"):
        answer = app.get(f"/api/cron/{route}", headers={"Authorization": "Bearer undefined"})
        assert (answer.status_code, answer.json()) == (401, {"error": "Unauthorized"})
    assert app.post("/api/webhooks/clay", content=EVENT).status_code == 401
    assert app.get("/api/admin/workspaces").status_code == 401
    assert app.post("/api/admin/workspaces", json={}).status_code == 401


def digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def slack(app: httpx.Client, sandbox: Sandbox, sent: float) -> int:
    signature = digest(sandbox.app_secrets()["SLACK_SIGNING_SECRET"], f"v0:{int(sent)}:{EVENT}")
    headers = {"x-slack-signature": f"v0={signature}", "x-slack-request-timestamp": str(int(sent))}
    return app.post("/api/webhooks/slack/interactions", content=EVENT, headers=headers).status_code


def clay(app: httpx.Client, sandbox: Sandbox, body: str) -> int:
    signature = digest(sandbox.app_secrets()["CLAY_WEBHOOK_SECRET"], EVENT)
    return app.post("/api/webhooks/clay", content=body, headers={"x-clay-signature": signature}).status_code


def test_every_fault_is_tested() -> None:
    functions = [value for name, value in globals().items() if name.startswith("test_")]
    marks = [mark for function in functions for mark in getattr(function, "pytestmark", [])]
    assert {fault for mark in marks for fault in mark.args[1]} == {fault.name for fault in READINESS_FAULTS}


def test_healthy(app: httpx.Client, sandbox: Sandbox) -> None:
    assert_closed(app)
    assert slack(app, sandbox, time.time()) == 200
    assert slack(app, sandbox, time.time() - 3600) == 401
    assert clay(app, sandbox, EVENT) == 200
    assert clay(app, sandbox, '{"event":"postdeploy.probe","altered":true}') == 401
    assert app.get("/api/webhooks/clay").text == "ok"


def test_the_senders_signatures(app: httpx.Client) -> None:
    now = int(time.time())
    path, header = f"/api/webhooks/calendly/{ACME}", "calendly-webhook-signature"
    good = f"t={now},v1={digest(CALENDLY_SIGNING_KEY, f'{now}.{EVENT}')}"
    assert app.post(path, content=EVENT, headers={header: good}).status_code == 200
    assert app.post(path, content=EVENT, headers={header: good.replace("v1=", "v1=0")}).status_code == 401
    assert app.post("/api/webhooks/calendly/unknown", content=EVENT).status_code == 404
    without_key = app.post("/api/webhooks/calendly/2e9d4b63-1f58-4c0a-8e37-5d6c1a7b8f22", content=EVENT)
    assert (without_key.status_code, without_key.json()["error"]) == (500, "missing Calendly webhook signing key")


def test_a_job_is_counted(sandbox: Sandbox) -> None:
    before = sandbox.jobs
    assert sandbox.traffic().cron(1, "calendar-health") == [200]
    assert sandbox.jobs == before + 1


@broken(*of_variables("missing"), *of_variables("preview-only"))
def test_a_variable_is_not_there_for_production(app: httpx.Client, api: httpx.Client) -> None:
    listed = {each["key"] for each in api.get("/env").json()["envs"] if "production" in each["target"]}
    assert len(set(MALFORMED) - listed) == 1


@broken(*of_variables("empty"), *of_variables("newline"), *of_variables("malformed"))
def test_a_variable_has_another_value(app: httpx.Client, sandbox: Sandbox) -> None:
    spoiled = sandbox.variables()
    sandbox.heal()
    assert len([name for name, value in sandbox.variables().items() if spoiled[name] != value]) == 1


@broken("env-lever-unsafe", "env-auto-send-off", "env-origins-any")
def test_a_variable_is_unsafe(app: httpx.Client, sandbox: Sandbox) -> None:
    values = sandbox.variables()
    unsafe = {"AUTO_SEND_REVISION_DISABLED": "0", "AUTO_SEND_DISABLED": "1", "SERVER_ACTIONS_ALLOWED_ORIGINS": "*"}
    assert [name for name, value in unsafe.items() if values[name] == value]


@broken("env-public-secret")
def test_a_secret_has_a_public_name(app: httpx.Client, sandbox: Sandbox) -> None:
    assert "NEXT_PUBLIC_CRON_SECRET" in sandbox.variables()


@broken("env-sensitive")
def test_secrets_are_sensitive(app: httpx.Client, api: httpx.Client) -> None:
    kinds = {each["key"]: (each["type"], each["value"]) for each in api.get("/env").json()["envs"]}
    assert kinds["CRON_SECRET"] == ("sensitive", "")


@broken("env-changed-after-build")
def test_a_variable_was_changed_after_the_build(app: httpx.Client, api: httpx.Client) -> None:
    changed = {each["key"]: each["updatedAt"] for each in api.get("/env").json()["envs"]}
    assert changed["DATABASE_URL"] > changed["CRON_SECRET"]


@broken("env-hidden")
def test_a_variable_is_hidden(app: httpx.Client, api: httpx.Client) -> None:
    assert api.get("/env").json()["hiddenProductionEnvCount"] == 1


@broken("env-api-401", "env-api-403", "env-api-429", "env-api-500")
def test_the_api_refuses(app: httpx.Client, api: httpx.Client) -> None:
    assert api.get("/env").status_code in {401, 403, 429, 500}


@broken("service-role-key-in-bundle")
def test_the_bundle_carries_the_service_role_key(app: httpx.Client, sandbox: Sandbox) -> None:
    key = sandbox.variables()["NEXT_PUBLIC_SUPABASE_ANON_KEY"]
    scripts = [app.get(script).text for script in sandbox.visitor.scripts()]
    assert any(key in script for script in scripts)
    sandbox.heal()
    assert key != sandbox.variables()["NEXT_PUBLIC_SUPABASE_ANON_KEY"]


@broken("origins-too-wide")
def test_a_foreign_origin_may_call(app: httpx.Client) -> None:
    assert call_from(app, "https://anybody.vercel.app").headers["x-nextjs-action-not-found"] == "1"


@broken("origins-too-few")
def test_the_custom_domain_may_not_call(app: httpx.Client) -> None:
    answer = call_from(app, f"http://app.{app.base_url.netloc.decode()}")
    assert answer.status_code == 500
    assert "x-nextjs-action-not-found" not in answer.headers


def call_from(app: httpx.Client, origin: str) -> httpx.Response:
    return app.post("/auth/login", content="[]", headers=NO_ACTION | {"origin": origin})


@broken("cron-secret-unset")
def test_the_secret_is_not_set(app: httpx.Client) -> None:
    answer = app.get("/api/cron/followups")
    assert (answer.status_code, answer.json()) == (503, {"error": "Cron endpoint not configured"})
    assert app.get("/api/cron/response-timing").status_code == 401
    assert app.get("/api/cron/availability").status_code == 200


@broken("cron-open")
def test_a_route_runs_for_everybody(app: httpx.Client, sandbox: Sandbox) -> None:
    before = sandbox.jobs
    assert app.get("/api/cron/availability").status_code == 200
    assert sandbox.jobs == before + 1


@broken("cron-throws")
def test_a_route_throws(app: httpx.Client) -> None:
    assert app.get("/api/cron/availability").status_code == 500


@broken("cron-bearer-undefined")
def test_undefined_is_taken_for_the_secret(app: httpx.Client) -> None:
    assert app.get("/api/cron/calendar-health").status_code == 401
    assert app.get("/api/cron/calendar-health", headers={"Authorization": "Bearer undefined"}).status_code == 200


@broken("cron-route-missing")
def test_a_route_is_missing(app: httpx.Client) -> None:
    answer = app.get("/api/cron/availability")
    assert (answer.status_code, "json" in answer.headers["content-type"]) == (404, False)


@broken("cron-walled")
def test_a_wall_stands_before_the_routes(app: httpx.Client) -> None:
    assert "Protected deployment" in app.get("/api/cron/followups").text
    assert app.get("/auth/login").status_code == 200


@broken("probes-challenged")
def test_probes_are_challenged(app: httpx.Client) -> None:
    assert app.get("/api/cron/followups").headers["x-vercel-mitigated"] == "challenge"
    assert app.get("/auth/login").status_code == 200


@broken("webhook-accepts-unsigned")
def test_a_webhook_accepts_what_is_not_signed(app: httpx.Client) -> None:
    assert app.post("/api/webhooks/clay", content=EVENT).status_code == 200


@broken("webhook-accepts-altered")
def test_a_webhook_accepts_an_altered_body(app: httpx.Client, sandbox: Sandbox) -> None:
    assert clay(app, sandbox, EVENT) == 200
    assert clay(app, sandbox, '{"event":"postdeploy.probe","altered":true}') == 200


@broken("webhook-accepts-stale")
def test_a_webhook_accepts_what_is_old(app: httpx.Client, sandbox: Sandbox) -> None:
    assert slack(app, sandbox, time.time() - 3600) == 200


@broken("webhook-replay-inserts-twice")
def test_a_repeated_event_is_inserted_twice(app: httpx.Client, sandbox: Sandbox) -> None:
    before = len(sandbox.tables()["Message"])
    secret = sandbox.app_secrets()["UNIPILE_WEBHOOK_SECRET"]
    conversation = sandbox.visitor.get("/api/inbox/conversations", clientId=ACME, limit="1").json()["conversations"][0]
    event = {
        "event": "message_received",
        "workspace_id": ACME,
        "conversation_id": conversation["id"],
        "message_id": "m-1",
        "text": "x",
    }
    for _ in range(2):
        assert app.post("/api/webhooks/linkedin", json=event, headers={"x-unipile-secret": secret}).status_code == 200
    assert len(sandbox.tables()["Message"]) == before + 2


@broken("webhook-chokes-on-nonsense")
def test_an_open_webhook_chokes(app: httpx.Client) -> None:
    assert app.post("/api/webhooks/email", content="nonsense").status_code == 500
    assert app.post("/api/webhooks/ghl/sms", content="nonsense").status_code == 400


@broken("admin-open")
def test_an_admin_route_answers_everybody(app: httpx.Client) -> None:
    known = app.get("/api/admin/workspaces").json()["workspaces"]
    assert known
    assert app.post("/api/admin/workspaces", json={}).status_code == 400
    assert app.get("/api/admin/workspaces").json()["workspaces"] == known
