"""A sandbox that another process keeps up, used from here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import httpx
import msgspec

from sandbox.deployments import Listed
from sandbox.state import Running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from sandbox.builds import Variant
    from sandbox.logs import LogFaults, Plan
    from sandbox.platform import Acts
    from sandbox.platform.exports import Format

TIMEOUT = 180.0
"""Seconds a switch may take: the first use of a variant builds it."""


class NotRunningError(Exception):
    """No sandbox is up."""


class RefusedError(RuntimeError):
    """The sandbox says why it did not do something."""


class Attached:
    """Offers what `sandbox.Sandbox` offers; leaving it leaves the sandbox up."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._control = httpx.Client(
            base_url=running.control_url,
            headers={"Authorization": f"Bearer {running.control_token}"},
            timeout=TIMEOUT,
        )

    @classmethod
    def find(cls) -> Attached:
        """The sandbox that is up; raises `NotRunningError` if there is none, or only what a killed one left behind."""
        running = Running.find()
        if running is not None:
            found = cls(running)
            try:
                found._ask("GET", "/faults")
            except (httpx.TransportError, RuntimeError, ValueError):
                found._control.close()  # it has ended, or another process has its port
            else:
                return found
        raise NotRunningError("sandbox: none is up. Start one: python -m sandbox up")

    @property
    def url(self) -> str:
        """The production domain, for a browser."""
        return self._running.url

    @property
    def email(self) -> str:
        """The smoke user's address."""
        return self._running.environment["SMOKE_EMAIL"]

    @property
    def password(self) -> str:
        """The smoke user's password."""
        return self._running.environment["SMOKE_PASSWORD"]

    def environment(self) -> dict[str, str]:
        """What a run needs to sign in."""
        return dict(self._running.environment)

    def platform_environment(self) -> dict[str, str]:
        """What a run needs to ask the platform, too."""
        return dict(self._running.platform_environment)

    @property
    def active(self) -> list[str]:
        """The faults that are switched on."""
        return self._ask("GET", "/faults")

    def break_(self, name: str) -> None:
        """Switch a fault on."""
        self._ask("PUT", f"/faults/{name}")

    def heal(self) -> None:
        """Switch all faults off."""
        self._ask("DELETE", "/faults")

    def become(self, app: str, *oddities: str) -> None:
        """Be another app, or one with other oddities, and healthy."""
        self._ask("PUT", "/app", {"app": app, "oddities": oddities})

    def redeploy(self) -> None:
        """Promote another deployment."""
        self._ask("POST", "/redeploy")

    def deploy(
        self,
        variant: Variant = "good",
        *faults: str,
        environment: Mapping[str, str | None] | None = None,
        staged: bool = False,
    ) -> str:
        """Make a new deployment of a variant, with mistakes in its code and in its environment; returns its id."""
        wanted = {"variant": variant, "faults": faults, "staged": staged, "environment": environment or {}}
        return msgspec.json.decode(self._answer("POST", "/deployments", wanted), type=str)

    def promote(self, variant_or_id: str) -> None:
        """Let a variant, or a deployment, serve the production domain."""
        self._ask("PUT", f"/production/{variant_or_id}")

    def deployments(self) -> list[Listed]:
        """All deployments, newest first."""
        return msgspec.json.decode(self._answer("GET", "/deployments"), type=list[Listed])

    def url_of(self, deployment_id: str) -> str:
        """A deployment's own address, for a browser."""
        return next(each.url for each in self.deployments() if each.id == deployment_id)

    def disturb_acts(self, acts: Acts) -> None:
        """Change how the platform reacts to a promotion or rollback; `heal` restores it."""
        self._ask("PUT", "/acts", acts)

    def disturb_logs(self, faults: LogFaults) -> None:
        """Disturb the way from the logs to who reads them; `heal` ends it."""
        self._ask("PUT", "/logs/faults", faults)

    def offer_logs(self, plan: Plan) -> None:
        """Change what the platform offers of its logs; `heal` puts it back."""
        self._ask("PUT", "/logs/plan", plan)

    def advance(self, seconds: float) -> None:
        """Move the platform's clock forwards or backwards."""
        self._ask("PUT", "/clock", seconds)

    def export_logs(self, kind: Format) -> bytes:
        """The logs as a file."""
        return self._answer("GET", f"/logs/{kind}")

    def stop(self) -> None:
        """Have the other process stop it."""
        self._ask("DELETE", "/")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._control.close()

    def _ask(self, method: str, path: str, body: object = None) -> list[str]:
        answer: dict[str, Any] = json.loads(self._answer(method, path, body))
        faults: list[str] = answer["faults"]
        return faults

    def _answer(self, method: str, path: str, body: object = None) -> bytes:
        content = None if body is None else msgspec.json.encode(body)
        answer = self._control.request(method, path, content=content)
        if answer.is_error:
            raise RefusedError(answer.json()["error"])
        return answer.content
