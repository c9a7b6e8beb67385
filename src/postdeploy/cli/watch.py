"""`postdeploy watch URL`: watch the first minutes after a deploy, by `pytest -m watch`."""

from __future__ import annotations

from typing import Annotated

import typer

from postdeploy.cli import smoke

SETTINGS = smoke.SETTINGS
_WATCH = "--watch"


def show(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="The production address, with or without https://.")],
) -> None:
    """Watch a deployment for 10 minutes after it went live: its log, and the inbox by a journey about every five minutes.

    Options of the run follow the URL:

    --watch=60m --logs=vercel --record=WHERE --runbook=FILE --reports=DIR --without=PART
    """
    if not any(one.partition("=")[0] == _WATCH for one in context.args):
        context.args.append(f"{_WATCH}=10m")
    smoke.show(context, url, mark="watch")
