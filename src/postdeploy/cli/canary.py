"""`postdeploy canary URL`: watch the canary of auto-send revision, by `pytest -m canary`."""

from __future__ import annotations

from typing import Annotated

import typer

from postdeploy.cli import smoke

SETTINGS = smoke.SETTINGS


def show(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The production address, with or without https://.")],
) -> None:
    """Watch the canary of auto-send revision. It never flips a switch. Options of the run follow the URL:

    --phase=before|running --watch=60m --record=WHERE --runbook=FILE --reports=DIR

    Exit code 0: expand it. 1: switch it off. 10: keep watching, or nothing is proven.
    """
    smoke.show(context, url, mark="canary")
