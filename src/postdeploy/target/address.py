"""The address under verification."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from postdeploy.model import UsageError


def parse_base_url(text: str | None, who: str = "smoke") -> str:
    """The base URL without a trailing slash. `who`: the command, for its messages.

    Raises:
        UsageError: there is none, or it is not an http(s) address.
    """
    if not text:
        raise UsageError(f"{who}: no deployment to verify. Give --base-url=https://… or set PYTEST_BASE_URL.")
    split = web_address(text)
    if split is None:
        shown = text.rpartition("@")[2]  # a password may stand before it
        raise UsageError(f"{who}: --base-url={shown!r} is not a web address. Write it as https://app.example.com")
    if split.username or split.password:
        raise UsageError(f"{who}: --base-url contains a user name or password. Give the plain address.")
    if split.path not in ("", "/") or split.query or split.fragment:
        raise UsageError(
            f"{who}: --base-url names a page. Give only the app's address: {split.scheme}://{split.netloc}"
        )
    return f"{split.scheme}://{split.netloc}"


def web_address(text: str) -> SplitResult | None:
    """The parts of an http(s) address; None: it is none."""
    try:
        split = urlsplit(text)
        _ = split.port  # refuses one that is not a number, or too large
    except ValueError:
        return None
    host = split.hostname or ""
    sound = host and not re.search(r"[\s\x00-\x1f<>\"'\\^`{|}]|\.\.", host) and not host.startswith(".")
    return split if sound and split.scheme in ("http", "https") else None
