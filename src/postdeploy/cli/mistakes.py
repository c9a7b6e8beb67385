"""What every command says of a mistake or an obstacle: a line with its cure, and an exit code of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from postdeploy.model import Blocked, UsageError
from postdeploy.redaction import shown
from postdeploy.system.exit_codes import ExitCode


@contextmanager
def mistakes_told() -> Iterator[None]:
    """Within: a `UsageError` ends the command with exit code 4, what is `Blocked` with 10."""
    try:
        yield
    except (UsageError, Blocked) as error:
        print(f"postdeploy: {shown(str(error))}", file=sys.stderr)  # it may name a file as the command line does
        raise typer.Exit(ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.INCONCLUSIVE) from None
