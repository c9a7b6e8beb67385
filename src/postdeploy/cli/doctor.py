"""`postdeploy doctor`: what is configured, what is missing and how to get it. Asks a server only with --base-url."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from postdeploy.cli.doctor_items import Item, ItemState
from postdeploy.cli.mistakes import mistakes_told
from postdeploy.cli.starter import linked, write_starter
from postdeploy.model import UsageError
from postdeploy.readiness.configured import shared_names, unconfigured
from postdeploy.runbook.environment import Environment, read_environment
from postdeploy.runbook.layers import SetBy, read_layers
from postdeploy.runbook.reading import runbook_of
from postdeploy.runbook.tables import Runbook
from postdeploy.system import browser
from postdeploy.system.exit_codes import ExitCode
from postdeploy.target.address import parse_base_url

_COLOURS = {ItemState.OK: "green", ItemState.MISSING: "red", ItemState.OPTIONAL: "yellow"}
_VARIABLES = {
    "SMOKE_EMAIL": "the smoke user's e-mail address: a user of its own with password login, no MFA, member of two workspaces",
    "SMOKE_PASSWORD": "the smoke user's password",
    "VERCEL_AUTOMATION_BYPASS_SECRET": "only behind deployment protection: Vercel, project settings, Deployment Protection",
    "VERCEL_TOKEN": "to read the environment, the deployments and --logs=vercel: "
    "Vercel, account settings, Tokens, with the team as its scope",
    "VERCEL_PROJECT_ID": "the project to read: Vercel, project settings, General",
    "VERCEL_TEAM_ID": "only if a team owns the project: Vercel, team settings, General",
    "VERCEL_ROLLBACK_TOKEN": "only for postdeploy rollback --yes, if VERCEL_TOKEN may only read: a token that may deploy",
    "CANARY_DATABASE_URL": "only for pytest -m canary: the app's database, by a role that can only read",
    "CANARY_ADMIN_EMAIL": "only for pytest -m canary: a user who may see the admin page",
    "CANARY_ADMIN_PASSWORD": "that user's password",
    "CRON_SECRET": "only to call the cron routes in cron.safe of runbook.toml: the app's own secret",
}
_REQUIRED = ("SMOKE_EMAIL", "SMOKE_PASSWORD")


def show(
    init: Annotated[
        bool, typer.Option("--init", help="Write a short runbook.toml, and let pytest -m smoke verify here.")
    ] = False,
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Try it there: address, token and one sign-in.")
    ] = None,
) -> None:
    """Show what is configured, what is missing and how to get it. Asks no server without --base-url, and changes nothing without --init.

    Exit code 0: a run can begin; 1: something that it needs is missing or wrong; 4: an option can't be used.
    """
    folder = Path.cwd()
    with mistakes_told():
        if init:
            for more in write_starter(folder):
                print(more)
        url = parse_base_url(base_url, "doctor") if base_url else None
    lines = [*examine(folder, runbook, os.environ), *(_attempts(url, folder, runbook) if url else ())]
    table = Table(box=None, show_header=False, pad_edge=False)
    for line in lines:
        table.add_row(f"[{_COLOURS[line.state]}]{line.state}[/]", line.name, escape(line.says))
    Console(highlight=False).print(table)
    raise typer.Exit(ExitCode.FAILED if any(line.state is ItemState.MISSING for line in lines) else ExitCode.PASSED)


def _attempts(url: str, folder: Path, runbook_file: Path | None) -> Iterator[Item]:
    """Nothing is tried with files that can't be read: `examine` has said so."""
    from postdeploy.cli.doctor_attempts import attempts

    try:
        runbook = runbook_of(read_layers(folder, runbook_file))
        environment = read_environment(folder / ".env", os.environ, shared_names(runbook))
    except UsageError:
        return
    try:
        yield from attempts(url, runbook, environment, folder)
    except UsageError as error:
        yield Item(ItemState.MISSING, "address", str(error))


def examine(folder: Path, runbook_file: Path | None, environ: Mapping[str, str]) -> Iterator[Item]:
    """Each thing with its state, in the order in which a newcomer sets it up."""
    runbook: Runbook | None = None
    try:
        layers = read_layers(folder, runbook_file)
        runbook = runbook_of(layers)
        given = [str(layer.file) for layer in layers if layer.origin is not SetBy.PACKAGED]
        yield Item(ItemState.OK, "runbook", " + ".join(["packaged defaults", *given]))
        for layer in layers:
            yield from (Item(ItemState.OPTIONAL, "runbook", f"{layer.file}: {note}") for note in layer.notes)
    except UsageError as error:
        yield Item(ItemState.MISSING, "runbook", str(error))
    environment: Environment | None = None
    try:
        environment = read_environment(folder / ".env", environ, shared_names(runbook) if runbook else ())
    except UsageError as error:
        yield Item(ItemState.MISSING, ".env", str(error))
        environment = _without_a_file(environ, runbook)
    noted = linked(folder)
    for name, how in _VARIABLES.items():
        if environment and name in environment.configured:
            yield Item(ItemState.OK, name, "is set")
        else:
            here = f" (.vercel/project.json: {noted[name]})" if name in noted else ""
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


def _without_a_file(environ: Mapping[str, str], runbook: Runbook | None) -> Environment | None:
    """What the environment alone sets: it beats .env, whatever stands there."""
    try:
        return read_environment(Path(os.devnull), environ, shared_names(runbook) if runbook else ())
    except UsageError:
        return None


def _logs(runbook: Runbook, environment: Environment) -> Item:
    """Which log a run judges, or could judge."""
    source = runbook.logs.source
    missing = " and ".join(environment.platform_missing)
    if source and source != "vercel":
        from postdeploy.logs.files import open_source

        try:
            open_source(source, runbook=runbook)
        except UsageError as error:
            return Item(ItemState.MISSING, "logs", f"[logs] source: {error}")
        return Item(ItemState.OK, "logs", f"every run reads {source}")
    if source and missing:
        return Item(ItemState.MISSING, "logs", f'[logs] source = "vercel" needs {missing}')
    if source:
        return Item(ItemState.OK, "logs", "every run reads Vercel's log; --watch=10m waits for the first ten minutes")
    if missing:
        says = f"--logs=vercel needs {missing}; --logs=FILE and postdeploy logs FILE need nothing"
        return Item(ItemState.OPTIONAL, "logs", says)
    return Item(
        ItemState.OK, "logs", "not read by default; add --logs=vercel, and --watch=10m for the first ten minutes"
    )


def _record(runbook: Runbook, folder: Path) -> Item:
    """Whether a run can know which deployment was good."""
    where = runbook.record.where
    if not where:
        says = "earlier verdicts are not kept, so the last-good deployment is unknown: --record=git:postdeploy-record, or a file"
        return Item(ItemState.OPTIONAL, "record", says)
    from postdeploy.record.places import File, open_record

    try:
        place = open_record(where, folder)
    except UsageError as error:
        return Item(ItemState.MISSING, "record", str(error))
    if isinstance(place, File) and place.refusal:
        return Item(ItemState.MISSING, "record", f"{place.refusal}: no verdict is added")
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
        "name the smoke user's workspaces in runbook.toml as [[workspace]]: then a foreign one is noticed",
    )


def _browser(environ: Mapping[str, str]) -> Item:
    try:
        found = browser.executable(environ)
    except browser.NoBrowser as error:
        return Item(ItemState.MISSING, "browser", str(error))
    return Item(ItemState.OK, "browser", str(found) if found else "Playwright's own Chromium")
