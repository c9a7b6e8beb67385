"""Which parts can be measured with this configuration, and the subjects for which each check is repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from postdeploy.model import UsageError
from postdeploy.readiness.env_file import from_file
from postdeploy.readiness.signatures import TIMED
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.readiness_tables import LISTED, VERCEL
from postdeploy.runbook.tables import Runbook

_TIMEOUT = 10.0


def shared_names(runbook: Runbook) -> tuple[str, ...]:
    """The environment variables that may contain the secrets of the app's endpoints."""
    return tuple(dict.fromkeys(one.secret for one in runbook.endpoints.values() if one.secret))


def switched_off(runbook: Runbook) -> dict[str, str]:
    """What runbook.toml switches off, with the reason: variables, cron routes, endpoints."""
    found = {f"variable {name}": one.off for name, one in runbook.variables.items() if one.off}
    found |= {f"endpoint {name}": one.off for name, one in runbook.endpoints.items() if one.off}
    return found | {f"cron route {route}": why for route, why in runbook.cron.off.items()}


def without_switched_off(runbook: Runbook) -> Runbook:
    """The runbook with what is checked only.

    Raises:
        UsageError: the cron route that has to be probed first is switched off.
    """
    if runbook.cron.first in runbook.cron.off:
        raise UsageError(f"[cron] off: {runbook.cron.first} is probed first. Name another one as cron.first.")
    cron = replace(runbook.cron, safe=tuple(route for route in runbook.cron.safe if route not in runbook.cron.off))
    variables = {name: one for name, one in runbook.variables.items() if not one.off}
    endpoints = {name: one for name, one in runbook.endpoints.items() if not one.off}
    return replace(runbook, variables=variables, endpoints=endpoints, cron=cron)


def unconfigured(runbook: Runbook, environment: Environment) -> dict[str, str]:
    """Part → what is missing to measure it."""
    return dict(_missing(runbook, environment))


def _missing(runbook: Runbook, environment: Environment) -> Iterator[tuple[str, str]]:
    source = runbook.environment.source
    if not source:
        yield "environment", "no environment.source in runbook.toml"
    elif source == VERCEL and environment.platform is None:
        yield "environment", f"no {' and no '.join(environment.platform_missing)}"
    if environment.platform is None:
        yield "deployments", f"no {' and no '.join(environment.platform_missing)}"
    if not runbook.cron.source:
        yield "cron", "no cron.source in runbook.toml"
    if not runbook.webhooks.source:
        yield "webhooks", "no webhooks.source in runbook.toml"
    if not runbook.inbox.search:
        yield "search", "no inbox.search in runbook.toml"
    if not runbook.inbox.filter:
        yield "filter", "no inbox.filter in runbook.toml"
    event = runbook.test_event
    secret = runbook.endpoints[event.endpoint].secret if event.endpoint in runbook.endpoints else ""
    if not event.workspace:
        yield "event", "no test_event.workspace in runbook.toml"
    elif secret not in environment.shared:
        yield "event", f"no {secret or 'secret for its endpoint'}"


def by_name_only(runbook: Runbook) -> tuple[str, ...]:
    """The variables whose shape is not checked, because their value is not read."""
    if runbook.environment.source != VERCEL:
        return ()
    return tuple(name for name, each in runbook.variables.items() if each.shape != "any" and not each.read_values)


def subjects(
    runbook: Runbook, environment: Environment, left_out: Mapping[str, str], folder: Path
) -> dict[str, tuple[str, ...]]:
    """Kind of subject → its subjects; each has a check of its own.

    Raises:
        UsageError: the list of cron routes, or the file of the environment, can't be read.
    """
    cron = runbook.cron
    if "environment" not in left_out and runbook.environment.source != VERCEL:
        from_file(folder / runbook.environment.source, ())  # a usage error now, not in a check
    routes = () if "cron" in left_out else cron.in_order(cron_routes(runbook, folder))
    guarded = {name: each for name, each in runbook.endpoints.items() if each.scheme != "open"}
    return {
        "variable": tuple(runbook.variables),
        "cron_route": routes,
        "authorised_route": cron.safe if "CRON_SECRET" in environment.shared and routes else (),
        "endpoint": tuple(guarded),
        "open_endpoint": tuple(name for name in runbook.endpoints if name not in guarded),
        "signed_endpoint": tuple(
            name for name, each in guarded.items() if each.scheme in TIMED and each.secret in environment.shared
        ),
    }


def cron_routes(runbook: Runbook, folder: Path) -> tuple[str, ...]:
    """The scheduled routes: of the runbook, or of the app's vercel.json.

    Raises:
        UsageError: the file or address can't be read, or schedules nothing.
    """
    source = runbook.cron.source
    if source == LISTED:
        return runbook.cron.routes
    try:
        crons = json.loads(_text(source, folder)).get("crons", [])
        paths = tuple(str(each["path"]).partition("?")[0] for each in crons)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"cron.source: {source} can't be read as a vercel.json ({type(error).__name__}). "
            'Give its path or address, or "listed".'
        ) from None
    if not paths:
        raise UsageError(f'cron.source: {source} schedules no cron. Give the app\'s vercel.json, or "listed".')
    return paths


def _text(source: str, folder: Path) -> str:
    if not source.startswith(("http://", "https://")):
        return (folder / source).read_text(encoding="utf-8")
    import httpx  # noqa: PLC0415 - only for an address

    from postdeploy.system.trust import authorities  # noqa: PLC0415
    from postdeploy.system.user_agent import user_agent  # noqa: PLC0415

    try:
        asked = httpx.get(
            source, headers={"user-agent": user_agent()}, timeout=_TIMEOUT, follow_redirects=True, verify=authorities()
        )
        return asked.raise_for_status().text
    except httpx.HTTPError as error:
        raise ConnectionError(str(error)) from None
