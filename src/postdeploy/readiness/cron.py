"""Probing cron routes without being able to start a job.

One request after the other. The first route is asked without the secret: if the app has no secret, that route says so and runs
nothing, while others would run for every caller. Only the app's own refusal allows the next request; an answer that may have been a
job stops all probing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from postdeploy.model import Blocked, Cause, Diagnosis, Recommendation
from postdeploy.readiness.prober import Probe, Reply, blocked_by_protection
from postdeploy.readiness.refusals import Refusal, meaning
from postdeploy.redaction import Secret
from postdeploy.runbook.readiness_tables import Cron

WRONG = "Bearer postdeploy-is-not-the-secret"
_UNSET_VALUES = ("undefined", "null", "")
"""What `${process.env.CRON_SECRET}` becomes if the variable is not set."""
_UNSET = "CRON_SECRET is not set in the running deployment"


@dataclass(frozen=True, slots=True)
class RouteRecord:
    """What one route answered, and what is wrong with that."""

    replies: tuple[Reply, ...] = ()
    wrong: Diagnosis | None = None
    blocked: tuple[str, str] | None = None
    """What answered instead of the app, and the cure."""
    skipped: str | None = None
    """Why it was not asked."""


@dataclass(slots=True)
class CronRecord:
    """The results of all routes."""

    routes: dict[str, RouteRecord] = field(default_factory=dict)
    authorised: dict[str, RouteRecord] = field(default_factory=dict)


Ask = Callable[[Probe], Reply]


def probe_crons(ask: Ask, cron: Cron, routes: tuple[str, ...], secret: Secret | None) -> CronRecord:
    """Ask every route, `cron.first` first, as long as it does no harm; then the safe ones with the secret, if there is one."""
    record = CronRecord()
    stopped: str | None = None
    for route in cron.in_order(routes):
        if stopped:
            record.routes[route] = RouteRecord(skipped=stopped)
            continue
        record.routes[route] = found = _probe(ask, cron, route)
        stopped = _stops_all(found, route, first=route == cron.first)
    for route in cron.safe if secret else ():
        if stopped or any(one.wrong or one.blocked for one in record.routes.values()):
            record.authorised[route] = RouteRecord(
                skipped=stopped or "a cron route did not refuse an unauthenticated client"
            )
        else:
            record.authorised[route] = _authorised(ask, route, secret)
    return record


def _probe(ask: Ask, cron: Cron, route: str) -> RouteRecord:
    replies: list[Reply] = []
    for probe in _probes(cron, route):
        try:
            reply = ask(probe)
        except Blocked as error:
            return RouteRecord(tuple(replies), blocked=(error.what, error.cure))
        replies.append(reply)
        protection = blocked_by_protection(reply)
        if protection:
            return RouteRecord(tuple(replies), blocked=(protection.what, protection.cure))
        wrong = _wrong(reply, cron)
        if wrong:
            return RouteRecord(tuple(replies), wrong=wrong)
    return RouteRecord(tuple(replies))


def _probes(cron: Cron, route: str) -> Iterator[Probe]:
    yield Probe(route, tries="without the secret")
    yield Probe(route, headers={"authorization": WRONG}, tries="with a wrong secret")
    for value in _UNSET_VALUES if route in cron.safe else ():
        # No trailing space: it would not be sent.
        yield Probe(route, headers={"authorization": f"Bearer {value}".strip()}, tries=f"with “{value}” for the secret")


def _wrong(reply: Reply, cron: Cron) -> Diagnosis | None:
    """What the answer means, unless it is the app's own refusal."""
    shown = f"{reply.exchange.template} answered {reply.exchange.status} {reply.tries}"
    evidence = (reply.line,)
    match meaning(reply):
        case Refusal.REFUSED:
            return None
        case Refusal.ACCEPTED:
            sentence = f"{shown}: a job may have run; no further route was called"
            return Diagnosis(Cause.CRON, sentence, evidence)
        case Refusal.MISSING:
            sentence = f"{reply.exchange.template} answered 404: the schedule calls a route that does not exist"
            return Diagnosis(Cause.CRON, sentence, evidence)
        case Refusal.FAILED if reply.exchange.status == cron.unset_status:
            said = f" (“{reply.exchange.error}”)" if reply.exchange.error else ""
            return Diagnosis(
                Cause.ENVIRONMENT, f"{shown}{said}: {_UNSET}", evidence, Recommendation.FIX_ENVIRONMENT, SET_SECRET
            )
        case Refusal.NO_ANSWER:
            sentence = f"{reply.exchange.template} was not answered ({reply.exchange.failure}) {reply.tries}"
            return Diagnosis(Cause.CRON, sentence, evidence)
        case _:
            return Diagnosis(Cause.CRON, f"{shown} instead of refusing", evidence)


SET_SECRET = ("vercel env add CRON_SECRET production",)


def _stops_all(found: RouteRecord, route: str, *, first: bool) -> str | None:
    """Why no further route may be asked, or None."""
    if found.blocked:
        return f"cron probing stopped at {route}: {found.blocked[0]}"
    if found.wrong is None:
        return None
    ran = any(meaning(reply) is Refusal.ACCEPTED for reply in found.replies)
    unset = found.wrong.cause is Cause.ENVIRONMENT
    return f"cron probing stopped at {route}: {found.wrong.sentence}" if first or ran or unset else None


def _authorised(ask: Ask, route: str, secret: Secret | None) -> RouteRecord:
    assert secret is not None
    headers = {"authorization": f"Bearer {secret.reveal()}"}
    try:
        reply = ask(Probe(route, headers=headers, tries="with CRON_SECRET"))
    except Blocked as error:
        return RouteRecord(blocked=(error.what, error.cure))
    if reply.exchange.status == 200 and reply.exchange.error is None:
        return RouteRecord((reply,))
    said = f" “{reply.exchange.error}”" if reply.exchange.error else ""
    sentence = f"{reply.exchange.template} answered {reply.exchange.status}{said} with CRON_SECRET"
    if reply.exchange.status == 401:
        sentence += ": the run's CRON_SECRET is not the deployment's"
    return RouteRecord((reply,), wrong=Diagnosis(Cause.CRON, sentence, (reply.line,)))
