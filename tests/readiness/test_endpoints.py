"""Webhooks and admin routes: unauthenticated and forged requests, and what the answers mean."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from postdeploy.model import Cause
from postdeploy.readiness.endpoints import (
    MALFORMED,
    EndpointRecord,
    forged_requests,
    malformed_requests,
    probe_endpoint,
    refused_with,
    replays,
)
from postdeploy.readiness.prober import Probe, Reply
from postdeploy.readiness.signatures import sign
from postdeploy.redaction import Secret
from postdeploy.runbook.readiness_tables import Endpoint, Webhooks
from tests.readiness.replies import Answers, App, reply

NOW = 1_800_000_000
WEBHOOKS = Webhooks("listed", "unknown", "known")
KEY = Secret("the key")
HMAC = Endpoint("/clay", "hmac", header="x-signature")
SLACK = Endpoint("/slack", "slack", header="x-slack-signature")
CALENDLY = Endpoint("/calendly/{workspace}", "calendly", header="calendly-signature")
ADMIN = Endpoint("/admin", "secret", "GET", header="x-secret", also=("x-admin", "authorization"))


def digest(text: str, key: str = "the key") -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def send(endpoint: Endpoint, answers: Answers, secret: Secret | None = None) -> EndpointRecord:
    return probe_endpoint(App(answers), forged_requests(endpoint, WEBHOOKS, secret, NOW), refused_with(endpoint))


@pytest.mark.parametrize(
    ("endpoint", "headers"),
    [
        (HMAC, {"x-signature": digest("body")}),
        (SLACK, {"x-slack-signature": f"v0={digest(f'v0:{NOW}:body')}", "x-slack-request-timestamp": str(NOW)}),
        (CALENDLY, {"calendly-signature": f"t={NOW},v1={digest(f'{NOW}.body')}"}),
        (ADMIN, {"x-secret": "the key"}),
    ],
    ids=["hex", "Slack", "Calendly", "a shared secret"],
)
def test_signing_as_the_sender_does(endpoint: Endpoint, headers: dict[str, str]) -> None:
    assert sign(endpoint, "the key", "body", NOW) == headers


@pytest.mark.parametrize(
    ("endpoint", "secret", "tries"),
    [
        (HMAC, None, ["without credentials", "with a wrong key"]),
        (HMAC, KEY, ["without credentials", "with a wrong key", "with an altered body"]),
        (
            ADMIN,
            None,
            ["without credentials", "with a wrong key", "with a wrong x-admin", "with a wrong authorization"],
        ),
        (Endpoint("/list", "session", "GET"), None, ["without credentials"]),
        (CALENDLY, None, ["without credentials", "without credentials", "with a wrong key"]),
    ],
    ids=["signed", "signed, the key is known", "a shared secret", "people only", "a workspace of its own"],
)
def test_what_is_tried(endpoint: Endpoint, secret: Secret | None, tries: list[str]) -> None:
    assert [probe.tries for probe in forged_requests(endpoint, WEBHOOKS, secret, NOW)] == tries


def test_an_altered_body_carries_the_signature_of_the_genuine_one() -> None:
    *_, altered = forged_requests(HMAC, WEBHOOKS, KEY, NOW)
    assert altered.headers["x-signature"] == digest(HMAC.body)
    assert altered.body not in (None, HMAC.body)


def test_a_refusal_in_the_apps_own_words_is_what_is_wanted() -> None:
    assert send(HMAC, lambda _: (401, "Invalid signature"), KEY).wrong is None


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        pytest.param(200, None, "accepts a request that is not genuine", id="accepted"),
        pytest.param(404, None, "a missing route", id="404 is no refusal"),
        pytest.param(401, None, "instead of refusing", id="a 401 that is not the app's"),
        pytest.param(500, "missing signing key", "instead of refusing", id="5xx"),
        pytest.param(302, None, "instead of refusing", id="a redirect"),
        pytest.param(None, None, "was not answered", id="silence"),
    ],
)
def test_every_other_answer_is_a_failure(status: int | None, error: str | None, says: str) -> None:
    wrong = send(HMAC, lambda _: (status, error)).wrong
    assert wrong is not None
    assert (wrong.cause, says in wrong.sentence) == (Cause.WEBHOOK, True)


def test_an_unknown_workspace_may_be_refused_by_saying_so() -> None:
    assert (
        send(CALENDLY, lambda one: (404, "Workspace not found") if "unknown" in one.path else (401, "No")).wrong is None
    )


def test_a_forgery_that_is_accepted_names_what_was_tried() -> None:
    wrong = send(HMAC, lambda one: (200, None) if "altered" in one.tries else (401, "No"), KEY).wrong
    assert wrong is not None
    assert "POST /clay answered 200 with an altered body" in wrong.sentence


@pytest.mark.parametrize(
    ("status", "error", "calm"),
    [(400, "No", True), (404, "No", True), (200, None, True), (500, None, False), (404, None, False)],
)
def test_open_endpoints_tolerate_malformed_input(status: int, error: str | None, calm: bool) -> None:
    record = probe_endpoint(App(lambda _: (status, error)), malformed_requests(EMAIL, WEBHOOKS), (), open_=EMAIL)
    assert (record.wrong is None) is calm


EMAIL = Endpoint("/email", "open")
CHOKES = Endpoint("/email", "open", known=(500,))


@pytest.mark.parametrize(
    ("endpoint", "malformed", "well_formed", "calm", "warned"),
    [
        pytest.param(CHOKES, 500, 404, True, 1, id="known"),
        pytest.param(CHOKES, 500, 500, False, 1, id="known, but to well-formed JSON as well"),
        pytest.param(CHOKES, 400, 500, False, 0, id="to well-formed JSON alone"),
        pytest.param(CHOKES, 502, 404, False, 0, id="another status than the known one"),
        pytest.param(CHOKES, 400, 404, True, 0, id="known, and mended"),
        pytest.param(EMAIL, 500, 404, False, 0, id="not known"),
    ],
)
def test_a_known_answer_to_malformed_input_is_a_warning(
    endpoint: Endpoint, malformed: int, well_formed: int, calm: bool, warned: int
) -> None:
    app = App(lambda one: (malformed if one.body == MALFORMED else well_formed, "No"))
    record = probe_endpoint(app, malformed_requests(endpoint, WEBHOOKS), (), open_=endpoint)
    assert (record.wrong is None, len(record.warnings)) == (calm, warned)


def test_a_replay_is_signed_as_it_was_then() -> None:
    [old] = replays(SLACK, WEBHOOKS, KEY, NOW)
    sent = old.headers["x-slack-request-timestamp"]
    assert int(sent) <= NOW - 3600
    assert old.headers["x-slack-signature"] == f"v0={digest(f'v0:{sent}:{SLACK.body}')}"


def test_a_wall_is_no_refusal() -> None:
    def walled(one: Probe) -> Reply:
        return reply(one, 401, "Protected deployment", walled=True)

    record = probe_endpoint(walled, forged_requests(HMAC, WEBHOOKS, None, NOW), (401,))
    assert record.blocked is not None
