"""Who asks the platform, by what the environment says."""

from __future__ import annotations

from postdeploy.model import Blocked
from postdeploy.runbook import Environment
from postdeploy.vercel import Access
from postdeploy.vercel.access import API


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
