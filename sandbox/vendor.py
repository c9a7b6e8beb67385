"""A third party's server: where the page's chat widget comes from, which fails."""

from __future__ import annotations

from aiohttp import web

PAGE = """<!doctype html><html lang="en"><title>Chat</title><p>This address has moved.</p></html>"""
WIDGET = """
const chat = { settings: null };
console.error("[chat] the session could not be restored");
Promise.reject(new Error("[chat] the session could not be restored"));
setTimeout(() => chat.settings.launcher.show(), 200);
"""
READABLE = {"Access-Control-Allow-Origin": "*"}
"""Who asks with `crossorigin` gets to read what the script's errors say."""


def application() -> web.Application:
    """``/loader.js`` is a page; ``/widget.js`` is a script, and throws."""
    served = web.Application()
    served.router.add_get("/loader.js", _page)
    served.router.add_get("/widget.js", _widget)
    return served


async def _page(_request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html", headers=READABLE)


async def _widget(_request: web.Request) -> web.Response:
    return web.Response(text=WIDGET, content_type="text/javascript", headers=READABLE)
