"""Which browser is taken, where there are several, one or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.system.browser import NoBrowser, executable


def machine(folder: Path, *commands: str) -> dict[str, str]:
    """The environment of a machine with these commands and nothing of Playwright's."""
    for name in commands:
        (folder / name).touch(mode=0o755)
    return {"PATH": str(folder), "PLAYWRIGHT_BROWSERS_PATH": str(folder / "none")}


def test_without_a_window_the_lighter_one_is_taken(tmp_path: Path) -> None:
    environ = machine(tmp_path, "chromium", "chromium-headless-shell")
    assert executable(environ) == tmp_path / "chromium-headless-shell"
    assert executable(environ, headed=True) == tmp_path / "chromium"


def test_the_one_that_there_is_will_do(tmp_path: Path) -> None:
    assert executable(machine(tmp_path, "google-chrome")) == tmp_path / "google-chrome"


def test_without_any_the_cure_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match="postdeploy install-browser"):
        executable(machine(tmp_path))


def test_a_window_needs_the_whole_browser(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match="no browser with a window"):
        executable(machine(tmp_path, "chromium-headless-shell"), headed=True)


def test_a_browser_named_by_hand_beats_all(tmp_path: Path) -> None:
    environ = machine(tmp_path, "chromium", "mine") | {"POSTDEPLOY_BROWSER": str(tmp_path / "mine")}
    assert executable(environ) == tmp_path / "mine"
    with pytest.raises(NoBrowser, match="does not name an executable"):
        executable(environ | {"POSTDEPLOY_BROWSER": str(tmp_path / "gone")})
