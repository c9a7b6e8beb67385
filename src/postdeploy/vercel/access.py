"""Who asks the platform, for which team, about which project."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.redaction import Secret
from postdeploy.target.preflight import USER_AGENT

API = "https://api.vercel.com"
_DASHBOARD = "https://vercel.com"


@dataclass(frozen=True, slots=True)
class Access:
    """A token and its scope. `base` is another address where a stand-in answers for the platform."""

    token: Secret
    project: str
    """Its id or its name."""
    team: str | None = None
    """Its id; None: a personal account."""
    base: str = API
    token_name: str = "VERCEL_TOKEN"  # noqa: S105 - a variable's name
    """The variable that the token came from, for cures."""

    @property
    def dashboard(self) -> str:
        """Where the older history of logs answers: not on the API's host, unless that is replaced."""
        return _DASHBOARD if self.base == API else self.base

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"authorization": f"Bearer {self.token.reveal()}", "user-agent": USER_AGENT}

    @property
    def scope(self) -> dict[str, str]:
        """The scope is always said: left to the token it is whichever team its owner chose last."""
        return {"teamId": self.team} if self.team else {}
