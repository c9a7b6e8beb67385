"""The picture in README: a deployment that must be rolled back, as the terminal shows it. `python -m bench.terminal`.

It starts a sandbox, deploys a build with an invalid "use server" export on top of a good one, verifies it as a person would, and keeps
the terminal as docs/terminal.svg. The only thing that is changed is the sandbox's host name.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bench.plugins import without_the_plugins_of_tests
from bench.runs import FOREIGN, ROOT
from sandbox import Sandbox
from sandbox.__main__ import UNDERSTOOD

PICTURE = ROOT / "docs" / "terminal.svg"
COMMAND = "pytest -m smoke --base-url=https://app.example.com"
_COLUMNS = 120
_LEFT_OUT = re.compile(r"^(platform|rootdir|configfile|plugins|cachedir|asyncio)\b.*\n", re.MULTILINE)
"""What pytest says of the machine."""


def show(output: str) -> str:
    """A terminal's output with its colours, as SVG."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=_COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text(f"$ {COMMAND}\n"), Text.from_ansi(output), sep="")
        return console.export_svg(title="pytest -m smoke", theme=MONOKAI, unique_id="terminal")


def presentable(output: str, url: str) -> str:
    """Without what is of this machine: the host name, and pytest's lines about paths and plugins."""
    host = url.partition("://")[2]
    output = re.sub(rf"http://([\w-]+)\.{re.escape(host)}", r"https://\1.example.app", output)
    output = output.replace(url, "https://app.example.com").replace(host, "app.example.com")
    output = re.sub(r"(?m)^.*\r(?=.)", "", output)  # what the terminal wrote over
    return _LEFT_OUT.sub("", output)


def verify(sandbox: Sandbox) -> str:
    """What the suite prints about a bad deployment that stands on a good one."""
    sandbox.deploy("invalid-use-server")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment = inherited | sandbox.environment() | sandbox.platform_environment() | {"COLUMNS": str(_COLUMNS)}
    suite = (sys.executable, "-m", "pytest", *without_the_plugins_of_tests(), "-m", "smoke")
    with tempfile.TemporaryDirectory(prefix="terminal-") as directory:
        reports, runbook = Path(directory, "reports"), Path(directory, "runbook.toml")
        runbook.write_text(_workspaces(), encoding="utf-8")
        options = (f"--base-url={sandbox.url}", f"--runbook={runbook}", f"--reports={reports}")
        output = _in_a_terminal((*suite, *options), environment)
        return presentable(output, sandbox.url).replace(str(reports), "reports")


def _workspaces() -> str:
    """A runbook as people begin with: it names the workspaces, and nothing else."""
    _, first, others = (ROOT / "sandbox/runbook.toml").read_text(encoding="utf-8").partition("[[workspace]]")
    return f"schema = 1\n{first}{others}"


def _in_a_terminal(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a command prints where it believes that a person is looking."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        read = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := os.read(ours, 65536):
                read += piece
    os.close(ours)
    return read.decode().replace("\r\n", "\n")


def main() -> None:
    """Verify, and keep the picture."""
    try:
        with Sandbox.start() as sandbox:
            output = verify(sandbox)
    except UNDERSTOOD as error:
        sys.exit(str(error))
    PICTURE.write_text(show(output), encoding="utf-8")
    print(f"bench: {PICTURE.relative_to(ROOT)} shows:\n\n{output}")


if __name__ == "__main__":
    main()
