"""The pictures of report.html in docs/: a PASS, a ROLL BACK, a HOLD and an INCONCLUSIVE. `python -m bench.report [FOLDER]`.

Each is verified on a sandbox of its own state; FOLDER keeps the reports themselves. Only the sandbox's host name is changed.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.plugins import without_the_plugins_of_tests
from bench.runs import FOREIGN, ROOT
from postdeploy.system.browser import executable
from sandbox import Sandbox

STATES = {
    "pass": None,
    "roll-back": None,
    "hold": "database-down-before-load",
    "inconclusive": "wrong-password",
}
"""Verdict → what is broken. ROLL BACK is about a bad build that stands on a good one."""
WIDTHS = {"": (1400, 900), "-phone": (390, 844)}


def verify(sandbox: Sandbox, state: str, reports: Path) -> None:
    """Leave the reports of one verdict in a folder."""
    broken = STATES[state]
    if state == "roll-back":
        sandbox.deploy("invalid-use-server")
    elif broken:
        sandbox.break_(broken)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment = inherited | sandbox.environment() | sandbox.platform_environment()
    suite = (sys.executable, "-m", "pytest", *without_the_plugins_of_tests(), "-m", "smoke", "--logs=vercel")
    record = f"--record={reports.parent / 'record.jsonl'}"
    options = (f"--base-url={sandbox.url}", "--runbook=sandbox/runbook.toml", f"--reports={reports}", record)
    subprocess.run([*suite, *options], cwd=ROOT, env=environment, check=False)
    rename(reports / "report.html", sandbox.url)


def rename(page: Path, url: str) -> None:
    """Let the page name an address as a production has one."""
    host = url.partition("://")[2]
    text = page.read_text(encoding="utf-8").replace(url, "https://app.example.com").replace(host, "app.example.com")
    page.write_text(text, encoding="utf-8")


def photograph(pages: dict[str, Path], folder: Path) -> None:
    """The first screen of each, as a desk and as a phone show it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable())
        for name, page in pages.items():
            for suffix, (width, height) in WIDTHS.items():
                tab = browser.new_page(viewport={"width": width, "height": height})
                tab.goto(page.as_uri())
                (folder / f"report-{name}{suffix}.webp").write_bytes(picture(tab))
                tab.close()
        browser.close()


def picture(tab: Page) -> bytes:
    """The first screen as WebP, a third of the size of a PNG: in the browser's own protocol, Playwright has only PNG and JPEG."""
    tab.bring_to_front()
    taken = tab.context.new_cdp_session(tab).send("Page.captureScreenshot", {"format": "webp", "quality": 80})
    return base64.b64decode(taken["data"])


def main(folder: Path) -> None:
    """Measure, and take the pictures."""
    pages = {}
    with Sandbox.start() as sandbox:
        for state in STATES:
            sandbox.heal()
            verify(sandbox, state, folder / state)
            pages[state] = folder / state / "report.html"
    photograph(pages, ROOT / "docs")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="report-") as made:
            main(Path(made))
