"""Who asks the platform, by what the environment says."""

from __future__ import annotations

from dataclasses import replace

from postdeploy.model import Blocked
from postdeploy.runbook.environment import Environment
from postdeploy.vercel.access import API, Access
from postdeploy.vercel.retry import RetryPolicy

IN_A_HURRY = RetryPolicy(attempts=2, longest=5.0, answer=5.0)
"""FAIL is published, and somebody waits for what to do about it."""


def platform_access(environment: Environment) -> Access:
    """Who asks the platform.

    Raises:
        Blocked: a variable is missing.
    """
    if environment.platform is None:
        names = " and ".join(environment.platform_missing)
        raise Blocked(f"the platform can't be asked: {names} not set", f"Set {names} in the environment or in .env.")
    platform = environment.platform
    return Access(platform.token, platform.project, platform.team, platform.api or API)


def acting_access(environment: Environment) -> Access:
    """Who changes production: the token that is kept for it, else the one that reads.

    Raises:
        Blocked: a variable is missing.
    """
    reading = platform_access(environment)
    acting = environment.platform.acting if environment.platform else None
    return replace(reading, token=acting, token_name="VERCEL_ROLLBACK_TOKEN") if acting else reading  # noqa: S106
