"""A gateway's single answer in the app's place: what may be repeated, and what never."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.page.app.proof import warnings
from postdeploy.page.journal import Exchange, Kind, single_hiccup
from postdeploy.system.gateway import is_a_gateways
from tests.page.app.page import Page, row


def _answer(status: int | None = 200, kind: Kind = Kind.PAGE, **more: Any) -> Exchange:
    given: dict[str, Any] = {"method": "GET", "path": "/", "started": 1.0, "ms": 9.0} | more
    return Exchange(kind=kind, status=status, **given)


WELL = (_answer(), _answer(kind=Kind.API), _answer(kind=Kind.ACTION, method="POST"))
NOISE = _answer(404, Kind.OTHER)


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.API, Kind.ASSET])
def test_one_answer_of_a_gateway_to_a_get_may_be_repeated(status: int, kind: Kind) -> None:
    hiccup = _answer(status, kind, content_type="text/html")
    assert single_hiccup((*WELL, hiccup, NOISE)) is hiccup


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param((), id="nothing failed"),
        pytest.param((_answer(502), _answer(502)), id="two of them"),
        pytest.param((_answer(502), _answer(500, Kind.API)), id="one, and something of the app's"),
        pytest.param((_answer(502, Kind.ACTION, method="POST"),), id="a Server Action"),
        pytest.param((_answer(502, Kind.API, method="POST"),), id="a write"),
        pytest.param((_answer(500),), id="the app's own error"),
        pytest.param((_answer(503, Kind.API, content_type="application/json"),), id="the app's own 503"),
        pytest.param((_answer(502, of_the_framework=True),), id="with a header of the framework"),
        pytest.param((_answer(504, platform_error="FUNCTION_INVOCATION_TIMEOUT"),), id="the platform's time-out"),
        pytest.param((_answer(404),), id="not found"),
        pytest.param((_answer(None, failure="net::ERR_CONNECTION_RESET"),), id="no answer at all"),
        pytest.param((_answer(200, Kind.ACTION, method="POST", error="Database error"),), id="a handled failure"),
    ],
)
def test_anything_else_is_not_repeated(failures: tuple[Exchange, ...]) -> None:
    assert single_hiccup((*WELL, *failures)) is None


@pytest.mark.parametrize(
    ("status", "headers", "gateway"),
    [
        (502, {"server": "nginx"}, True),
        (503, {}, True),
        (504, {"content-type": "text/html"}, True),
        (502, {"x-powered-by": "Next.js"}, False),
        (503, {"x-nextjs-cache": "MISS"}, False),
        (504, {"x-vercel-error": "FUNCTION_INVOCATION_TIMEOUT"}, False),
        (500, {}, False),
        (200, {}, False),
    ],
)
def test_a_gateway_is_known_by_its_status_and_by_what_its_headers_lack(
    status: int, headers: dict[str, str], gateway: bool
) -> None:
    assert is_a_gateways(status, headers) is gateway


def test_what_the_page_made_good_by_itself_is_a_warning() -> None:
    page = Page().answers("/api/inbox/conversations?clientId=w1&limit=50", "<html>", 502).lists(row())
    assert [one for one in warnings(page.seen, 0.0) if "502" in one]
    assert warnings(Page().lists(row()).seen, 0.0) == []
