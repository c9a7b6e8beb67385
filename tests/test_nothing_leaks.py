"""A planted password, the session's tokens and people's names are found nowhere in what a run writes or prints."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from fixtures import screenshot
from postdeploy.runbook.reading import read_runbook
from postdeploy.system.browser import executable
from sandbox import Sandbox
from tests.faults.measure import ROOT, run_suite

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]

PEOPLE = [
    person
    for workspace in tomllib.loads((ROOT / "sandbox" / "runbook.toml").read_text(encoding="utf-8"))["workspace"]
    for person in workspace.get("people", ())
]
OTHER_LETTERS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/[a-z]/g, "x").replace(/[A-Z0-9]/g, "W");
}"""
TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}|base64-ey")


@pytest.mark.parametrize("fault", [None, "wrong-password", "client-foreign-cards", "messages-fail"])
def test_nothing_leaks(sandbox: Sandbox, tmp_path: Path, fault: str | None) -> None:
    environment = sandbox.environment()
    if fault:
        sandbox.break_(fault)
    measured = run_suite(
        sandbox.url,
        environment,
        tmp_path,
        *("--runbook", "sandbox/runbook.toml"),
        f"--junitxml={tmp_path / 'junit.xml'}",
        f"--record={tmp_path / 'record.jsonl'}",
    )
    files = {str(path): path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()}
    assert any(path.endswith("-result.json") for path in files), "Allure wrote nothing to look through"
    assert (tmp_path / "decision.md").exists() == (measured.verdict["decision"] == "FAIL")
    assert (tmp_path / "record.jsonl").exists(), "no record to look through"
    for where, text in {"the terminal": measured.output, **files}.items():
        planted = [environment["SMOKE_PASSWORD"], environment["SMOKE_EMAIL"], *PEOPLE]
        assert [secret for secret in planted if secret in text] == [], where
        assert not TOKEN.search(text), where


@pytest.fixture
def signed_in(sandbox: Sandbox) -> Iterator[Page]:
    """The inbox with its cards and an open conversation."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable())
        page = browser.new_page(storage_state=sandbox.visitor.storage_state())  # type: ignore[arg-type]
        page.goto(sandbox.url)
        page.locator(".messages li").first.wait_for()
        page.wait_for_load_state("networkidle")
        yield page
        browser.close()


def test_a_screenshot_does_not_depend_on_what_people_are_called_or_write(signed_in: Page) -> None:
    """The same page with other letters gives the same picture; without the mask it does not."""
    runbook = read_runbook()
    plain, masked = signed_in.screenshot(), screenshot.take(signed_in, runbook)
    signed_in.evaluate(OTHER_LETTERS)
    assert signed_in.screenshot() != plain
    assert masked == screenshot.take(signed_in, runbook)


def test_an_error_stays_readable_in_a_screenshot(signed_in: Page) -> None:
    def picture(text: str) -> bytes | None:
        signed_in.evaluate("text => { document.querySelector('main').innerHTML = text }", text)
        return screenshot.take(signed_in, read_runbook())

    panel = "<div data-testid='inbox-error-state'>{}</div>"
    assert picture(panel.format("Database error")) != picture(panel.format("Network failure"))
