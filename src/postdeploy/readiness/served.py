"""What the running app shows to an unauthenticated client: the keys in its bundle, its address, its allowed origins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from postdeploy.logs.own_marks import UNKNOWN_ACTION
from postdeploy.model import Cause, Deployment, Diagnosis, Recommendation
from postdeploy.readiness.prober import Probe, Reply
from postdeploy.readiness.shapes import role_of
from postdeploy.redaction import Secret
from postdeploy.target.bundle import keys_in, read_bundle, scripts
from postdeploy.target.identity import read_identity
from postdeploy.target.preflight import Target

Ask = Callable[[Probe], Reply]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the scripts of the login page contain."""

    service: str | None = None
    """The auth service's address."""
    key: Secret | None = None
    """Its key."""
    roles: tuple[str, ...] = ()
    """The roles of all keys: `anon` is expected, `service_role` must not be there."""


class Origin(StrEnum):
    """How a call from an origin was answered."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCLEAR = "answered in another way"


def read_served(target: Target, login_path: str) -> Bundle:
    """The address and the keys in the scripts that every visitor gets."""
    texts = list(scripts(target, login_path))
    found = next((pair for text in texts if (pair := read_bundle(text))), None)
    roles = tuple(dict.fromkeys(role for text in texts for key in keys_in(text) if (role := role_of(key))))
    return Bundle(found[0], Secret(found[1]), roles) if found else Bundle(roles=roles)


def call_from(origin: str, login_path: str) -> Probe:
    """A call of a Server Action that does not exist, made by a page of this origin. Nothing runs."""
    headers = {
        "origin": origin,
        "next-action": UNKNOWN_ACTION,
        "accept": "text/x-component",
        "content-type": "text/plain;charset=UTF-8",
    }
    return Probe(login_path, "POST", headers, "[]", tries=f"from {origin}")


def origin_in(reply: Reply) -> Origin:
    """Whether the origin may call Server Actions: the answer is “no such action”, or an error that was thrown."""
    if reply.exchange.superseded_action:
        return Origin.ACCEPTED
    if reply.exchange.status == 500 and reply.exchange.digest:
        return Origin.REFUSED
    return Origin.UNCLEAR


def refused_domains(replies: Iterable[tuple[str, Reply]]) -> Diagnosis | None:
    """Production domains from which Server Actions can't be called; None: there are none."""
    wrong = [(domain, reply) for domain, reply in replies if origin_in(reply) is not Origin.ACCEPTED]
    if not wrong:
        return None
    names = ", ".join(domain for domain, _ in wrong)
    how = "refuse calls" if all(origin_in(reply) is Origin.REFUSED for _, reply in wrong) else "do not accept calls"
    return Diagnosis(
        Cause.ENVIRONMENT,
        f"Server Actions {how} from {names}: SERVER_ACTIONS_ALLOWED_ORIGINS of the running build does not cover it",
        tuple(reply.line for _, reply in wrong),
        Recommendation.FIX_ENVIRONMENT,
        SET_ORIGINS,
    )


def accepted_foreign(origin: str, reply: Reply) -> Diagnosis | None:
    """The foreign origin was not refused; None: it was."""
    found = origin_in(reply)
    if found is Origin.REFUSED:
        return None
    if found is Origin.ACCEPTED:
        sentence = f"Server Actions can be called from {origin}: SERVER_ACTIONS_ALLOWED_ORIGINS of the running build is too wide"
        return Diagnosis(Cause.ENVIRONMENT, sentence, (reply.line,), Recommendation.FIX_ENVIRONMENT, SET_ORIGINS)
    said = reply.exchange.status or reply.exchange.failure
    sentence = f"a Server Action called from {origin} answered {said}: neither refused nor accepted"
    return Diagnosis(Cause.SERVER_ACTIONS, sentence, (reply.line,))


SET_ORIGINS = (
    "vercel env rm SERVER_ACTIONS_ALLOWED_ORIGINS production --yes",
    "vercel env add SERVER_ACTIONS_ALLOWED_ORIGINS production",
)


def served_elsewhere(
    url: str, reply: Reply, deployment: Deployment | None, live: Collection[str] = ()
) -> Diagnosis | None:
    """The app's own address does not serve this deployment, nor one that is live according to Vercel; None: it does."""
    there = read_identity(url, reply.text) if reply.exchange.status == 200 else None
    if there and (deployment is None or there.same_build(deployment) or there.deployment_id in live):
        return None
    if there and deployment:
        what = f"serves {there.name}, not {deployment.name}"
    else:
        what = f"answered {reply.exchange.status or reply.exchange.failure}"
    return Diagnosis(
        Cause.ENVIRONMENT,
        f"the host of NEXT_PUBLIC_APP_URL {what}",
        (reply.line,),
        Recommendation.FIX_ENVIRONMENT,
        ("vercel env rm NEXT_PUBLIC_APP_URL production --yes", "vercel env add NEXT_PUBLIC_APP_URL production"),
    )
