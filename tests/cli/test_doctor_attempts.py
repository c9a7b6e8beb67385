"""postdeploy doctor --base-url: whether what is configured works there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from postdeploy.cli.doctor_attempts import attempts
from postdeploy.cli.doctor_items import Item, ItemState
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from sandbox import Sandbox

RUNBOOK = "schema = 1\n[budgets]\nsecond_look = 0.1\npreflight = 2\n"


def tried(url: str, folder: Path, environ: dict[str, str] | None = None, runbook: str = RUNBOOK) -> dict[str, Item]:
    (folder / "runbook.toml").write_text(runbook, encoding="utf-8")
    found = attempts(url, read_runbook(folder), read_environment(folder / ".env", environ or {}), folder)
    return {one.name: one for one in found}


def test_an_address_at_which_nothing_listens_is_said_and_nobody_signs_in(tmp_path: Path) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        found = tried(url, tmp_path, {"SMOKE_EMAIL": "a@example.test", "SMOKE_PASSWORD": "hunter2hunter2"})
    assert list(found) == ["address"]
    assert found["address"].state is ItemState.MISSING


@pytest.mark.parametrize(
    ("answer", "state", "says"),
    [
        pytest.param(Response('<script src="/_next/a.js">'), ItemState.OK, "a Next.js app", id="the app"),
        pytest.param(Response("hello"), ItemState.MISSING, "another app", id="another app"),
        pytest.param(
            Response(status=302, headers={"location": "https://vercel.com/sso-api?url=x"}),
            ItemState.MISSING,
            "VERCEL_AUTOMATION_BYPASS_SECRET",
            id="a wall",
        ),
        pytest.param(Response(status=500), ItemState.MISSING, "500", id="a broken app"),
    ],
)
def test_what_answers_there(
    httpserver: HTTPServer, tmp_path: Path, answer: Response, state: ItemState, says: str
) -> None:
    httpserver.expect_request("/").respond_with_response(
        Response(status=307, headers={"location": "/auth/login"}) if state is ItemState.OK else answer
    )
    httpserver.expect_request("/auth/login").respond_with_response(answer)
    found = tried(httpserver.url_for("").rstrip("/"), tmp_path)
    assert found["address"].state is state
    assert says in found["address"].says
    assert list(found) == ["address"]


@pytest.mark.sandbox
@pytest.mark.browser
@pytest.mark.parametrize(("password", "state"), [("", ItemState.OK), ("not-the-password", ItemState.MISSING)])
def test_the_token_is_asked_and_somebody_signs_in(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, state: ItemState
) -> None:
    environ = sandbox.environment() | sandbox.platform_environment()
    environ |= {"SMOKE_PASSWORD": password} if password else {}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = tried(sandbox.url, tmp_path, environ, Path("sandbox/runbook.toml").read_text(encoding="utf-8"))
    assert [found[name].state for name in ("address", "token", "sign-in")] == [ItemState.OK, ItemState.OK, state], found
    assert found["sign-in"].says
    assert environ["SMOKE_PASSWORD"] not in str(found)
