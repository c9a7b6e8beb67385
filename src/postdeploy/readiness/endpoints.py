"""Webhooks and admin routes: unauthenticated and forged requests, and what the answers mean. Nothing sent here is genuine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from postdeploy.model import Blocked, Cause, Diagnosis
from postdeploy.readiness.prober import Probe, Reply, blocked_by_protection
from postdeploy.readiness.refusals import Refusal, meaning
from postdeploy.readiness.signatures import SIGNED, sign
from postdeploy.redaction import Secret
from postdeploy.runbook.readiness_tables import Endpoint, Webhooks

WRONG_KEY = "postdeploy-is-not-the-key"
MALFORMED = "postdeploy: this is not an event {"
_STALE = 3600
"""Seconds: older than any sender's retry."""

Ask = Callable[[Probe], Reply]


@dataclass(frozen=True, slots=True)
class EndpointRecord:
    """What one endpoint answered, and what is wrong with that."""

    replies: tuple[Reply, ...] = ()
    wrong: Diagnosis | None = None
    warnings: tuple[str, ...] = ()
    blocked: tuple[str, str] | None = None


def probe_endpoint(
    ask: Ask, probes: Iterator[Probe], refuses: tuple[int, ...], *, open_: Endpoint | None = None
) -> EndpointRecord:
    """Send the probes one after the other, up to the first that is answered wrongly. `open_`: the endpoint, if it is open by design."""
    replies: list[Reply] = []
    warnings: list[str] = []
    for probe in probes:
        try:
            reply = ask(probe)
        except Blocked as error:
            return EndpointRecord(tuple(replies), blocked=(error.what, error.cure))
        replies.append(reply)
        protection = blocked_by_protection(reply)
        if protection:
            return EndpointRecord(tuple(replies), blocked=(protection.what, protection.cure))
        wrong = _intolerant(reply) if open_ else _wrong(reply, refuses)
        if wrong and open_ and probe.body == MALFORMED and reply.exchange.status in open_.known:
            warnings.append(f"{wrong.sentence}: known, by runbook.toml")
        elif wrong:
            return EndpointRecord(tuple(replies), wrong, tuple(warnings))
    return EndpointRecord(tuple(replies), warnings=tuple(warnings))


def forged_requests(endpoint: Endpoint, webhooks: Webhooks, secret: Secret | None, now: int) -> Iterator[Probe]:
    """What must be refused: no credentials, a wrong key and, if the right one is known, an altered body."""
    for workspace, refuses_all in _workspaces(endpoint, webhooks):
        probe = _probe(endpoint, workspace)
        yield replace(probe, tries="without credentials")
        if endpoint.scheme == "session" or refuses_all:
            continue
        yield from _wrong_keys(endpoint, probe, now)
        if secret and endpoint.scheme in SIGNED:
            headers = sign(endpoint, secret.reveal(), probe.body or "", now)
            altered = (probe.body or "")[:-1] + ',"altered":true}'
            yield replace(probe, headers=_typed(headers), body=altered, tries="with an altered body")


def replays(endpoint: Endpoint, webhooks: Webhooks, secret: Secret, now: int) -> Iterator[Probe]:
    """A genuine request that is sent again much later."""
    probe = _probe(endpoint, webhooks.workspace or webhooks.unknown_workspace)
    headers = sign(endpoint, secret.reveal(), probe.body or "", now - _STALE)
    yield replace(probe, headers=_typed(headers), tries="with an old signature")


def malformed_requests(endpoint: Endpoint, webhooks: Webhooks) -> Iterator[Probe]:
    """Malformed input, and an event for a workspace that can't exist."""
    probe = _probe(endpoint, webhooks.unknown_workspace)
    yield replace(probe, body=MALFORMED, tries="with malformed input")
    unknown = f'{{"workspaceId":"{webhooks.unknown_workspace}","locationId":"{webhooks.unknown_workspace}"}}'
    yield replace(probe, body=unknown, tries="for an unknown workspace")


def _workspaces(endpoint: Endpoint, webhooks: Webhooks) -> Iterator[tuple[str, bool]]:
    """The ids to try, and whether everything is refused for it before a signature is checked."""
    unknown = "{workspace}" in endpoint.path
    yield webhooks.unknown_workspace, unknown
    if endpoint.scheme == "calendly" and webhooks.workspace:
        yield webhooks.workspace, False


def refused_with(endpoint: Endpoint) -> tuple[int, ...]:
    """The statuses that are refusals; an unknown workspace may be refused with 404."""
    return (*endpoint.refuses, 404) if endpoint.scheme == "calendly" else endpoint.refuses


def _wrong_keys(endpoint: Endpoint, probe: Probe, now: int) -> Iterator[Probe]:
    yield replace(probe, headers=_typed(sign(endpoint, WRONG_KEY, probe.body or "", now)), tries="with a wrong key")
    for header in endpoint.also:
        value = f"Bearer {WRONG_KEY}" if header == "authorization" else WRONG_KEY
        yield replace(probe, headers=_typed({header: value}), tries=f"with a wrong {header}")


def _probe(endpoint: Endpoint, workspace: str) -> Probe:
    body = endpoint.body if endpoint.method == "POST" else None
    reads = endpoint.method == "GET" and endpoint.scheme == "session"
    return Probe(endpoint.path.replace("{workspace}", workspace), endpoint.method, _typed({}), body, repeatable=reads)


def _typed(headers: dict[str, str]) -> dict[str, str]:
    return {"content-type": "application/json", **headers}


def _wrong(reply: Reply, refuses: tuple[int, ...]) -> Diagnosis | None:
    shown = f"{reply.exchange.template} answered {reply.exchange.status} {reply.tries}"
    match meaning(reply, refuses):
        case Refusal.REFUSED:
            return None
        case Refusal.ACCEPTED:
            sentence = f"{shown}: it accepts a request that is not genuine"
        case Refusal.MISSING:
            sentence = f"{shown}: a missing route does not count as a refusal"
        case Refusal.NO_ANSWER:
            sentence = f"{reply.exchange.template} was not answered ({reply.exchange.failure}) {reply.tries}"
        case _:
            sentence = f"{shown} instead of refusing"
    return Diagnosis(Cause.WEBHOOK, sentence, (reply.line,))


def _intolerant(reply: Reply) -> Diagnosis | None:
    """An endpoint that is open by design must tolerate any input."""
    status = reply.exchange.status
    if status is None:
        what = f"was not answered ({reply.exchange.failure})"
    elif status == 404 and not reply.json:
        what = "answered 404 (no such route)"
    elif 300 <= status < 400 or status >= 500:
        what = f"answered {status}"
    else:
        return None
    return Diagnosis(Cause.WEBHOOK, f"{reply.exchange.template} {what} {reply.tries}", (reply.line,))


def seconds() -> int:
    """Now, epoch seconds, as signatures carry it."""
    return int(time.time())
