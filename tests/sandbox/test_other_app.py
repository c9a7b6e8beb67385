"""The other app is another one, and each of its oddities is there and nowhere else."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from postdeploy.system.browser import executable
from sandbox import ODDITIES, Sandbox
from sandbox.database import WORKSPACES
from sandbox.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.sandbox, pytest.mark.browser, pytest.mark.timeout(120)]

ROOT = Path(__file__).parents[2]
ACME = "7c1f0a52-6a2e-4b7e-9f0d-0b5a4d2c9e11"
SMALL, LARGE = {"width": 1280, "height": 720}, {"width": 1440, "height": 900}

KEEP_ERRORS = """
window.seen = [];
addEventListener("error", ({ message, filename, error }) => message && seen.push({ message, filename, stack: error?.stack ?? null }));
addEventListener("unhandledrejection", ({ reason }) => seen.push({ message: String(reason), filename: "", stack: reason.stack }));
"""
WHAT_LIES_ABOVE = """card => {
    const { left, top, width, height } = card.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    return card.contains(above) ? "card" : above?.closest("nav") ? "sidebar" : "something else";
}"""
BRIGHTNESS = """([element, property]) => getComputedStyle(document.querySelector(element))[property].match(/\\d+/g).map(Number)"""


def words(file: str) -> dict[str, Any]:
    """A runbook, as it is written."""
    return tomllib.loads((ROOT / file).read_text(encoding="utf-8"))


DESK, INBOX = words("sandbox/other-app.toml"), words("runbook.toml")
CARD, PERSON, TEAMS = (DESK["inbox"][name] for name in ("card", "card_person", "workspace_selector"))


@dataclass
class Visit:
    """The smoke user's browser."""

    sandbox: Sandbox
    browser: Browser

    def desk(self, *oddities: str, window: dict[str, int] = LARGE) -> Page:
        """The other app with these oddities, loaded, in a window of this size."""
        if self.sandbox.shape != Shape.of("desk", oddities):
            self.sandbox.become("desk", *oddities)
        return self.open("/desk", CARD, window)

    def open(self, path: str, wanted: str, window: dict[str, int] = LARGE) -> Page:
        """A page of whichever app is served, once it shows something."""
        state: Any = self.sandbox.visitor.storage_state()
        context = self.browser.new_context(storage_state=state, viewport=window)  # type: ignore[arg-type]
        context.add_init_script(KEEP_ERRORS)
        page = context.new_page()
        page.goto(self.sandbox.url + path)
        page.locator(wanted).first.wait_for()
        page.wait_for_load_state("networkidle")
        return page

    def rows(self) -> list[dict[str, Any]]:
        """The first workspace's conversations, as the server sends them."""
        listed = self.sandbox.visitor.get(DESK["app"]["list_path"], clientId=ACME, limit="20")
        return list(listed.json()["conversations"])

    def names(self) -> list[str]:
        return [row["lead"]["name"] for row in self.rows()]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable())
        yield browser
        browser.close()


@pytest.fixture
def visit(sandbox: Sandbox, browser: Browser) -> Iterator[Visit]:
    yield Visit(sandbox, browser)
    for context in browser.contexts:
        context.close()


def people(page: Page) -> list[str]:
    """What the cards call them."""
    return page.locator(f"{CARD} {PERSON}").all_inner_texts()


def uncaught(page: Page) -> list[dict[str, str | None]]:
    """The errors that nothing caught, as a page gets to know them."""
    page.wait_for_timeout(600)
    return list(page.evaluate("seen"))


# Another app ---------------------------------------------------------------------------------------------------------


def test_it_has_paths_of_its_own(visit: Visit) -> None:
    visit.sandbox.become("desk")
    signed_out = [httpx.get(visit.sandbox.url + path).headers["location"] for path in ("/", "/desk", "/auth/login")]
    signed_in = [visit.sandbox.visitor.get(path).headers["location"] for path in ("/", "/welcome")]
    assert (signed_out, signed_in) == (["/welcome"] * 3, ["/desk"] * 2)


def test_the_master_inbox_knows_nothing_of_it(visit: Visit) -> None:
    visit.sandbox.become("inbox")
    assert [visit.sandbox.visitor.get(path).status_code for path in ("/desk", "/welcome")] == [404, 404]


def test_it_has_nothing_of_the_master_inboxs_markup(visit: Visit) -> None:
    page = visit.desk(*(name for name in ODDITIES if name != "slow-requests"))
    page.locator(TEAMS).click()
    selectors = [
        value for key, value in INBOX["inbox"].items() if key.startswith(("workspace_s", "workspace_o", "card"))
    ]
    selectors += [INBOX["inbox"][key] for key in ("error_panel", "error_boundary", "banner_mark", "toast")]
    assert {selector for selector in selectors if page.locator(selector).count()} == set()
    shown = page.locator("body").inner_text()
    assert [text for text in (INBOX["inbox"]["all_workspaces"], "conversations", "Master Inbox") if text in shown] == []


def test_its_own_runbook_finds_everything(visit: Visit) -> None:
    page = visit.desk()
    assert page.locator(TEAMS).inner_text().split("Team")[-1].strip() == WORKSPACES[0]
    page.locator(TEAMS).click()
    offered = page.locator(DESK["inbox"]["workspace_option"])
    assert offered.all_inner_texts() == [DESK["inbox"]["all_workspaces"], *WORKSPACES]
    prefix = DESK["inbox"]["workspace_prefix"]
    marks = [str(option.get_attribute("data-testid")).removeprefix(prefix) for option in offered.all()]
    assert marks[:2] == [DESK["inbox"]["workspace_all"], ACME]
    named = {person for workspace in DESK["workspace"] for person in workspace.get("people", ())}
    assert named & set(visit.names()) == {"Hannes Joubert", "Ilse Olsen"}


def test_people_sign_in_by_its_own_form(visit: Visit) -> None:
    visit.sandbox.become("desk")
    page = visit.browser.new_page()
    page.goto(visit.sandbox.url)
    form = DESK["login"]
    page.fill(form["email"], visit.sandbox.email)
    page.fill(form["password"], "wrong")
    page.click(form["submit"])
    page.locator(DESK["inbox"]["toast"]).wait_for()
    page.fill(form["password"], visit.sandbox.password)
    page.click(form["submit"])
    page.locator(CARD).first.wait_for()
    assert urlsplit(page.url).path == DESK["app"]["inbox_path"]


def test_a_healthy_one_is_quiet_and_everything_is_in_reach(visit: Visit) -> None:
    page = visit.desk(window=SMALL)
    assert uncaught(page) == []
    assert page.locator(CARD).first.evaluate(WHAT_LIES_ABOVE) == "card"


def test_healing_leaves_it_as_it_is(visit: Visit) -> None:
    visit.sandbox.become("desk", "namesakes")
    before = visit.names()
    visit.sandbox.break_("people-quote-errors")
    visit.sandbox.heal()
    assert (visit.sandbox.shape, visit.names()) == (Shape.of("desk", ("namesakes",)), before)
    visit.sandbox.become("inbox")
    assert visit.names()[:2] == ["Adela Abbott", "Bruno Farrow"]


def test_what_there_is_not_can_not_be_had(visit: Visit) -> None:
    with pytest.raises(ValueError, match="no app kiosk"):
        visit.sandbox.become("kiosk")
    with pytest.raises(ValueError, match="no oddity is called three-legs"):
        visit.sandbox.become("desk", "three-legs")
    with pytest.raises(ValueError, match="only the desk can have dark-mode"):
        visit.sandbox.become("inbox", "dark-mode")


# Its oddities --------------------------------------------------------------------------------------------------------


def test_leads_without_a_name_are_called_unknown_by_the_page(visit: Visit) -> None:
    page = visit.desk("nameless-leads")
    assert [place for place, name in enumerate(visit.names(), 1) if name == ""] == [2, 3, 7]
    assert [place for place, name in enumerate(people(page), 1) if name == "Unknown"] == [2, 3, 7]


def test_leads_are_called_unknown_by_the_server(visit: Visit) -> None:
    page = visit.desk("leads-called-unknown")
    assert [place for place, name in enumerate(visit.names(), 1) if name == "Unknown"] == [1, 2, 5]
    assert people(page)[:2] == ["Unknown", "Unknown"]


def test_the_first_two_are_namesakes(visit: Visit) -> None:
    page = visit.desk("namesakes")
    [first, second, third] = people(page)[:3]
    assert (first == second, first == third) == (True, False)
    addresses = [card.get_attribute("href") for card in page.locator(CARD).all()[:2]]
    assert addresses == [f"/desk?thread={row['id']}" for row in visit.rows()[:2]]


def test_a_name_and_an_address_are_very_long(visit: Visit) -> None:
    page = visit.desk("long-names", window=SMALL)
    lead = visit.rows()[3]["lead"]
    assert (len(lead["name"]) > 150, len(lead["email"]) > 150) == (True, True)
    assert people(page)[3] == lead["name"]
    assert page.locator(CARD).nth(1).evaluate(WHAT_LIES_ABOVE) == "card"


def test_the_sidebar_covers_the_list_where_a_name_is_long_and_the_window_is_small(visit: Visit) -> None:
    def above(*oddities: str, window: dict[str, int]) -> set[str]:
        page = visit.desk(*oddities, window=window)
        return {card.evaluate(WHAT_LIES_ABOVE) for card in page.locator(CARD).all()[:5]}

    assert above("sidebar-overlaps", window=SMALL) == {"card"}
    assert above("sidebar-overlaps", "long-names", window=SMALL) == {"sidebar"}
    assert above("sidebar-overlaps", "long-names", window=LARGE) == {"card"}


def test_of_three_thousand_leads_few_are_in_the_page(visit: Visit) -> None:
    page = visit.desk("many-leads")
    assert "3000 in all" in page.locator('[aria-label="Threads"]').inner_text()
    first = people(page)
    assert len(first) < 30
    page.locator(CARD).first.hover()
    page.mouse.wheel(0, 84 * 60)
    page.get_by_text("100 shown").wait_for()
    assert set(people(page)).isdisjoint(first)


@pytest.mark.parametrize(
    ("oddity", "filename", "message"),
    [
        ("widget-answers-html", "chat.localhost", "Unexpected token '<'"),
        ("widget-throws", "chat.localhost", "launcher"),
        ("widget-throws-unseen", "", "Script error."),
        ("insights-html", "/_vercel/insights/script.js", "Unexpected token '<'"),
    ],
)
def test_a_third_partys_script_fails(visit: Visit, oddity: str, filename: str, message: str) -> None:
    """A page learns nothing of the errors of another origin's script, unless it has asked for that."""
    errors = uncaught(visit.desk(oddity))
    own = f"{urlsplit(visit.sandbox.url).netloc}/_next/"
    assert [error for error in errors if own in f"{error['filename']}{error['stack']}"] == []
    assert [error for error in errors if filename in str(error["filename"]) and message in str(error["message"])]
    visit.sandbox.become("inbox", oddity)
    assert len(uncaught(visit.open("/", "main button h3"))) == len(errors)


def test_a_question_about_cookies_stays_until_it_is_answered(visit: Visit) -> None:
    page = visit.desk("cookie-banner", window=SMALL)
    banner = page.get_by_label("Cookies")
    box = banner.bounding_box()
    assert box is not None
    assert (box["width"], box["y"] + box["height"]) == (SMALL["width"], SMALL["height"])
    banner.get_by_role("button", name="Accept all").click()
    assert banner.count() == 0
    page.reload()
    page.locator(CARD).first.wait_for()
    assert banner.count() == 0


def test_dark_mode_is_light_on_dark(visit: Visit) -> None:
    def brightness(page: Page, property: str) -> int:  # noqa: A002 - as CSS calls it
        return sum(page.evaluate(BRIGHTNESS, ["[data-theme]", property])[:3])

    light, dark = visit.desk(), visit.desk("dark-mode")
    assert brightness(light, "color") + 400 < brightness(light, "backgroundColor")
    assert brightness(dark, "backgroundColor") + 400 < brightness(dark, "color")


def test_nothing_has_a_test_id(visit: Visit) -> None:
    page = visit.desk("without-test-ids")
    page.locator(TEAMS).click()
    assert page.locator("[data-testid]").count() == 0
    assert page.locator(f"#team-{ACME}").inner_text() == WORKSPACES[0]


def test_a_search_knows_one_word(visit: Visit) -> None:
    page = visit.desk("search-by-words")
    whole = people(page)[-1]
    page.locator('input[name="find"]').fill(whole)
    page.get_by_text("Nothing here yet").wait_for()
    page.locator('input[name="find"]').fill(whole.split()[-1])
    page.locator(CARD).filter(has_text=whole).wait_for()


def test_a_search_begins_with_the_enter_key(visit: Visit) -> None:
    page = visit.desk("search-on-enter")
    first, last = people(page)[0], people(page)[-1]
    page.locator('input[name="find"]').fill(last)
    page.wait_for_timeout(500)
    assert people(page)[0] == first
    page.locator('input[name="find"]').press("Enter")
    page.get_by_text("1 shown").wait_for()
    assert people(page) == [last]


@pytest.mark.parametrize(("oddity", "shown"), [("all-want-meetings", 34), ("none-wants-a-meeting", 0)])
def test_a_filter_leaves_out_none_or_everybody(visit: Visit, oddity: str, shown: int) -> None:
    visit.sandbox.become("desk", oddity)
    query = {"clientId": ACME, "sentiment": "Meeting Requested", "limit": "50"}
    listed = visit.sandbox.visitor.get(DESK["app"]["list_path"], **query).json()["conversations"]
    assert len(listed) == shown


@pytest.mark.parametrize(
    ("oddity", "has_it", "many"),
    [
        ("without-messages", lambda opened: not opened["messages"] and not opened["preview"], 2),
        ("previews-are-drafts", lambda opened: opened["preview"].startswith("Draft: "), 6),
        ("names-of-the-world", lambda opened: not opened["lead"]["name"].isascii(), 6),
    ],
)
def test_the_newest_conversations_are_unusual(
    visit: Visit, oddity: str, has_it: Callable[[Any], bool], many: int
) -> None:
    visit.sandbox.become("desk", oddity)
    get, path = visit.sandbox.visitor.get, DESK["app"]["list_path"]
    rows = get(path, clientId=ACME, limit="8").json()["conversations"]
    opened = [get(f"{path}/{row['id']}").json()["data"] for row in rows]
    assert [has_it(each) for each in opened] == [True] * many + [False] * (8 - many)


def test_every_request_takes_longer(visit: Visit) -> None:
    visit.sandbox.become("desk", "slow-requests")
    for path in ("/icon.svg", DESK["app"]["list_path"], DESK["app"]["login_path"]):
        begun = time.monotonic()
        httpx.get(visit.sandbox.url + path)
        assert time.monotonic() - begun >= 0.3


def test_every_oddity_is_tested() -> None:
    tested = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in ODDITIES if f'"{name}"' not in tested] == []


# What can be wrong with it -------------------------------------------------------------------------------------------


def test_under_each_name_stands_the_next_ones_conversation(visit: Visit) -> None:
    visit.sandbox.become("desk")
    visit.sandbox.break_("cards-shifted")
    page = visit.open("/desk", CARD)
    card, [first, second] = page.locator(CARD).first, visit.rows()[:2]
    assert people(page)[0] == first["lead"]["name"]
    assert second["preview"] in card.inner_text()
    assert card.get_attribute("href") == f"/desk?thread={second['id']}"


@pytest.mark.parametrize("app", ["inbox", "desk"])
def test_searching_crashes_the_page(visit: Visit, app: str) -> None:
    visit.sandbox.become(app)
    visit.sandbox.break_("search-crashes")
    page = visit.open("/", {"inbox": "main button h3", "desk": CARD}[app])
    page.locator({"inbox": '[data-testid="inbox-search-input"]', "desk": 'input[name="find"]'}[app]).type("A")
    page.locator({"inbox": INBOX, "desk": DESK}[app]["inbox"]["error_boundary"]).wait_for()


def test_a_filter_shows_some_of_them(visit: Visit) -> None:
    page = visit.desk()
    shown = page.get_by_text(re.compile(r"^\d+ shown"))
    before = shown.inner_text()
    with page.expect_response(lambda answer: "sentiment=" in answer.url) as answered:
        page.locator('input[name="waiting"]').check()
    found = [row["lead"]["name"] for row in answered.value.json()["conversations"]]
    page.get_by_text(re.compile(rf"^{len(found)} shown")).wait_for()
    assert 0 < len(found) < int(before.split()[0])
    assert set(people(page)) <= set(found)
