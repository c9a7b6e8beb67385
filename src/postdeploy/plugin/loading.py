"""What a run needs is loaded while the browser's driver starts, from the moment on at which it is asked to verify."""

from __future__ import annotations

import contextlib
import importlib

import pytest

from postdeploy.model import UsageError
from postdeploy.plugin import driver
from postdeploy.plugin.claim import Claim
from postdeploy.system import http_library

_LOADED = (
    "httpcore",
    "anyio.pytest_plugin",
    "postdeploy.plugin.verification",
    "postdeploy.plugin.drift",
    "postdeploy.plugin.probing",
    "postdeploy.plugin.controller",
    "postdeploy.plugin.recorder",
)
_LOG = "postdeploy.plugin.log"


def begin(config: pytest.Config, claim: Claim) -> None:
    """Begin the claim, and load; no driver where no check will run in this process: its time would be for nothing."""

    def begin_and_load() -> None:
        claim.begin()
        if not claim.refused:
            load(*([_LOG] if claim.reads_log else []))

    lists = claim.shows or getattr(config.known_args_namespace, "collectonly", False)
    if claim.url and claim.in_one_process and not lists:
        driver.start_while_loading(config, begin_and_load)
    else:
        claim.begin()


def load(*more: str) -> None:
    """What the checks need besides the browser. What can't be loaded fails where it is used."""
    with contextlib.suppress(ImportError):
        http_library.load()
    for name in (*_LOADED, *more):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from postdeploy.runbook.reading import read_runbook

    with contextlib.suppress(UsageError):
        read_runbook()  # the defaults' patterns are compiled then, and the types of their tables known
