"""The floor: the steps in a bare Playwright script. Less than this, no Python suite can take."""

from __future__ import annotations

import os

from playwright.sync_api import sync_playwright

from bench.steps.journey import Journey, walk

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ.get("BENCH_BROWSER"))
    walk(browser.new_page(base_url=os.environ["SANDBOX_URL"]), Journey.of_environment())
    browser.close()
