"""The platform's API, read-only for now: who asks, how patiently, what a refusal means, and what the clock there says.

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
)
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.patience import Patience
from postdeploy.vercel.project import AliasRequest, ProjectState, RollbackNote, project_state
from postdeploy.vercel.rolling import RollingRelease, rolling_release

__all__ = [
    "Access",
    "Alias",
    "AliasRequest",
    "AsyncVercel",
    "Clock",
    "Patience",
    "PlatformDeployment",
    "PlatformError",
    "ProjectState",
    "RollbackNote",
    "RollingRelease",
    "Switch",
    "Vercel",
    "alias",
    "find",
    "previous",
    "production",
    "project_state",
    "rolling_release",
    "switched",
]
