"""Whose script failed decides whether an uncaught error can be a cause."""

from __future__ import annotations

import pytest

from postdeploy.page.observation import Observation
from postdeploy.runbook.reading import read_runbook

ORIGIN = "https://app.example.com"
OURS = [
    f"{ORIGIN}/_next/static/chunks/8f2.js",
    f"{ORIGIN}/",
    "https://cdn.example.net/_next/static/chunks/8f2.js?dpl=1",
    None,
]
OTHERS = [
    "https://widget.example.net/loader.js",
    f"{ORIGIN}/_vercel/insights/script.js",
    "chrome-extension://abcdef/inject.js",
    "unknown:",
]


def _seen(kind: str, source: str | None) -> Observation:
    seen = Observation(read_runbook(), ORIGIN)
    seen.take({"type": kind, "text": "TypeError: x is undefined\n    at f", "source": source, "at": 1})
    return seen


@pytest.mark.parametrize("source", OURS)
def test_an_error_of_the_apps_own_script_can_be_a_cause(source: str | None) -> None:
    assert _seen("uncaught", source).page_errors
    assert _seen("console", source).console_errors


@pytest.mark.parametrize("source", OTHERS)
def test_an_error_of_anothers_script_is_shown_and_never_a_cause(source: str) -> None:
    seen = _seen("uncaught", source)
    assert (seen.page_errors, seen.uncaught) == ([], ["TypeError: x is undefined"])
    assert _seen("console", source).console_errors == []
    assert _seen("console", source).bystander_lines


@pytest.mark.parametrize(
    ("text", "recovered"),
    [
        ("Error: Minified React error #418; visit https://react.dev/errors/418?args[]=text for the full message", True),
        ("Error: Minified React error #423; visit https://react.dev/errors/423", True),
        ("Error: Hydration failed because the server rendered text didn't match the client.", True),
        ("Error: Minified React error #441; visit https://react.dev/errors/441", False),
        ("Error: Minified React error #185; visit https://react.dev/errors/185", False),
        ("Error: Minified React error #4180; visit https://react.dev/errors/4180", False),
        ("TypeError: Hydration failed is not a function", False),
    ],
)
def test_an_error_that_the_page_recovers_from_is_shown_and_never_a_cause(text: str, recovered: bool) -> None:
    seen = Observation(read_runbook(), ORIGIN)
    seen.take({"type": "uncaught", "text": text, "source": f"{ORIGIN}/_next/static/chunks/8f2.js", "at": 1})
    assert (seen.page_errors == [], seen.uncaught) == (recovered, [text[:160]])
