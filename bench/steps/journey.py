"""The steps as the textbook of Playwright has them: act, then expect what a person would see.

journey.spec.ts says the same in the same order; what is changed here is changed there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Self

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Journey:
    """Who signs in, and the two workspaces that the inbox shows one after the other."""

    email: str
    password: str
    first: str
    other: str

    @classmethod
    def of_environment(cls) -> Self:
        """As the bench passes it to its contenders."""
        names = ("SMOKE_EMAIL", "SMOKE_PASSWORD", "BENCH_FIRST", "BENCH_OTHER")
        return cls(*(os.environ[name] for name in names))


def walk(page: Page, journey: Journey) -> None:
    """Sign in, see the inbox, open a conversation, switch to another workspace, reload."""
    page.goto("/auth/login")
    page.get_by_label("Email").fill(journey.email)
    page.get_by_label("Password").fill(journey.password)
    page.get_by_role("button", name="Sign in with Email").click()
    _expect_the_inbox_of(page, journey.first)

    card = _cards(page).nth(1)
    person = card.get_by_role("heading").inner_text()
    card.click()
    conversation = page.get_by_role("region", name="Conversation", exact=True)
    expect(conversation.get_by_role("heading", name=person)).to_be_visible()
    expect(conversation.get_by_role("listitem").first).to_be_visible()

    page.get_by_test_id("workspace-selector-trigger").click()
    page.get_by_role("menuitem", name=journey.other).click()
    _expect_the_inbox_of(page, journey.other)

    page.reload()
    _expect_the_inbox_of(page, journey.other)


def _expect_the_inbox_of(page: Page, workspace: str) -> None:
    expect(page.get_by_test_id("workspace-selector-trigger")).to_have_text(workspace)
    expect(_cards(page).first).to_contain_text(workspace)
    expect(_cards(page).filter(has_not_text=workspace)).to_have_count(0)
    expect(page.get_by_test_id("inbox-error-state")).to_be_hidden()
    expect(page.get_by_test_id("dashboard-error-boundary")).to_be_hidden()
    expect(page.get_by_label("Dismiss")).to_be_hidden()


def _cards(page: Page) -> Locator:
    return page.locator("main button:has(h3)")
