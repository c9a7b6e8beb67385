"""`postdeploy smoke URL`: the run of `pytest -m smoke --base-url=URL`, in a folder of any kind, without its pytest configuration."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.cli.mistakes import mistakes_told
from postdeploy.model import UsageError
from postdeploy.system.suite import SMOKE, SUITE

_OPTIONS = "PYTEST_ADDOPTS"

SETTINGS = {"allow_extra_args": True, "ignore_unknown_options": True}
"""What this command does not know itself is an option of the run."""


def show(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The deployment, with or without https://.")],
    *,
    mark: Annotated[
        str, typer.Option("-m", metavar="MARK", help="Checks to run: smoke, or rollback after one.")
    ] = "smoke",
) -> None:
    """Verify a deployment. Options of the run follow the URL:

    --logs=vercel --watch=10m --runbook=FILE --reports=DIR --record=WHERE --without=PART --deployed-at=TIME --baseline=SOURCE
    """
    with mistakes_told():
        _refuse_switched_off([*_inherited(), *context.args])
    run = command(url, Path.cwd(), mark, *context.args)
    os.execv(sys.executable, run)  # noqa: S606 - a signal to this process is one to the run


def command(url: str, folder: Path, mark: str, *options: str) -> list[str]:
    """The run as a command, for this folder."""
    address = url if "://" in url else f"https://{url}"
    run = [sys.executable, "-m", "pytest", *arguments(folder), "-m", mark, f"--base-url={address}", *options]
    if not any(Path(one.partition("::")[0]).parts[:1] == (SMOKE,) for one in options):
        run.append(str(SUITE / SMOKE))  # else pytest would begin with the conftest.py of this folder
    return run


def reports_folder(folder: Path, options: Iterable[str]) -> Path:
    """Where the run of this command, in this folder, writes its verdict.

    Raises:
        UsageError: the options in the environment can't be read.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--reports", nargs="?")
    given, _ = parser.parse_known_args([*_inherited(), *options])
    return folder / (given.reports or "reports")


def _inherited() -> list[str]:
    try:
        return shlex.split(os.environ.get(_OPTIONS, ""))
    except ValueError as error:  # pytest itself ends with a traceback and 1, which means FAIL
        raise UsageError(f"{_OPTIONS} can't be read ({error}). Correct it, or unset it.") from None


def _refuse_switched_off(options: Iterable[str]) -> None:
    for one in options:
        if one.startswith(
            ("no:postdeploy", "-pno:postdeploy", "postdeploy=", "-opostdeploy=", "--override-ini=postdeploy=")
        ):
            raise UsageError(f"{one} switches the verification off, so nothing would be verified. Leave it out.")


def arguments(folder: Path) -> list[str]:
    """Pytest's own, for a run in this folder: neither its configuration nor its conftest.py has a say."""
    return [
        f"--config-file={os.devnull}",
        f"--rootdir={folder}",
        f"--confcutdir={SUITE}",
        "--override-ini=postdeploy=true",
        "-p",
        "no:cacheprovider",
    ]
