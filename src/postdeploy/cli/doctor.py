"""What is configured, what is missing and how to get it. Looks, and touches nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from postdeploy.logs.files import open_source
from postdeploy.model import UsageError
from postdeploy.readiness.configured import shared_names, unconfigured
from postdeploy.record.places import open_record
from postdeploy.runbook.environment import Environment, read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.system import browser

MOST_LINES = 30


class ItemState(StrEnum):
    """How a thing stands."""

    OK = "ok"
    MISSING = "missing"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the suite needs or can use."""

    state: ItemState
    name: str
    says: str


_VARIABLES = {
    "SMOKE_EMAIL": "the smoke user's address: a user of its own, password login, no MFA, member of two workspaces",
    "SMOKE_PASSWORD": "the smoke user's password",
    "VERCEL_AUTOMATION_BYPASS_SECRET": "only behind deployment protection: Vercel, project settings, Deployment Protection",
    "VERCEL_TOKEN": "for the environment, the deployments and --logs=vercel, to read only: "
    "Vercel, account settings, Tokens, with the team as its scope",
    "VERCEL_PROJECT_ID": "the project that the token is for: Vercel, project settings, General",
    "VERCEL_TEAM_ID": "only where a team owns the project: Vercel, team settings, General",
    "VERCEL_ROLLBACK_TOKEN": "only for postdeploy rollback --yes, where VERCEL_TOKEN shall not act: a token of whoever may deploy",
    "CRON_SECRET": "only to call the cron routes that runbook.toml marks as safe: the app's own",
}
_REQUIRED = ("SMOKE_EMAIL", "SMOKE_PASSWORD")


def examine(folder: Path, runbook_file: Path | None, environ: Mapping[str, str]) -> Iterator[Item]:
    """Each thing with its state, in the order in which a newcomer would set it up."""
    runbook: Runbook | None = None
    try:
        runbook = read_runbook(runbook_file)
        yield Item(ItemState.OK, "runbook", str(runbook_file or "built in"))
    except UsageError as error:
        yield Item(ItemState.MISSING, "runbook", str(error))
    environment: Environment | None = None
    try:
        environment = read_environment(folder / ".env", environ, shared_names(runbook) if runbook else ())
    except UsageError as error:
        yield Item(ItemState.MISSING, ".env", str(error))
    linked = _linked(folder)
    for name, how in _VARIABLES.items():
        if environment and name in environment.configured:
            yield Item(ItemState.OK, name, "is set")
        else:
            here = f" (.vercel/project.json says {linked[name]})" if name in linked else ""
            yield Item(ItemState.MISSING if name in _REQUIRED else ItemState.OPTIONAL, name, how + here)
    if runbook and environment:
        yield _logs(runbook, environment)
    if runbook:
        yield _record(runbook, folder)
        yield _workspaces(runbook)
    if runbook and environment:
        for part, why in unconfigured(runbook, environment).items():
            yield Item(ItemState.OPTIONAL, f"part {part}", f"not measured: {why}")
    yield _browser(environ)


def _logs(runbook: Runbook, environment: Environment) -> Item:
    """Which log a run would judge, or could."""
    source = runbook.logs.source
    missing = " and ".join(environment.platform_missing)
    if source and source != "vercel":
        try:
            open_source(source)
        except UsageError as error:
            return Item(ItemState.MISSING, "logs", f"[logs] source: {error}")
        return Item(ItemState.OK, "logs", f"every run judges {source}")
    if source and missing:
        return Item(ItemState.MISSING, "logs", f'[logs] source = "vercel" needs {missing}')
    if source:
        return Item(
            ItemState.OK, "logs", "every run judges the platform's; --watch=10m waits for the first ten minutes"
        )
    if missing:
        says = f"--logs=vercel needs {missing}; --logs=FILE, and postdeploy logs FILE, need nothing"
        return Item(ItemState.OPTIONAL, "logs", says)
    return Item(
        ItemState.OK, "logs", "not judged unless asked for: --logs=vercel, and --watch=10m for the first ten minutes"
    )


def _record(runbook: Runbook, folder: Path) -> Item:
    """Whether a run will know which deployment was good."""
    where = runbook.record.where
    if not where:
        says = "earlier verdicts are not kept: --record=git:postdeploy-record, or a file; by them the last good deployment is known"
        return Item(ItemState.OPTIONAL, "record", says)
    try:
        place = open_record(where, folder)
    except UsageError as error:
        return Item(ItemState.MISSING, "record", str(error))
    return Item(
        ItemState.OK, "record", f"earlier verdicts are in {place.name}" + ("" if place.grows else ", only read")
    )


def _workspaces(runbook: Runbook) -> Item:
    names = ", ".join(workspace.name for workspace in runbook.workspace)
    if names:
        return Item(ItemState.OK, "workspaces", names)
    return Item(
        ItemState.OPTIONAL,
        "workspaces",
        "name the smoke user's workspaces as [[workspace]], so that foreign ones are noticed",
    )


def _browser(environ: Mapping[str, str]) -> Item:
    try:
        found = browser.executable(environ)
    except browser.NoBrowser as error:
        return Item(ItemState.MISSING, "browser", str(error))
    return Item(ItemState.OK, "browser", str(found) if found else "Playwright's own Chromium")


def starter_runbook(folder: Path) -> str:
    """A runbook.toml of at most 30 lines: what was found in the app's folder, the rest as comments."""
    lines = [
        "# What differs from the built-in runbook. postdeploy doctor says what is configured.",
        "schema = 1",
        "",
        "# The smoke user's workspaces: two of them with conversations.",
        "# [[workspace]]",
        '# name = "Acme"',
        "# [[workspace]]",
        '# name = "Globex"',
    ]
    found = list(_found(folder))
    if found:
        lines += ["", "# Found here:", *(f"#   {line}" for line in found)]
    return "\n".join(lines[:MOST_LINES]) + "\n"


def _found(folder: Path) -> Iterator[str]:
    for name, value in _linked(folder).items():
        yield f"{name}={value} (set it in the environment or in .env, with VERCEL_TOKEN, for --logs=vercel)"
    crons = _json(folder / "vercel.json").get("crons")
    if isinstance(crons, list) and crons:
        yield f'{len(crons)} cron routes in vercel.json: [cron] source = "vercel.json"'


def _linked(folder: Path) -> dict[str, str]:
    """The project that `vercel link` has noted here, by the variables' names; a user's own project has no team."""
    noted = _json(folder / ".vercel" / "project.json")
    project, owner = noted.get("projectId"), noted.get("orgId")
    found = {"VERCEL_PROJECT_ID": project} if isinstance(project, str) else {}
    return found | ({"VERCEL_TEAM_ID": owner} if isinstance(owner, str) and owner.startswith("team_") else {})


def _json(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
