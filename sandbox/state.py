"""What outlives a run of the sandbox: its ports and secrets, and how to reach the one that is up."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sandbox.builds import STATE
from sandbox.serving import listen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOCK = STATE / "lock"
"""Held as long as a sandbox runs: it owns the builds, which know its auth service's port."""
SETTINGS = STATE / "settings.json"
KEYS = STATE / "keys.json"
FAULTS = STATE / "faults"
"""What is wrong with the code of each deployment: a file named after it."""
SHAPE = STATE / "shape.json"
"""Which shape the app has."""
RUNNING = STATE / "running.json"

PORTS = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections, so that ours are still free next time."""


@dataclass(frozen=True)
class Settings:
    """Made once and kept: the ports are part of the builds, the secrets should not change under a running check."""

    edge_port: int
    auth_port: int
    password: str
    bypass_secret: str
    platform_token: str
    cron_secret: str
    seed: str
    """From which the app's other secrets follow."""

    @property
    def admin_password(self) -> str:
        """Of the user who administers every workspace."""
        return self.secret("the admin's password")

    def secret(self, name: str) -> str:
        """The value of one of the app's secrets."""
        return hmac.new(self.seed.encode(), name.encode(), hashlib.sha256).hexdigest()[:40]

    @classmethod
    def load(cls, progress: Callable[[str], None]) -> Settings:
        """The kept settings; ports that others have taken meanwhile are replaced."""
        kept: dict[str, Any] = json.loads(SETTINGS.read_text(encoding="utf-8")) if SETTINGS.exists() else {}
        settings = cls(
            edge_port=_port(kept.get("edge_port"), progress),
            auth_port=_port(kept.get("auth_port"), progress),
            password=kept.get("password") or secrets.token_urlsafe(15),
            bypass_secret=kept.get("bypass_secret") or secrets.token_hex(16),
            platform_token=kept.get("platform_token") or secrets.token_hex(12),
            seed=kept.get("seed") or secrets.token_hex(16),
            cron_secret=kept.get("cron_secret") or secrets.token_hex(16),
        )
        write(SETTINGS, asdict(settings))
        return settings


@dataclass(frozen=True)
class Running:
    """How to reach the sandbox that is up, for other processes of the same person."""

    pid: int
    url: str
    control_url: str
    control_token: str
    environment: dict[str, str]
    platform_environment: dict[str, str]

    @classmethod
    def find(cls) -> Running | None:
        """What the sandbox that is up, or one that was killed, has left."""
        try:
            return cls(**json.loads(RUNNING.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def announce(self) -> None:
        """Let others find us."""
        write(RUNNING, asdict(self))


def faults_file(deployment_id: str) -> Path:
    """The file that a deployment's app reads with every request."""
    return FAULTS / f"{deployment_id}.json"


def write(path: Path, value: dict[str, Any]) -> None:
    """Replace a JSON file in one step; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(value, indent=1), encoding="utf-8")
    fresh.replace(path)


def _port(kept: int | None, progress: Callable[[str], None]) -> int:
    if kept is not None and _is_free(kept):
        return kept
    if kept is not None:
        progress(f"sandbox: port {kept} is in use by another program; choosing another one, which needs new builds")
    return next(port for port in random.sample(PORTS, len(PORTS)) if _is_free(port))


def _is_free(port: int) -> bool:
    try:
        sockets = listen(port)
    except OSError:
        return False
    for each in sockets:
        each.close()
    return True
