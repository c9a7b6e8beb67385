"""``python -m sandbox``: what a person types, and that nothing is left running afterwards."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from sandbox import FAULTS, ODDITIES, Sandbox
from sandbox.attached import Attached, NotRunningError
from sandbox.builds import WEB
from sandbox.logs import Gap, LogFaults, Plan
from sandbox.state import RUNNING, Running
from tests.sandbox.test_processes import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(240)]

COMMAND = [sys.executable, "-m", "sandbox"]


def say(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=200)


def listens(url: str) -> bool:
    """Whether anybody accepts connections there."""
    port = urlsplit(url).port
    assert port is not None
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def servers() -> list[Path]:
    """The processes of the sandbox's database and app."""
    return [
        process
        for process in Path("/proc").glob("[0-9]*")
        if "node" in reading(process / "exe") and str(WEB) in reading(process / "cmdline") + reading(process / "cwd")
    ]


def reading(file: Path) -> str:
    """What a file of a process says, as long as the process is there."""
    with contextlib.suppress(OSError):
        return str(file.readlink()) if file.is_symlink() else file.read_text()
    return ""


@pytest.fixture
def up() -> Iterator[subprocess.Popen[str]]:
    """A sandbox that ``up`` keeps running."""
    with subprocess.Popen([*COMMAND, "up"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "stop it" in line:
                break
        yield process
        process.terminate()


def test_up_prints_what_a_person_needs_and_can_be_broken_from_elsewhere(up: subprocess.Popen[str]) -> None:
    with Sandbox.attach() as sandbox:
        assert say("status").stdout == f"{sandbox.url} is healthy\n"
        assert say("break", "read-api-off").stdout == f"{sandbox.url} is broken: read-api-off\n"
        assert sandbox.active == ["read-api-off"]
        refused = say("run", "--", "true")
        assert (refused.returncode, "Heal it" in refused.stderr) == (1, True)
        assert say("heal").stdout == f"{sandbox.url} is healthy\n"
        unknown = say("break", "unheard-of")
        assert (unknown.returncode, "no fault is called unheard-of" in unknown.stderr) == (1, True)


def test_the_other_app_is_chosen_from_elsewhere(up: subprocess.Popen[str]) -> None:
    with Sandbox.attach() as sandbox:
        assert say("become", "desk", "--oddity", "namesakes").stdout == f"{sandbox.url}/desk is the desk: namesakes\n"
        assert httpx.get(sandbox.url).headers["location"] == "/welcome"
        assert say("break", "action-throws").returncode == say("heal").returncode == 0
        assert httpx.get(sandbox.url).headers["location"] == "/welcome"
        assert say("become", "inbox").stdout == f"{sandbox.url}/ is the inbox: nothing odd\n"
        unknown = say("become", "kiosk")
        assert (unknown.returncode, "there is no app kiosk" in unknown.stderr) == (1, True)
    listed = say("oddities").stdout
    assert all(name in listed for name in ODDITIES)


def test_the_logs_can_be_printed_and_disturbed_from_elsewhere(up: subprocess.Popen[str]) -> None:
    with Sandbox.attach() as sandbox:
        known = sandbox.platform_environment()
        rows = json.loads(say("logs", "--as", "dashboard-json").stdout)
        assert {row["deploymentId"] for row in rows}
        sandbox.disturb_logs(LogFaults(rate_limited=1, gaps=(Gap(0, 1),)))
        sandbox.offer_logs(Plan(histories=frozenset({"64"})))
        sandbox.advance(3600)
        headers = {"Authorization": f"Bearer {known['VERCEL_TOKEN']}"}
        events = f"{known['VERCEL_API_URL']}/v1/observability/events?teamId={known['VERCEL_TEAM_ID']}"
        answers = [httpx.post(events, json={}, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [429, 400]
        dated = parsedate_to_datetime(answers[0].headers["date"]).timestamp()
        assert dated - time.time() == pytest.approx(3600, abs=5)
        unknown = say("logs", "--as", "parchment")
        assert (unknown.returncode, "dashboard-csv" in unknown.stderr) == (2, True)


def test_deployments_are_made_listed_and_promoted_from_elsewhere(up: subprocess.Popen[str]) -> None:
    with Sandbox.attach() as sandbox:
        [former] = [each for each in sandbox.deployments() if each.live]
        made, _, url = say("deploy", "good", "--fault", "client-crash", "--unset", "CRON_SECRET").stdout.split()
        assert (url, sandbox.url_of(former.id)) == (sandbox.url_of(made), former.url)
        assert say("deploy", "--staged").returncode == 0
        table = say("deployments").stdout
        assert [made in line for line in table.splitlines() if "live" in line] == [True]
        assert ("STAGED" in table, former.url in table) == (True, True)
        assert say("promote", former.id).stdout == f"{sandbox.url} is served by {former.id}\n"
        assert "late" in say("acts", "--moves", "late", "--after", "5").stdout
        unknown = say("deploy", "better")
        assert (unknown.returncode, "unknown variant better" in unknown.stderr) == (1, True)
        assert say("promote", "dpl_none").stderr == "sandbox: unknown deployment dpl_none\n"
        sandbox.heal()
        assert made not in {each.id for each in sandbox.deployments()}


def test_run_uses_the_sandbox_that_is_up(up: subprocess.Popen[str]) -> None:
    with Sandbox.attach() as sandbox:
        done = say("run", "--", "sh", "-c", "echo $SANDBOX_URL {url}; exit 7")
        assert (done.stdout, done.returncode) == (f"{sandbox.url} {sandbox.url}\n", 7)
        assert listens(sandbox.url)


def test_a_second_one_says_that_one_is_up(up: subprocess.Popen[str]) -> None:
    refused = say("up")
    assert refused.returncode == 1
    assert "one is up at http://localhost:" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("how", ["down", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_nothing_is_left_running(up: subprocess.Popen[str], how: str) -> None:
    running = Running.find()
    assert running is not None
    urls = [running.url, running.control_url, running.platform_environment["VERCEL_API_URL"]]
    assert all(listens(url) for url in urls)
    assert len(servers()) == 2
    if how == "down":
        assert say("down").returncode == 0
    else:
        up.send_signal(signal.Signals[how])
    up.wait(15)
    assert eventually(lambda: not servers() and not any(listens(url) for url in urls))
    with pytest.raises(NotRunningError):
        Attached.find()
    assert RUNNING.exists() == (how == "SIGKILL")


def test_run_starts_one_and_stops_it() -> None:
    done = say("run", "--platform", "--", sys.executable, "-c", SHOW)
    assert done.returncode == 3
    email, token, url = done.stdout.split()
    assert (email, bool(token)) == ("smoke@example.test", True)
    assert not listens(url)


SHOW = """
import os
print(os.environ["SMOKE_EMAIL"], os.environ["VERCEL_TOKEN"], "{url}")
raise SystemExit(3)
"""


def test_a_command_that_cannot_be_started_is_said() -> None:
    done = say("run", "--", "no-such-command")
    assert done.returncode == 127
    assert "no-such-command" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_needs_a_sandbox_says_how_to_start_one() -> None:
    done = say("heal")
    assert (done.returncode, done.stderr) == (1, "sandbox: none is up. Start one: python -m sandbox up\n")


def test_faults_are_listed() -> None:
    listed = say("faults").stdout
    assert all(name in listed for name in FAULTS)
