"""The project's environment variables behind the platform's API, and what can be wrong with them.

Names, targets and types are shown to every token that may read the project; a value only where one variable is asked for, and
never that of a ``sensitive`` one. In the list values stay ciphertext.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.platform.errors import PlatformError, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.platform.router import Platform

PLAIN = ("AUTO_SEND_", "INBOX_")
PRODUCTION = ("production",)
REFUSALS = {
    401: PlatformError(401, "unauthorized", "The token has expired."),
    403: PlatformError(403, "forbidden", "You don't have permission to list the environment variables."),
    429: PlatformError(429, "rate_limited", "The rate limit was exceeded.", {"limit": {"remaining": 0, "reset": 60}}),
    500: PlatformError(500, "internal_server_error", "An unexpected internal error occurred."),
}


@dataclass(frozen=True)
class Variable:
    """One variable of the project."""

    key: str
    value: str
    type: str
    target: tuple[str, ...]
    changed_at: int

    @property
    def id(self) -> str:
        """Its id, which outlives a change of its value."""
        return hashlib.sha256(f"{self.key} {self.target}".encode()).hexdigest()[:16]

    def shown(self, value: str, *, decrypted: bool) -> dict[str, Any]:
        """As the API writes it."""
        return {
            "id": self.id,
            "key": self.key,
            "value": value,
            "type": self.type,
            "target": list(self.target),
            "configurationId": None,
            "createdAt": self.changed_at,
            "updatedAt": self.changed_at,
            "createdBy": None,
            "updatedBy": None,
            "decrypted": decrypted,
            "comment": "",
            "securityIssues": [],
        }

    @property
    def listed(self) -> dict[str, Any]:
        """As the list shows it: nothing that is encrypted is readable there."""
        hidden = {"sensitive": "", "encrypted": hashlib.sha256(self.value.encode()).hexdigest()}
        return self.shown(hidden.get(self.type, self.value), decrypted=False)

    @property
    def readable(self) -> str:
        """The value; a sensitive one is never shown."""
        return "" if self.type == "sensitive" else self.value


class Environment:
    """All variables, and what the API says instead of them. Changes are seen by the next request."""

    def __init__(self) -> None:
        self.variables: dict[str, Variable] = {}
        self.refusal: PlatformError | None = None
        """What the API answers instead."""
        self.hidden: frozenset[str] = frozenset()
        """Names of variables that the asking role may not see."""

    def fill(self, values: dict[str, str], changed_at: int) -> None:
        """Keep exactly these variables, for Production, and answer again."""
        self.variables = {name: _variable(name, value, changed_at) for name, value in values.items()}
        self.refusal = None
        self.hidden = frozenset()

    def remove(self, name: str) -> None:
        """Unset a variable."""
        del self.variables[name]

    def change(self, name: str, rewrite: Callable[[str], str]) -> None:
        """Give a variable another value."""
        known = self.variables.get(name) or _variable(name, "", 0)
        self.variables[name] = replace(known, value=rewrite(known.value))

    def move_to_preview(self, name: str) -> None:
        """Keep a variable for Preview only."""
        self.variables[name] = replace(self.variables[name], target=("preview",))

    def touch(self, name: str, changed_at: int) -> None:
        """Change a variable at this time: to a value that is as good as the old one."""
        self.variables[name] = replace(self.variables[name], changed_at=changed_at)

    def make_sensitive(self) -> None:
        """Make everything encrypted unreadable from now on."""
        hidden = {"encrypted": "sensitive"}
        self.variables = {
            name: replace(each, type=hidden.get(each.type, each.type)) for name, each in self.variables.items()
        }

    def visible(self) -> list[Variable]:
        """What the asking role may see.

        Raises:
            PlatformError: the API refuses.
        """
        if self.refusal:
            raise self.refusal
        return [each for each in self.variables.values() if each.key not in self.hidden]


class EnvironmentRoutes:
    """The endpoints."""

    def __init__(self, platform: Platform, environment: Environment) -> None:
        self._platform = platform
        self._environment = environment

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            *(web.get(f"/{version}/projects/{{project}}/env", self._list) for version in ("v8", "v9", "v10")),
            web.get("/v1/projects/{project}/env/{id}", self._one),
            web.get("/v3/env/pull/{project}/{target}", self._pull),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        wanted = request.query.get("target")
        found = [each for each in self._environment.visible() if wanted is None or wanted in each.target]
        hidden = len(self._environment.hidden)
        return web.json_response({"envs": [each.listed for each in found], "hiddenProductionEnvCount": hidden})

    async def _one(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        for each in self._environment.visible():
            if each.id == request.match_info["id"]:
                return web.json_response(each.shown(each.readable, decrypted=each.type != "sensitive"))
        raise not_found("Environment Variable")

    async def _pull(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        target = request.match_info["target"]
        values = {each.key: each.readable for each in self._environment.visible() if target in each.target}
        return web.json_response({"env": values, "buildEnv": {}})


def _variable(name: str, value: str, changed_at: int) -> Variable:
    kind = "plain" if name.startswith(PLAIN) else "encrypted"
    return Variable(name, value, kind, PRODUCTION, changed_at)
