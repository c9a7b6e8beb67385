"""How a step of a workflow says that the workflow is mistaken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from postdeploy.model import UsageError
from postdeploy.report import github
from postdeploy.system.exit_codes import ExitCode


@contextmanager
def mistakes_are_usage() -> Iterator[None]:
    """A mistake of the workflow ends with 4 and its message."""
    try:
        yield
    except UsageError as error:
        print(github.line("error", "postdeploy", str(error)))
        print(f"postdeploy: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
