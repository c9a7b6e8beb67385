"""Services of the sandbox, one by one, as far as they can be had without building the app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from sandbox.auth import AuthService, Condition, Keys, User
from sandbox.clock import Clock as PlatformClock
from sandbox.deployments import Deployment, Deployments
from sandbox.logs import Logs
from sandbox.platform import Account, Platform, Project, Team
from sandbox.serving import Loop, Site, free_port
from tests.sandbox.official import CLIENTS, Command, installed
from tests.sandbox.wire import NO_TLS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def loop() -> Iterator[Loop]:
    """An event loop for services."""
    loop = Loop()
    yield loop
    loop.close()


@dataclass
class Clock:
    """A clock that moves when it is told to."""

    now: float = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class RunningAuth:
    """An auth service that is being served, and what a client of it needs."""

    loop: Loop
    service: AuthService
    url: str
    anon_key: str
    email: str = "ada@example.test"
    password: str = "correct horse"

    def switch(self, condition: Condition) -> None:
        async def switch() -> None:
            self.service.switch(condition)

        self.loop.run(switch())


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The keys of an auth service."""
    return Keys.load(tmp_path_factory.mktemp("auth") / "keys.json")


@pytest.fixture
def auth(loop: Loop, keys: Keys) -> Iterator[RunningAuth]:
    """An auth service with one user."""
    port = free_port()
    url = f"http://localhost:{port}"
    user = User("11111111-0000-4000-8000-000000000001", RunningAuth.email, RunningAuth.password)
    service = AuthService(url, keys, [user])
    site = loop.run(Site.serve(service.application(), port))
    yield RunningAuth(loop, service, url, keys.anon_key)
    loop.run(site.close())


TOKEN = "a_token_of_word_characters"
TEAM = Team("team_1", "acme", "Acme", 1_767_225_600_000, "user_1")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = Deployment("dpl_old", "http://127.0.0.1:1", "inbox-old", NOON)
NEW = Deployment("dpl_new", "http://127.0.0.1:2", "inbox-new", NOON + timedelta(hours=1))


@pytest.fixture
def logs() -> Logs:
    """The logs of a platform, without anything in them."""
    return Logs(PlatformClock())


@pytest.fixture
def deployments(logs: Logs) -> Deployments:
    """Two deployments, the newer one in production."""
    deployments = Deployments(3000, logs.clock)
    deployments.promote(OLD)
    deployments.promote(NEW)
    return deployments


@pytest.fixture
def platform(logs: Logs, deployments: Deployments) -> Platform:
    """A platform with these deployments and logs."""
    account = Account("user_1", "ada", "ada@example.test", TOKEN, TEAM.id)
    return Platform(account, Project("prj_1", "inbox", TEAM, 1_767_225_600_000), deployments, logs)


@pytest.fixture
def api(loop: Loop, platform: Platform) -> Iterator[httpx.Client]:
    """A client of the platform."""
    site = loop.run(Site.serve(platform.application()))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(
        base_url=f"http://localhost:{site.port}", headers=headers, params={"teamId": TEAM.id}, verify=NO_TLS
    ) as client:
        yield client
    loop.run(site.close())


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both generations of the official command, installed as their lock says."""
    return installed(CLIENTS / "commands", tmp_path_factory.mktemp("npm") / "install.log")


@pytest.fixture
def vercel(commands: Path, api: httpx.Client, tmp_path: Path) -> Command:
    """The official command, in front of the platform."""
    return Command(commands, str(api.base_url).rstrip("/"), tmp_path, TOKEN, TEAM.id)
