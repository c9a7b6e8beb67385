"""Fixtures for the tests of Vercel's API."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.vercel.asking import Server


@pytest.fixture
def answers(httpserver: HTTPServer) -> Callable[..., Server]:
    def begin(status: int, body: str = "", **headers: str) -> Server:
        server = Server(httpserver.url_for(""))

        def answer(request: Request) -> Response:
            server.got.append(request)
            return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})

        httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
        return server

    return begin
