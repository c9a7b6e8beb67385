"""What a watch shows while it waits: lines where a pipeline reads along, a screen of its own in a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import site as sites
from tests.faults.measure import ROOT
from tests.logs.rows import DEPLOYED, Sent, drain_lines, rows, throws
from tests.site import RUNBOOK, Site

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"


@pytest.fixture
def site() -> Iterator[Site]:
    with sites.site() as served:
        served.script = "A" * 200
        yield served


def command(site: Site, folder: Path, watch: str) -> list[str]:
    runbook = folder / "runbook.toml"
    runbook.write_text(RUNBOOK.format(look=0.5), encoding="utf-8")
    options = (f"--runbook={runbook}", f"--reports={folder / 'reports'}", "--logs=-", f"--watch={watch}")
    deployed = f"--deployed-at={int(time.time() * 1000)}"
    return [sys.executable, "-m", "pytest", "-m", "watch", f"--base-url={site.url}", deployed, *options]


def environment(**more: str) -> dict[str, str]:
    ours = ("SMOKE_", "VERCEL_", "PYTEST_", "CRON_", "GITHUB_", "NO_COLOR", "COLUMNS", "LINES")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def now() -> float:
    return time.time() - DEPLOYED / 1000


def verdict(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "reports/verdict.json").read_text(encoding="utf-8"))
    return found


def in_a_terminal(
    command: list[str], act: Callable[[subprocess.Popen[bytes], int], None], **environ: str
) -> tuple[int, bytes]:
    """What a terminal is sent, and the exit code. `act`: called when the screen is there, with the log's pipe."""
    ours, theirs = os.openpty()
    log, feed = os.pipe()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(TERM="xterm", **environ), stdin=log, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        sent, acted = b"", False
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 65536):
                sent += piece
                if not acted and ENTER in sent and b"left of" in sent:
                    acted = True
                    act(process, feed)
        code = process.wait()
    for each in (ours, log, feed):
        with contextlib.suppress(OSError):
            os.close(each)
    return code, sent


def test_a_pipeline_reads_a_line_at_each_change_and_gets_an_annotation(site: Site, tmp_path: Path) -> None:
    with subprocess.Popen(
        command(site, tmp_path, "50s"),
        cwd=ROOT,
        env=environment(GITHUB_ACTIONS="true"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        seen: list[str] = []
        for line in process.stdout:
            if not seen and line.startswith("watching: "):
                error = throws("the first trouble", now(), deployment="dpl_a")
                process.stdin.write(drain_lines(rows([Sent(now(), deployment="dpl_a"), error])).decode() + "\n")
                process.stdin.flush()
            seen += [line.rstrip()] if line.startswith(("watching: ", "::")) else []
            if line.startswith("::warning") and not process.stdin.closed:
                process.stdin.close()  # the log ends, and the watch with it
    assert "0 unique Server Action errors" in seen[0] or "nothing judged yet" in seen[0], seen
    assert any("1 unique Server Action errors (3 allowed)" in line for line in seen), seen
    assert any(line.startswith("::warning title=postdeploy::") for line in seen), seen


def test_a_terminal_gets_a_screen_and_is_given_back(site: Site, tmp_path: Path) -> None:
    code, sent = in_a_terminal(command(site, tmp_path, "50s"), lambda _process, feed: os.close(feed))
    assert (code, sent.count(ENTER) >= 1, sent.count(ENTER) == sent.count(LEAVE)) == (10, True, True)
    assert b"postdeploy watch  dpl_a" in sent
    assert sent.rindex(LEAVE) < sent.rindex(b"INCONCLUSIVE")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_gives_the_terminal_back_and_leaves_a_verdict(site: Site, tmp_path: Path, number: int) -> None:
    code, sent = in_a_terminal(command(site, tmp_path, "50s"), lambda process, _feed: process.send_signal(number))
    assert (code, sent.count(ENTER) == sent.count(LEAVE)) == (2, True), sent[-600:]
    assert b"interrupted" in sent[sent.rindex(LEAVE) :]
    found = verdict(tmp_path)
    assert (found["decision"], found["complete"]) == ("INCONCLUSIVE", False)
    assert signal.Signals(number).name in str(found["summary"])


def test_quiet_has_no_screen(site: Site, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    log, feed = os.pipe()
    with subprocess.Popen(
        [*command(site, tmp_path, "30s"), "-q"], cwd=ROOT, env=environment(TERM="xterm"), stdin=log, stdout=theirs
    ) as process:
        os.close(theirs)
        sent, closed = b"", list[int]()
        with contextlib.suppress(OSError):
            while piece := os.read(ours, 65536):
                sent += piece
                if b"watching: " in sent and feed not in closed:
                    closed.append(feed)
                    os.close(feed)
    for each in (ours, log):
        os.close(each)
    assert (process.returncode, ENTER in sent, b"watching: " in sent) == (10, False, True)
