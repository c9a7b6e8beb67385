"""Which browser there is: Playwright's own Chromium where it is installed, else a Chromium or Chrome of the machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_COMMANDS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


class NoBrowser(LookupError):
    """There is none. The message carries the cure."""

    def __init__(self) -> None:
        super().__init__(
            "no browser: neither Playwright's Chromium nor a Chromium or Chrome of this machine. "
            "Run: playwright install chromium, or install Chromium, or set POSTDEPLOY_BROWSER to an executable"
        )


def executable(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The executable to launch, or None for Playwright's own.

    Raises:
        NoBrowser: there is neither.
    """
    named = environ.get("POSTDEPLOY_BROWSER")
    if named:
        return Path(named)
    if playwright_has_its_own(environ):
        return None
    found = on_this_machine(environ)
    if found is None:
        raise NoBrowser
    return found


def playwright_has_its_own(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether `playwright install chromium` has been there, for any version."""
    folder = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    root = Path(folder) if folder and folder != "0" else _default_folder(environ)
    return any(mark.is_file() for mark in root.glob("chromium*-*/INSTALLATION_COMPLETE"))


def on_this_machine(environ: Mapping[str, str] = os.environ) -> Path | None:
    """A Chromium or Chrome that is installed here."""
    for command in _COMMANDS:
        found = shutil.which(command, path=environ.get("PATH"))
        if found:
            return Path(found)
    return next((Path(app) for app in _MAC_APPS if Path(app).is_file()), None)


def _default_folder(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("HOME") or Path.home())
    return home / ("Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright")
