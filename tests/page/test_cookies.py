"""What happened to the session cookie, in order."""

from __future__ import annotations

import pytest

from postdeploy.page.cookies import CookieChange, changes, story

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
