"""Which browser is used: Playwright's own Chromium if it is installed, else a Chromium or Chrome of this machine.

Playwright itself is not imported: the question takes a millisecond, so a run can ask it before it starts anything.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from postdeploy.model import Blocked

_SHELLS = ("chromium-headless-shell",)
"""The same engine without a window: what Playwright starts unless `--headed` is given. Starts in half the time."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


class NoBrowser(Blocked):
    """There is no browser on this machine, or not the one that was named."""


def executable(environ: Mapping[str, str] = os.environ, *, headed: bool = False) -> Path | None:
    """The executable to launch, or None for Playwright's own.

    Raises:
        NoBrowser: there is neither, or POSTDEPLOY_BROWSER does not name an executable.
    """
    named = environ.get("POSTDEPLOY_BROWSER")
    if named:
        if not os.access(named, os.X_OK):
            raise NoBrowser(f"POSTDEPLOY_BROWSER does not name an executable: {named}", "Correct it, or unset it.")
        return Path(named)
    if playwright_chromium_is_installed(environ, headed=headed):
        return None
    found = on_this_machine(environ, headed=headed)
    if found is None:
        raise NoBrowser(
            f"no browser{' with a window' if headed else ''}: neither Playwright's Chromium nor a Chromium or Chrome of "
            "this machine",
            "Run: postdeploy install-browser, or install Chromium, or set POSTDEPLOY_BROWSER to an executable.",
        )
    return found


def playwright_chromium_is_installed(environ: Mapping[str, str] = os.environ, *, headed: bool = False) -> bool:
    """Whether `playwright install chromium` was run for the Playwright version that is installed."""
    driver = _driver()
    if driver is None:
        return False
    name = "chromium" if headed else "chromium-headless-shell"
    build = f"{name.replace('-', '_')}-{_revision(driver, name)}"
    return (_folder(driver, environ) / build / "INSTALLATION_COMPLETE").is_file()


def on_this_machine(environ: Mapping[str, str] = os.environ, *, headed: bool = False) -> Path | None:
    """A Chromium or Chrome that is installed on this machine."""
    for command in _BROWSERS if headed else _SHELLS + _BROWSERS:
        found = shutil.which(command, path=environ.get("PATH"))
        if found:
            return Path(found)
    return next((Path(app) for app in _MAC_APPS if Path(app).is_file()), None)


def _driver() -> Path | None:
    """The folder of Playwright's driver, which names the builds that fit it."""
    package = importlib.util.find_spec("playwright")
    if package is None or package.origin is None:
        return None
    return Path(package.origin).parent / "driver" / "package"


def _revision(driver: Path, name: str) -> str:
    browsers = json.loads((driver / "browsers.json").read_text(encoding="utf-8"))["browsers"]
    return next((str(one["revision"]) for one in browsers if one["name"] == name), "unknown")


def _folder(driver: Path, environ: Mapping[str, str]) -> Path:
    """Where Playwright keeps its browsers; "0" means next to the driver."""
    named = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named:
        return driver / ".local-browsers" if named == "0" else Path(named)
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ms-playwright"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "ms-playwright"
