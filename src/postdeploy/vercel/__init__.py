"""The platform's API: who asks, how patiently, what a refusal means, and what the clock there says. Only `acts` changes anything.

access = Access(Secret(token), team="team_…", project="prj_…")
with Vercel(access) as vercel:
    deployment = find(vercel, "app.example.com")
    since = switched(vercel, "app.example.com", deployment).at
"""

from postdeploy.vercel.access import Access
from postdeploy.vercel.client import AsyncVercel, Vercel
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.deployments import (
    Alias,
    PlatformDeployment,
    Switch,
    alias,
    find,
    previous,
    production,
    switched,
    was_left,
)
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.patience import Patience
from postdeploy.vercel.project import AliasRequest, ProjectState, RollbackNote, project_state
from postdeploy.vercel.rolling import RollingRelease, rolling_release
from postdeploy.vercel.writes import Outcome, Wrote

__all__ = [
    "Access",
    "Alias",
    "AliasRequest",
    "AsyncVercel",
    "Clock",
    "Outcome",
    "Patience",
    "PlatformDeployment",
    "PlatformError",
    "ProjectState",
    "RollbackNote",
    "RollingRelease",
    "Switch",
    "Vercel",
    "Wrote",
    "alias",
    "find",
    "previous",
    "production",
    "project_state",
    "rolling_release",
    "switched",
    "was_left",
]
