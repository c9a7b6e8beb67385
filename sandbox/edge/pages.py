"""The pages the platform itself answers with, when no deployment does."""

from __future__ import annotations

import html

from aiohttp import web

TEXTS = {
    "NOT_FOUND": (404, "The page could not be found"),
    "DEPLOYMENT_NOT_FOUND": (404, "The deployment could not be found on Vercel."),
    "DEPLOYMENT_DELETED": (410, "The deployment has been deleted."),
    "DEPLOYMENT_NOT_READY": (404, "The deployment is not ready."),
    "NO_RESPONSE_FROM_FUNCTION": (502, "An error occurred with this application"),
    "FUNCTION_INVOCATION_TIMEOUT": (504, "An error occurred with this application"),
}


def wants_html(request: web.Request) -> bool:
    """Whether a person looks at the answer, rather than a program."""
    return "text/html" in request.headers.get("Accept", "")


def error_page(request: web.Request, code: str, request_id: str) -> web.Response:
    """The platform's error page with its code, as HTML or as plain text."""
    status, sentence = TEXTS[code]
    headers = {"x-vercel-error": code, "Cache-Control": "public, max-age=0, must-revalidate"}
    if not wants_html(request):
        text = f"{sentence}\n\n{code}\n\n{request_id}\n"
        return web.Response(status=status, text=text, headers=headers)
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{status}: {code}</title>"
        f"<h1>{status}: {code.replace('_', ' ')}</h1><p>{html.escape(sentence)}</p>"
        f"<p>Code: <code>{code}</code></p><p>ID: <code>{request_id}</code></p></html>"
    )
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)
