"""Redirects that a page itself makes: once a page streams, its status is sent, and the framework puts the redirect into the HTML."""

from __future__ import annotations

import html
import re

_AT_ONCE = re.compile(r"""(?i)content=["']?\s*[01](?:\.0)?\s*[;,]\s*url=['"]?(/(?!/)[^"'>\s]*)""")
"""After a second at most, and within the app: a page that loads itself anew every half minute, or leads to another host, is shown."""
_META = re.compile(r"""(?i)<meta\b[^>]*http-equiv=["']?refresh["']?[^>]*>""")


def streamed_redirect(status: int, page: str) -> str | None:
    """Where a page of status 200 leads at once by `<meta http-equiv="refresh">`; None: it stays."""
    tags = _META.findall(page) if status == 200 else []
    found = next((found for tag in tags if (found := _AT_ONCE.search(tag))), None)
    return html.unescape(found[1]) if found else None
