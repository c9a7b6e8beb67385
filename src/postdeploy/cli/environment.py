"""`postdeploy env`: the list of variables against what Production has, as a table. Values are never shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from postdeploy.cli.mistakes import mistakes_told
from postdeploy.model import UsageError
from postdeploy.readiness import inventory
from postdeploy.readiness.audit import Inventory, Setting, audit, public_secrets
from postdeploy.readiness.configured import unconfigured, without_switched_off
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.system.exit_codes import ExitCode
from postdeploy.target.address import parse_base_url


def show(
    base_url: Annotated[
        str | None,
        typer.Option("--base-url", metavar="URL", help="The deployment: for its domains, and when it was built."),
    ] = None,
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
) -> None:
    """Compare the variables of Production with [variables] in runbook.toml. Exit code 1: a variable is wrong; 10: unproven."""
    with mistakes_told():
        known, book = _read(base_url, runbook)
    settings = [audit(name, expected, known) for name, expected in book.variables.items()]
    exposed = public_secrets(known)
    _print(settings, exposed)
    if exposed or any(one.problem for one in settings):
        raise typer.Exit(ExitCode.FAILED)
    if any(one.unproven for one in settings):
        raise typer.Exit(ExitCode.INCONCLUSIVE)


def _read(base_url: str | None, overlay: Path | None) -> tuple[Inventory, Runbook]:
    folder = Path.cwd()
    book = without_switched_off(read_runbook(folder, overlay))
    environment = read_environment(folder / ".env", os.environ)
    missing = unconfigured(book, environment).get("environment")
    if missing:
        raise UsageError(f"the environment can't be read: {missing}. postdeploy doctor says how to get it.")
    url = parse_base_url(base_url) if base_url else None
    return inventory.read(book, inventory.access_of(environment), url, folder), book


def _print(settings: list[Setting], exposed: tuple[str, ...]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "variable", "set for", "type", "says"):
        table.add_column(heading, no_wrap=heading in ("", "variable"), overflow="fold")
    for one in settings:
        targets = ", ".join(sorted(one.entry.targets)) if one.entry else ""
        table.add_row(_mark(one), one.name, targets, one.entry.kind if one.entry else "", escape(one.says))
    for name in exposed:
        table.add_row("[red]wrong[/]", name, "production", "", "a secret under a public name")
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    for warning in dict.fromkeys(warning for one in settings for warning in one.warnings):
        console.print(f"[yellow]warning[/]  {escape(warning)}")
    commands = [command for one in settings for command in one.commands]
    commands += [f"vercel env rm {name} production --yes" for name in exposed]
    if commands:
        console.print("\nTo mend it:")
        for command in [*commands, "vercel redeploy <deployment-url> --target=production"]:
            console.print(f"  {command}", markup=False)


def _mark(one: Setting) -> str:
    if one.problem:
        return "[red]wrong[/]"
    return "[yellow]unproven[/]" if one.unproven else "[green]ok[/]"
