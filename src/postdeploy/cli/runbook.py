"""`postdeploy runbook`: the effective configuration, and where each value comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.cli.mistakes import mistakes_told
from postdeploy.runbook import effective
from postdeploy.runbook.layers import read_layers
from postdeploy.runbook.reading import runbook_of


def show(
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: values and sources by key.")] = False,
) -> None:
    """Print the effective runbook as TOML, each value with the file that it comes from.

    The packaged defaults, overlaid by runbook.toml of this folder, overlaid by --runbook.
    Exit code 4: a file can't be used; the message says why.
    """
    with mistakes_told():
        layers = read_layers(Path.cwd(), runbook)
        runbook_of(layers)
    if as_json:
        print(json.dumps(effective.as_json(layers), indent=2, ensure_ascii=False, default=str))
    else:
        print(effective.as_toml(layers), end="")
