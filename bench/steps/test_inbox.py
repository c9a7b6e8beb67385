"""The steps as a plain test of pytest-playwright and Allure."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page

from bench.steps.journey import Journey, walk


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that all contenders start."""
    return browser_type_launch_args | {"executable_path": os.environ.get("BENCH_BROWSER")}


def test_the_inbox_works(page: Page) -> None:
    """Sign in, see the inbox, open a conversation, switch to another workspace, reload."""
    walk(page, Journey.of_environment())
