"""What the browser itself refuses is evidence, with the file's name."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.browser import explained
from postdeploy.page.journal import Exchange, Kind
from postdeploy.page.observation import Observation
from postdeploy.page.refusals import BlockedRequest, RefusedFile, Why
from postdeploy.page.screen import Screen
from postdeploy.page.sight import Sight
from tests.page.test_diagnosis import LIST, RUNBOOK, api, cause

ORIGIN = "https://app.example.com"
CHUNK = f"{ORIGIN}/_next/static/chunks/7.js"
BLANK = Screen(path="/", text_length=0)


def diagnosed(*journal: Exchange, **more: Any) -> tuple[Cause, str]:
    return cause(*journal, screen=BLANK, origin=ORIGIN, **more)


@pytest.mark.parametrize("why", list(Why), ids=lambda why: why.name)
def test_a_file_of_the_build_that_cannot_be_used_is_named(why: Why) -> None:
    arrived = Exchange(Kind.ASSET, "GET", "/_next/static/chunks/7.js?dpl=1", 0.0, 9.0, 200)
    found = diagnosed(api(), arrived, refused_files=(RefusedFile(CHUNK, why),), page_errors=("SyntaxError: x",))
    assert found == (Cause.ASSET, f"the browser can't use a file of the build, /_next/static/chunks/7.js: {why}")


def test_a_file_of_a_page_that_was_left_is_no_evidence() -> None:
    assert diagnosed(api(), refused_files=(RefusedFile(CHUNK, Why.UNUSABLE),))[0] is Cause.BLANK_PAGE


def test_a_file_that_cannot_be_decoded_is_named() -> None:
    broken = Exchange(Kind.ASSET, "GET", "/_next/7.js?dpl=1", 0.0, 9.0, 200, failure="net::ERR_CONTENT_DECODING_FAILED")
    found = diagnosed(broken)
    assert (found[0], "(/_next/7.js)" in found[1]) == (Cause.ASSET, True)


@pytest.mark.parametrize(
    ("directive", "uri", "expected"),
    [
        pytest.param("script-src-elem", CHUNK, Cause.BLOCKED_BY_POLICY, id="a script of the build"),
        pytest.param("style-src-elem", f"{ORIGIN}/_next/a.css", Cause.BLOCKED_BY_POLICY, id="a style sheet"),
        pytest.param("script-src-elem", "inline", Cause.BLOCKED_BY_POLICY, id="inline code"),
        pytest.param("script-src", "eval", Cause.BLOCKED_BY_POLICY, id="eval"),
        pytest.param("connect-src", f"{ORIGIN}/api/inbox/counts", Cause.BLOCKED_BY_POLICY, id="a request"),
        pytest.param("script-src-elem", "https://widget.example/w.js", Cause.BLANK_PAGE, id="another's script"),
        pytest.param(
            "connect-src", "https://app.example.com.evil.test", Cause.BLANK_PAGE, id="a host that begins alike"
        ),
        pytest.param("img-src", f"{ORIGIN}/a.png", Cause.BLANK_PAGE, id="a picture"),
        pytest.param("frame-src", f"{ORIGIN}/frame", Cause.BLANK_PAGE, id="a frame"),
    ],
)
def test_what_the_policy_blocks_of_the_app_is_the_cause(directive: str, uri: str, expected: Cause) -> None:
    found = diagnosed(api(), blocked=(BlockedRequest(directive, uri),))
    assert found[0] is expected
    assert expected is Cause.BLANK_PAGE or directive in found[1]


LOST = api(status=None, failure="TypeError: Failed to fetch")
REFUSED = Exchange(Kind.ASSET, "GET", "/_next/static/chunks/7.js", 0.0, 9.0, None, failure="csp")


@pytest.mark.parametrize(
    ("failed", "directive", "uri", "expected"),
    [
        pytest.param(REFUSED, "script-src-elem", CHUNK, Cause.BLOCKED_BY_POLICY, id="a script that it blocks"),
        pytest.param(LOST, "connect-src", f"{ORIGIN}{LIST}", Cause.BLOCKED_BY_POLICY, id="a request that it blocks"),
        pytest.param(
            api(status=500), "script-src-elem", "inline", Cause.LIST_ROUTE, id="inline code, and a failed request"
        ),
        pytest.param(REFUSED, "script-src", "eval", Cause.ASSET, id="eval, and a lost script"),
    ],
)
def test_what_fails_because_of_the_policy_follows_from_it(
    failed: Exchange, directive: str, uri: str, expected: Cause
) -> None:
    assert diagnosed(failed, blocked=(BlockedRequest(directive, uri),))[0] is expected


@pytest.mark.parametrize(
    ("url", "why", "kept"),
    [
        (CHUNK, "syntax", [RefusedFile(CHUNK, Why.SYNTAX)]),
        (CHUNK, "digest", [RefusedFile(CHUNK, Why.DIGEST)]),
        (CHUNK, "a later version's word", [RefusedFile(CHUNK, Why.UNUSABLE)]),
        ("https://widget.example/_next/w.js", "syntax", []),
        (f"{ORIGIN}/_vercel/insights/script.js", "syntax", []),
        (f"{ORIGIN}/", "syntax", []),
    ],
)
def test_only_files_of_the_build_count(url: str, why: str, kept: list[RefusedFile]) -> None:
    seen = Observation(RUNBOOK, ORIGIN)
    for _ in range(2):
        seen.take({"type": "refused", "url": url, "why": why, "at": 1.0})
    assert seen.refused_files == kept


@pytest.mark.parametrize(
    ("quiet", "expected"),
    [
        (Cause.NEVER_RENDERED, Cause.BLOCKED_BY_POLICY),
        (Cause.CLIENT_CRASH, Cause.BLOCKED_BY_POLICY),
        (Cause.WRONG_CARDS, Cause.WRONG_CARDS),
        (Cause.EMPTY_LIST, Cause.EMPTY_LIST),
    ],
)
def test_a_policy_explains_what_does_not_run_and_not_what_is_wrong(quiet: Cause, expected: Cause) -> None:
    blocked = (BlockedRequest("script-src-elem", "inline"),)
    sight = Sight((), BLANK, RUNBOOK, blocked=blocked, origin=ORIGIN)
    found = explained(Diagnosis(quiet, "quiet"), sight)
    assert found is not None
    assert found.cause is expected
    assert explained(Diagnosis(quiet, "quiet"), Sight((), BLANK, RUNBOOK)) == Diagnosis(quiet, "quiet")


def test_what_was_refused_on_the_page_before_says_nothing_about_this_one() -> None:
    seen = Observation(RUNBOOK, ORIGIN)
    seen.take({"type": "refused", "url": CHUNK, "why": "syntax", "at": 1.0})
    seen.take({"type": "blocked", "directive": "script-src", "uri": "inline", "at": 1.0})
    assert (len(seen.refused_files), len(seen.blocked)) == (1, 1)
    seen.take({"type": "document", "url": ORIGIN, "at": 2.0})
    assert (seen.refused_files, seen.blocked) == ([], [])
