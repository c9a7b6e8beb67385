"""The bot challenge: a page that only browsers pass, and no test."""

from __future__ import annotations

import secrets

from aiohttp import web

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Vercel Security Checkpoint</title>
<meta name="robots" content="noindex"></head><body><main><p id="header-text">We're verifying your browser</p>
<a href="https://vercel.link/security-checkpoint">Website owner? Click here to fix</a></main>
<footer>Vercel Security Checkpoint</footer></body></html>"""


def challenge() -> web.Response:
    """Ask the visitor to prove that it is a browser."""
    return web.Response(
        status=429,
        text=PAGE,
        content_type="text/html",
        headers={
            "x-vercel-mitigated": "challenge",
            "x-vercel-challenge-token": f"2.{secrets.token_hex(24)}",
            "Cache-Control": "private, no-store, max-age=0",
        },
    )


def deny() -> web.Response:
    """Turn the visitor away."""
    return web.Response(status=403, text="Forbidden\n", headers={"x-vercel-mitigated": "deny"})
