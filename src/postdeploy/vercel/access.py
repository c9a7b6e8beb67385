"""Who asks Vercel, for which team, about which project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from postdeploy.model import Blocked
from postdeploy.redaction import Secret
from postdeploy.runbook.environment import Environment
from postdeploy.system.user_agent import user_agent

API = "https://api.vercel.com"
_DASHBOARD = "https://vercel.com"


@dataclass(frozen=True, slots=True)
class Access:
    """A token and its scope. `base` differs where a stand-in answers for Vercel."""

    token: Secret
    project: str
    """Its id or its name."""
    team: str | None = None
    """Its id; None: a personal account."""
    base: str = API
    token_name: str = "VERCEL_TOKEN"  # noqa: S105 - a variable's name
    """The variable that holds the token, for messages."""

    @property
    def dashboard(self) -> str:
        """The host that serves the older log history: not the API's, unless that is replaced."""
        return _DASHBOARD if self.base == API else self.base

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"authorization": f"Bearer {self.token.reveal()}", "user-agent": user_agent()}

    @property
    def scope(self) -> dict[str, str]:
        """Always sent: without it the token's default team applies, which is the one its owner selected last."""
        return {"teamId": self.team} if self.team else {}


def platform_access(environment: Environment) -> Access:
    """Access with the token that reads.

    Raises:
        Blocked: a variable is missing.
    """
    if environment.platform is None:
        names = " and ".join(environment.platform_missing)
        raise Blocked(f"Vercel can't be asked: {names} not set", f"Set {names} in the environment or in .env.")
    platform = environment.platform
    return Access(platform.token, platform.project, platform.team, platform.api or API)


def acting_access(environment: Environment) -> Access:
    """Access with the token that may change production (VERCEL_ROLLBACK_TOKEN), else the one that reads.

    Raises:
        Blocked: a variable is missing.
    """
    reading = platform_access(environment)
    acting = environment.platform.acting if environment.platform else None
    return replace(reading, token=acting, token_name="VERCEL_ROLLBACK_TOKEN") if acting else reading  # noqa: S106
