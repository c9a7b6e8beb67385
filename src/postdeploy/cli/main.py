"""The command line. A command is loaded when it is called: `postdeploy doctor` reads no log."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

_COMMANDS = {
    "doctor": "postdeploy.cli.doctor",
    "runbook": "postdeploy.cli.runbook",
    "env": "postdeploy.cli.environment",
    "logs": "postdeploy.cli.logs",
    "deployments": "postdeploy.cli.deployments",
    "rollback": "postdeploy.cli.rollback",
}
"""Command → its module, whose function `show` it is."""


class Commands(TyperGroup):
    """Loads a command by its name."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's own
        """In the order in which a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command, or None where there is none of this name."""
        if cmd_name not in _COMMANDS:
            return None
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(cmd_name)(import_module(_COMMANDS[cmd_name]).show)
        return typer.main.get_command(one)


app = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def main_help() -> None:
    """Post-deploy verification."""


def main() -> None:
    """Entry point."""
    app()
