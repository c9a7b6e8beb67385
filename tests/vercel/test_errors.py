"""What a refusal means, and how long to wait."""

from __future__ import annotations

from email.utils import formatdate

import httpx
import pytest
from pytest_httpserver import HTTPServer

from postdeploy.model import Blocked
from postdeploy.vercel.deployments import find
from postdeploy.vercel.errors import PlatformError, refusal
from tests.vercel.asking import Pauses, client


@pytest.mark.parametrize(
    ("status", "cure"),
    [(401, "VERCEL_TOKEN"), (403, "VERCEL_TEAM_ID"), (404, "VERCEL_PROJECT_ID"), (402, "plan"), (400, "Report")],
)
def test_a_refusal_is_final_and_brings_its_cure(httpserver: HTTPServer, status: int, cure: str) -> None:
    pauses = Pauses()
    body = {"error": {"code": "forbidden", "message": "Not authorized"}}
    httpserver.expect_request("/v13/deployments/x").respond_with_json(body, status=status)
    with client(httpserver, pauses) as vercel, pytest.raises(Blocked) as refused:
        find(vercel, "x")
    assert isinstance(refused.value, PlatformError)
    assert (refused.value.status, refused.value.code) == (status, "forbidden")
    assert "Not authorized" in refused.value.what
    assert cure in refused.value.cure
    assert pauses == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"retry-after": "7"}, 7, id="seconds"),
        pytest.param(
            {"retry-after": formatdate(1_030, usegmt=True), "date": formatdate(1_000, usegmt=True)}, 30, id="a date"
        ),
        pytest.param(
            {"x-ratelimit-reset": "1030", "date": formatdate(1_000, usegmt=True)}, 30, id="the end of the limit"
        ),
        pytest.param({}, None, id="nothing"),
        pytest.param({"retry-after": "soon"}, None, id="nonsense"),
    ],
)
def test_how_long_to_wait_is_read_in_every_way_it_is_written(headers: dict[str, str], seconds: float | None) -> None:
    assert refusal(httpx.Response(429, headers=headers, text="[]"), "GET /").retry_after == seconds
