"""What a careless app sends along with every page and answer: other people's data and its own secrets, in headers, cookies and markup.

A verification must not write any of it down. The values are made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

HEADERS = {
    "x-acting-customer": "perpetua.quillfeather@canary.example",
    "x-upstream-authorization": "Bearer sk-proj-plantedInAHeader0123456789",
    "Server-Timing": 'db;desc="postgresql://planted:inServerTiming77@db.internal:5432/app";dur=3',
}
COOKIE = ("last_customer", "planted-in-a-cookie-4f1c9b7e")
PAGE = ("ghp_plantedInThePage0123456789abcdefghij", "ottoline.thrupp@canary.example", "+44 20 7946 0991")
TAG = f"<!-- {PAGE[0]} --><div hidden data-customer='{PAGE[1]}'>{PAGE[2]} {PAGE[1]} {PAGE[0]}</div>".encode()
VALUES = (
    "perpetua.quillfeather",
    "plantedInAHeader0123456789",
    "inServerTiming77",
    COOKIE[1],
    PAGE[0],
    "ottoline.thrupp",
    "7946 0991",
    "plantedInAnError0123456789",
    "plantedInTheConsole99",
    "planted.in.an.address",
)
"""What can be recognised of all of it, and of the snippets `planted-*`."""


def put_on(response: web.StreamResponse) -> None:
    """The headers and the cookie."""
    response.headers.update(HEADERS)
    response.set_cookie(*COOKIE, path="/")
