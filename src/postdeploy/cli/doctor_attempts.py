"""`postdeploy doctor --base-url=URL`: whether what is configured works there. One sign-in; nothing is judged."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from postdeploy.cli import smoke
from postdeploy.cli.doctor_items import Item, ItemState
from postdeploy.model import Blocked, Misbehaved, Outcome
from postdeploy.record.document import VERDICT
from postdeploy.record.reading import Unreadable, read
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.system.suite import SMOKE
from postdeploy.target.preflight import Target
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state
from postdeploy.vercel.retry import ONE_RETRY

_SIGN_IN = "test_login_with_the_form_works"


def attempts(url: str, runbook: Runbook, environment: Environment, folder: Path) -> Iterator[Item]:
    """The address, the token and the sign-in. Where no app answers, no sign-in is tried."""
    address = _reach(url, runbook, environment)
    yield address
    if environment.platform:
        yield _ask_vercel(environment)
    if environment.user and address.state is ItemState.OK:
        yield _sign_in(url, folder)


def _reach(url: str, runbook: Runbook, environment: Environment) -> Item:
    target = Target(url, runbook, environment.bypass)
    with contextlib.closing(target):
        try:
            found = target.pin()
        except (Blocked, Misbehaved) as error:
            return Item(ItemState.MISSING, "address", str(error))
    build = found.deployment_id or found.build_id or "an unknown build"
    return Item(ItemState.OK, "address", f"{url} answers, and is a Next.js app ({build})")


def _ask_vercel(environment: Environment) -> Item:
    access = platform_access(environment)
    try:
        with Vercel(access, ONE_RETRY) as vercel:
            project_state(vercel)
    except PlatformError as error:
        return Item(ItemState.MISSING, "token", str(error))
    return Item(ItemState.OK, "token", f"VERCEL_TOKEN reads {access.project}")


def _sign_in(url: str, folder: Path) -> Item:
    """By the suite's own check in a run of its own, whose reports are thrown away."""
    with tempfile.TemporaryDirectory(prefix="postdeploy-") as reports:
        check = f"{SMOKE}/test_login.py::{_SIGN_IN}"
        options = (f"--reports={reports}", "--without=logs", check)
        subprocess.run(
            smoke.command(url, folder, "smoke", *options),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        try:
            verdict = read((Path(reports) / VERDICT).read_bytes())
        except (OSError, Unreadable):
            return Item(ItemState.MISSING, "sign-in", f"there is no result: postdeploy smoke {url}")
    result = next((one for one in verdict.checks if one.name.startswith(_SIGN_IN)), None)
    if result and result.outcome is Outcome.PASSED:
        return Item(ItemState.OK, "sign-in", f"the smoke user signs in with the form, in {result.seconds:.1f} s")
    return Item(ItemState.MISSING, "sign-in", result.summary if result else verdict.summary)
