"""`postdeploy install-browser`: a browser that starts. Tried once, remembered in the environment of this Python.

Playwright's own Chromium; else one of this machine; else, on Debian as root, Debian's. Otherwise the cure.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import typer
from playwright.sync_api import Error, sync_playwright

from postdeploy.system.browser import NoBrowser, executable, on_this_machine, playwright_chromium_is_installed
from postdeploy.system.exit_codes import ExitCode
from postdeploy.system.trust import CURE, for_node, is_certificate_refused

_STAMP = Path(sys.prefix) / "browser"
_DOWNLOAD = 300
"""Seconds that a download may take; without a network it fails in two."""
_INSTALL = 600
_CURE = f"""\
browser: none starts on this machine, and installing one failed. Do one of these, then try again:
browser:   if the network allows it:           {sys.executable} -m playwright install --with-deps chromium
browser:   Debian or Ubuntu:                   sudo apt-get install chromium
browser:   any Chromium or Chrome elsewhere:   export POSTDEPLOY_BROWSER=/path/to/chrome"""


def show() -> None:
    """Install the browser that the checks run in, if none starts on this machine: Chromium, about 100 MB."""
    raise typer.Exit(provide())


def provide(*, quiet: bool = False) -> ExitCode:
    """PASSED when there is a browser that starts. `quiet`: say nothing if it did the last time, too."""
    if _known():
        if not quiet:
            print(f"browser: {_name(executable())}")
        return ExitCode.PASSED
    if _provided():
        return ExitCode.PASSED
    print(_CURE, file=sys.stderr)
    return ExitCode.FAILED


def _known() -> bool:
    """Whether the browser of now is the one that started the last time."""
    try:
        return _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == _name(executable())
    except NoBrowser:
        return False


def _provided() -> bool:
    if not os.environ.get("POSTDEPLOY_BROWSER") and not playwright_chromium_is_installed():
        _download()
    if _starts():
        return True
    if not _debian_as_root():
        return False
    if playwright_chromium_is_installed():
        print("browser: installing the libraries of Playwright's Chromium with apt", flush=True)
        _run([sys.executable, "-m", "playwright", "install-deps", "chromium"], _INSTALL)
    elif on_this_machine() is None:
        print("browser: none found; installing Debian's chromium and chromium-headless-shell with apt", flush=True)
        _run(["apt-get", "update", "-q"], _INSTALL)
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        if not _run([*install, "chromium-headless-shell"], _INSTALL):  # older releases have the one without the other
            _run(install, _INSTALL)
    return _starts()


def _download() -> None:
    print("browser: downloading Playwright's Chromium (once)", flush=True)
    if not _run([sys.executable, "-m", "playwright", "install", "chromium"], _DOWNLOAD):
        print("browser: the download failed; looking for an installed browser", flush=True)


def _starts() -> bool:
    """Whether it really starts: an installed browser may lack libraries."""
    try:
        found = executable()
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=found).close()
    except (NoBrowser, Error) as error:
        print(f"browser: {str(error).splitlines()[0]}", flush=True)
        return False
    with contextlib.suppress(OSError):  # in an environment of another user it is tried each time
        _STAMP.write_text(_name(found), encoding="utf-8")
    print(f"browser: {_name(found)}", flush=True)
    return True


def _name(found: Path | None) -> str:
    return str(found or f"Chromium of Playwright {metadata.version('playwright')}")


def _debian_as_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _run(command: list[str], seconds: int) -> bool:
    """Whether a command succeeded in time. Its output is shown only when someone can use it: as its last line."""
    environment = (
        os.environ
        | for_node()
        | {"DEBIAN_FRONTEND": "noninteractive", "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    )
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment, check=False)
    except subprocess.TimeoutExpired:
        print(f"browser: {command[0]} took longer than {seconds} s", flush=True)
        return False
    if done.returncode and is_certificate_refused(done.stdout + done.stderr):
        print(f"browser: {command[0]} does not trust a certificate. {CURE}", flush=True)
    return done.returncode == 0
