"""A sandbox that another process keeps up, used from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import httpx
import msgspec

from sandbox.state import Running

if TYPE_CHECKING:
    from types import TracebackType

    from sandbox.logs import LogFaults, Plan
    from sandbox.platform.exports import Format

TIMEOUT = 180.0
"""Seconds a switch may take: the first use of a variant builds it."""


class NotRunningError(Exception):
    """No sandbox is up."""


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
                found._control.close()  # nobody is there any more, or somebody else
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

    def redeploy(self) -> None:
        """Promote another deployment."""
        self._ask("POST", "/redeploy")

    def disturb_logs(self, faults: LogFaults) -> None:
        """Disturb the way from the logs to who reads them; `heal` ends it."""
        self._ask("PUT", "/logs/faults", faults)

    def offer_logs(self, plan: Plan) -> None:
        """Change what the platform offers of its logs; `heal` puts it back."""
        self._ask("PUT", "/logs/plan", plan)

    def advance(self, seconds: float) -> None:
        """Let time pass on the platform's clock, or go back."""
        self._ask("PUT", "/clock", seconds)

    def export_logs(self, kind: Format) -> bytes:
        """The logs as a file."""
        answer = self._control.get(f"/logs/{kind}")
        if answer.is_error:
            raise RuntimeError(answer.json()["error"])
        return answer.content

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
        content = None if body is None else msgspec.json.encode(body)
        answer = self._control.request(method, path, content=content)
        told: dict[str, Any] = answer.json()
        if answer.is_error:
            raise RuntimeError(told["error"])
        faults: list[str] = told["faults"]
        return faults
