"""What the session cookie holds, and what happened to it, in order."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from postdeploy.page.cookies import CookieChange, changes, chunked, stored_session, story

NAME = "sb-ref-auth-token"
PATTERN = r"^sb-.+-auth-token(\.\d+)?$"
NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        pytest.param([f"{NAME}=base64-x; Path=/; Max-Age=34560000"], True, id="set"),
        pytest.param([f"{NAME}.0=x", f"{NAME}.1=y"], True, id="in chunks"),
        pytest.param([f"{NAME}=; Path=/; Max-Age=0"], False, id="cleared by its age"),
        pytest.param([f"{NAME}=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], False, id="cleared by its date"),
        pytest.param([f"{NAME}=x; Expires=Thu, 01 Jan 2099 00:00:00 GMT"], True, id="set with a date"),
        pytest.param([f"{NAME}="], False, id="without a value"),
        pytest.param([f"{NAME}=x; Expires=soon"], True, id="a date that is none"),
        pytest.param([f"{NAME}.0=x", f"{NAME}.1=; Max-Age=0"], True, id="fewer chunks than before"),
        pytest.param(["theme=dark"], None, id="another cookie"),
        pytest.param([], None, id="none"),
    ],
)
def test_what_an_answer_does_to_the_cookie(headers: list[str], kept: bool | None) -> None:
    found = changes([("GET", "/", tuple(headers))], PATTERN, NOW)
    assert found == (() if kept is None else (CookieChange("GET /", kept),))


@pytest.mark.parametrize(
    ("happened", "said"),
    [
        ((), ""),
        ((("POST /auth/login", True),), "the session cookie is set by POST /auth/login"),
        (
            (("POST /auth/login", True), ("GET /", False)),
            "the session cookie is set by POST /auth/login, then cleared by GET /",
        ),
        (
            (("GET /", False), ("POST /auth/login", True)),
            "the session cookie is cleared by GET /, then set by POST /auth/login",
        ),
    ],
    ids=["nothing", "set", "set, then cleared", "cleared, then set"],
)
def test_it_is_told_in_order(happened: tuple[tuple[str, bool], ...], said: str) -> None:
    assert story(CookieChange(*one) for one in happened) == said


SESSION = {"access_token": "a.b", "expires_at": 5, "user": {"name": "Zoë"}}
TEXT = json.dumps(SESSION, ensure_ascii=False)
BASE64 = "base64-" + base64.urlsafe_b64encode(TEXT.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([BASE64], id="base64"),
        pytest.param([BASE64[:20], BASE64[20:]], id="base64 in chunks"),
        pytest.param([quote(TEXT)], id="the JSON itself"),
        pytest.param([quote(TEXT[:15]), quote(TEXT[15:])], id="the JSON in chunks"),
    ],
)
def test_a_session_is_read_and_written_in_the_encoding_that_it_has(chunks: list[str]) -> None:
    assert stored_session(chunks) == SESSION
    later = SESSION | {"expires_at": 1}
    written = chunked(later, chunks)
    assert stored_session(written) == later
    assert [each.startswith("base64-") for each in written] == [each.startswith("base64-") for each in chunks]


@pytest.mark.parametrize("chunks", [[], [""], ["token"], ["base64-%%"], ["base64-AAAA"], ["5"], ['["a","b"]']])
def test_anything_else_is_no_session(chunks: list[str]) -> None:
    with pytest.raises((ValueError, TypeError)):
        stored_session(chunks)
