"""The faults of what surrounds the inbox: the environment, the cron routes, the webhooks and the admin routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from sandbox.fault import Decision, Fault, in_the_app
from sandbox.platform.environment import REFUSALS
from sandbox.variables import MALFORMED, Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.switches import Switches

SAFE_WHEN_UNSET = "AUTO_SEND_DISABLED"
_SAYS = {
    "missing": "is not there",
    "empty": "is empty",
    "newline": "ends with a line break",
    "preview-only": "is set for Preview only",
    "malformed": "has a value that can't be right",
}


def _variable_faults() -> Iterator[Fault]:
    for mistake in get_args(Mistake):
        for name in MALFORMED:
            unset = mistake in ("missing", "empty", "preview-only") and name == SAFE_WHEN_UNSET
            decision: Decision = "PASS" if unset else "FAIL"
            yield _spoiled(name, mistake, decision)


def _spoiled(name: str, mistake: Mistake, decision: Decision) -> Fault:
    description = f"{name} {_SAYS[mistake]}"
    return Fault(fault_name(name, mistake), description, decision, lambda each: each.variables.spoil(name, mistake))


def fault_name(name: str, mistake: str) -> str:
    """What the fault of one variable is called."""
    return f"env-{name.lower().replace('_', '-')}-{mistake}"


def _refused(status: int) -> Fault:
    description = f"the platform's API answers {status} when asked for the variables"
    return Fault(f"env-api-{status}", description, "INCONCLUSIVE", lambda switches: switches.variables.refuse(status))


def _unset(switches: Switches) -> None:
    switches.variables.environment.remove("CRON_SECRET")
    switches.environment(CRON_SECRET=None)


READINESS_FAULTS = (
    *_variable_faults(),
    Fault(
        "env-lever-unsafe",
        "AUTO_SEND_REVISION_DISABLED is 0 before the canary has started",
        "FAIL",
        lambda switches: switches.variables.set("AUTO_SEND_REVISION_DISABLED", "0"),
    ),
    Fault(
        "env-auto-send-off",
        "the feature flag AUTO_SEND_DISABLED is set to 1",
        "FAIL",
        lambda switches: switches.variables.set("AUTO_SEND_DISABLED", "1"),
    ),
    Fault(
        "env-origins-any",
        "SERVER_ACTIONS_ALLOWED_ORIGINS is *",
        "FAIL",
        lambda switches: switches.variables.set("SERVER_ACTIONS_ALLOWED_ORIGINS", "*"),
    ),
    Fault(
        "env-public-secret",
        "a secret has a NEXT_PUBLIC_ name as well",
        "FAIL",
        lambda switches: switches.variables.set("NEXT_PUBLIC_CRON_SECRET", "a value of at least sixteen letters"),
    ),
    Fault(
        "env-sensitive",
        "no secret can be read: all of them have the type sensitive",
        "PASS",
        lambda switches: switches.variables.make_sensitive(),
    ),
    Fault(
        "env-changed-after-build",
        "DATABASE_URL and NEXT_PUBLIC_APP_URL were changed after the running build",
        "PASS",
        lambda switches: switches.variables.change_now("DATABASE_URL", "NEXT_PUBLIC_APP_URL"),
    ),
    Fault(
        "env-hidden",
        "the token's role may not see CRON_SECRET",
        "INCONCLUSIVE",
        lambda switches: switches.variables.hide("CRON_SECRET"),
    ),
    *(_refused(status) for status in REFUSALS),
    Fault(
        "service-role-key-in-bundle",
        "a build with the service-role key in it instead of the anon key",
        "FAIL",
        lambda switches: switches.build_with_its_settings("service-role-key"),
    ),
    Fault(
        "origins-too-wide",
        "a build whose Server Actions can be called from every site at *.vercel.app",
        "FAIL",
        lambda switches: switches.build_with_its_settings("origins-too-wide"),
    ),
    Fault(
        "origins-too-few",
        "a build whose Server Actions refuse the custom production domain",
        "FAIL",
        lambda switches: switches.build_with_its_settings("origins-too-few"),
    ),
    Fault(
        "cron-secret-unset",
        "CRON_SECRET is not set: some routes answer 503, some 401, two run for everybody",
        "FAIL",
        _unset,
    ),
    in_the_app("cron-open", "a cron route runs for everybody"),
    in_the_app("cron-throws", "a cron route throws before it looks who calls"),
    in_the_app("cron-bearer-undefined", "a cron route accepts `Bearer undefined`"),
    Fault(
        "cron-route-missing",
        "a build that lacks one of the scheduled routes",
        "FAIL",
        lambda switches: switches.build("without-cron-route"),
    ),
    Fault(
        "cron-walled",
        "deployment protection stands before the cron routes",
        "INCONCLUSIVE",
        lambda switches: switches.wall_before_crons(),
    ),
    Fault(
        "probes-challenged",
        "the edge takes every client of crons, webhooks or admin routes for a bot",
        "INCONCLUSIVE",
        lambda switches: switches.challenge_probes(),
    ),
    in_the_app("webhook-accepts-unsigned", "a webhook accepts what is not signed"),
    in_the_app("webhook-accepts-altered", "a webhook takes only a part of a body for signed: the rest can be altered"),
    in_the_app("webhook-accepts-stale", "a webhook accepts requests of any age"),
    in_the_app("webhook-replay-inserts-twice", "a repeated event is inserted twice"),
    Fault(
        "webhook-chokes-on-nonsense",
        "a webhook that is open by design throws when it is sent nonsense, which is known of it",
        "PASS",
        lambda switches: switches.app("webhook-chokes-on-nonsense"),
    ),
    in_the_app("admin-open", "an admin route answers everybody"),
)
