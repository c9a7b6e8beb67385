"""Services of the sandbox, one by one, as far as they can be had without building the app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.auth import AuthService, Condition, Keys, User
from sandbox.serving import Loop, Site, free_port


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


@pytest.fixture(scope="session")
def app_directory() -> Path:
    """Where the app and its npm packages are."""
    return Path(__file__).parents[2] / "sandbox" / "app"
