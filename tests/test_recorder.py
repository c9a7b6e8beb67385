"""What the script inside the page calls visible, reachable, a banner: in a real browser, on small pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from fixtures.tab import recorder
from postdeploy.page.observation import Observation
from postdeploy.page.screen import Screen
from postdeploy.runbook.reading import read_runbook
from postdeploy.system.browser import executable
from postdeploy.target.identity import read_identity

pytestmark = pytest.mark.browser

URL = "http://app.test/"
RUNBOOK = read_runbook()
CARD = "<button><h3>Ada</h3> 7 Acme 2h Hello</button>"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable())
        yield browser
        browser.close()


@pytest.fixture
def observe(chromium: Browser) -> Iterator[Any]:
    """Shows a page and returns what the recorder made of it."""
    context = chromium.new_context()
    seen = Observation(RUNBOOK, URL.rstrip("/"))
    context.expose_binding("__postdeploy", lambda _, message: seen.take(message))
    context.add_init_script(recorder(RUNBOOK))
    page = context.new_page()

    def show(body: str) -> Screen:
        html = f"<!doctype html><body>{body}</body>"
        page.route(URL, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(URL)
        page.wait_for_timeout(120)
        return seen.screen

    yield show
    context.close()


@pytest.fixture
def named(chromium: Browser) -> Iterator[Any]:
    """Loads whole documents and returns the builds that they named."""
    context = chromium.new_context()
    seen = Observation(RUNBOOK, URL.rstrip("/"))
    context.expose_binding("__postdeploy", lambda _, message: seen.take(message))
    context.add_init_script(recorder(RUNBOOK))
    page = context.new_page()
    page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))

    def load(*documents: str) -> list[str]:
        waiting = list(documents)
        page.route(URL, lambda route: route.fulfill(body=waiting.pop(0), content_type="text/html"))
        for _ in documents:
            page.goto(URL)
            page.wait_for_timeout(60)
        return [build.name for build in seen.builds_since(0.0)]

    yield load
    context.close()


DATA = 'self.__next_f.push([1,"0:{\\"P\\":null,\\"b\\":\\"Zx9bQ-1a\\"}"])'
REMOVED = "<script>delete document.documentElement.dataset.dplId</script>"


@pytest.mark.parametrize(
    ("html", "name"),
    [
        pytest.param(f'<!DOCTYPE html><html data-dpl-id="dpl_9"><head>{REMOVED}</head>', "dpl_9", id="removed at once"),
        pytest.param('<html><script src="/_next/a.js?dpl=dpl_9"></script>', "dpl_9", id="on assets alone"),
        pytest.param("<!DOCTYPE html><!--Zx9bQ-1a--><html>", "Zx9bQ-1a", id="a build id as comment"),
        pytest.param(f"<html><script>{DATA}</script>", "Zx9bQ-1a", id="a build id in the page's data"),
    ],
)
def test_a_page_tells_which_build_it_is(named: Any, html: str, name: str) -> None:
    assert named(html) == [name]
    assert read_identity(URL, html).name == name, "the look past the browser reads the same"


def test_every_document_counts(named: Any) -> None:
    assert named('<html data-dpl-id="dpl_1">', '<html data-dpl-id="dpl_1">', '<html data-dpl-id="dpl_2">') == [
        "dpl_1",
        "dpl_2",
    ]


def test_a_page_without_marks_names_nothing(named: Any) -> None:
    assert named("<html><p>Hello</p>") == []


def main(inside: str) -> str:
    return f"<main>{inside}</main>"


def test_a_card_in_sight_can_be_reached(observe: Any) -> None:
    [card] = observe(main(CARD)).cards
    assert (card.person, card.reachable) == ("Ada", True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<div style='opacity:0'>{main(CARD)}</div>", id="transparent, by what is around it"),
        pytest.param(f"<div style='visibility:hidden'>{main(CARD)}</div>", id="invisible"),
        pytest.param(f"<div style='display:none'>{main(CARD)}</div>", id="not displayed"),
        pytest.param(
            main("<button style='width:0;height:0;padding:0;border:0'><h3></h3></button>"), id="without a size"
        ),
    ],
)
def test_what_nobody_sees_is_no_card(observe: Any, body: str) -> None:
    assert observe(body).cards == ()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(main(CARD) + "<div style='position:fixed;inset:0;background:white'></div>", id="covered"),
        pytest.param(f"<div style='position:absolute;left:-5000px'>{main(CARD)}</div>", id="out of sight"),
    ],
)
def test_a_card_that_nobody_can_press_is_not_reachable(observe: Any, body: str) -> None:
    assert [card.reachable for card in observe(body).cards] == [False]


@pytest.mark.parametrize(
    "banner",
    [
        pytest.param("<p>Failed to load workspaces</p>", id="a known sentence"),
        pytest.param(
            "<div><p>Something new</p><button>Retry</button><button aria-label='Dismiss'>x</button></div>",
            id="an unknown sentence, with Retry and Dismiss",
        ),
        pytest.param(
            "<div role='alert'><p>Something new</p><span><button>Reload</button></span></div>", id="with Reload alone"
        ),
    ],
)
def test_above_the_inbox_an_error_is_a_banner(observe: Any, banner: str) -> None:
    assert observe(banner + main(CARD)).banner in ("Failed to load workspaces", "Something new")


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param("<div><p>We use cookies</p><button aria-label='Dismiss'>x</button></div>", id="a notice"),
        pytest.param("<div data-sonner-toast data-type='success'>Logged in<button>Retry</button></div>", id="a toast"),
        pytest.param(main("<p>Ada wrote: Failed to load workspaces, Retry!</p>"), id="what people write"),
    ],
)
def test_what_is_no_error_is_no_banner(observe: Any, harmless: str) -> None:
    assert observe(harmless + main(CARD)).banner is None


def test_a_notice_is_seen_as_one(observe: Any) -> None:
    assert observe("<div><p>We use cookies</p><button aria-label='Dismiss'>x</button></div>").notice == "We use cookies"


def test_the_text_of_a_crash_counts_outside_the_cards_only(observe: Any) -> None:
    assert observe("<h1>Application error</h1>").crash == "Application error"
    assert observe(main("<button><h3>Ada</h3>I get an Application error</button>")).crash is None
