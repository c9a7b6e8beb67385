"""The entry point of `postdeploy`: which module holds which command. It is loaded when the command is asked for."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module, metadata
from typing import Annotated, Any, NoReturn

import typer
from typer._click.exceptions import ClickException  # typer exports no base of its errors
from typer.core import TyperCommand, TyperGroup

from postdeploy.system import output
from postdeploy.system.exit_codes import ExitCode

_MODULES = {
    "smoke": "smoke",
    "install-browser": "install_browser",
    "doctor": "doctor",
    "runbook": "runbook",
    "env": "environment",
    "logs": "logs",
    "deployments": "deployments",
    "rollback": "rollback",
    "canary": "canary",
    "watch": "watch",
    "launch": "launch",
    "verdict": "verdict",
    "report": "report",
    "notify": "notify",
    "github": "github",
    "check": "check",
}
"""Command → module of this folder; its function `show` is the command, or its `COMMANDS` are."""


_CTRL_C = 130
"""How typer ends after it."""


class _WithWholeHelp(TyperCommand):
    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - what does not fit on a line goes on the next
        return super().get_short_help_str(limit=1000)


class _GroupWithWholeHelp(TyperGroup):
    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        return super().get_short_help_str(limit=1000)


class _Commands(Mapping[str, Any]):
    """Command → how typer runs it."""

    def __getitem__(self, name: str) -> Any:
        module = import_module(f"postdeploy.cli.{_MODULES[name]}")
        one = typer.Typer(cls=_GroupWithWholeHelp, add_completion=False, rich_markup_mode=None)
        group: dict[str, Any] | None = getattr(module, "COMMANDS", None)
        if group:
            one.callback()(_about_group(module.__doc__ or ""))
        for each, show in (group or {name: module.show}).items():
            one.command(name=each, cls=_WithWholeHelp, context_settings=getattr(module, "SETTINGS", None))(show)
        made = typer.main.get_command(one)
        made.name = name
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


def _about_group(says: str) -> Callable[[], None]:
    def about() -> None: ...

    about.__doc__ = says
    return about


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = _Commands()

    def main(self, *given: Any, **more: Any) -> NoReturn:
        """Run a command and exit by the one table. Typer itself ends with 2 after a usage error, and with 1 after a closed pipe."""
        output.write_in_any_encoding()
        try:
            code = super().main(*given, **more | {"standalone_mode": False})
            output.flush()
            code = ExitCode.INTERRUPTED if code == _CTRL_C else code
        except ClickException as error:
            error.message = _shown(error.message)
            error.show()
            code = ExitCode.USAGE
        except typer.Abort:
            code = ExitCode.INTERRUPTED
        except SystemExit:  # the reader closed the pipe: nothing was decided
            code = ExitCode.INCONCLUSIVE
        except OSError as error:
            output.drop()
            print(
                _shown(f"postdeploy: {error.strerror or error}{f': {error.filename}' if error.filename else ''}"),
                file=sys.stderr,
            )
            code = ExitCode.INCONCLUSIVE
        except Exception:  # noqa: BLE001 - our own error, whatever it is, decides nothing
            traceback.print_exc()
            code = ExitCode.INTERNAL_ERROR
        sys.exit(code)


def _shown(text: str) -> str:
    """What may hold a name from the command line, as a terminal may show it."""
    from postdeploy.redaction import shown

    return shown(text)


app = typer.Typer(cls=_Group, add_completion=False, no_args_is_help=True, rich_markup_mode=None)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"postdeploy {metadata.version('postdeploy')}")
        raise typer.Exit


@app.callback()
def _about(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Post-deploy verification: keep this deployment, roll it back, or is something else wrong?"""


def main() -> None:
    """Run the command that the arguments name."""
    app()
