"""The address under verification."""

from __future__ import annotations

from urllib.parse import urlsplit

from postdeploy.model import UsageError


def parse_base_url(text: str | None, who: str = "smoke") -> str:
    """The base URL without a trailing slash. `who`: the command, for its messages.

    Raises:
        UsageError: there is none, or it is not an http(s) address.
    """
    if not text:
        raise UsageError(f"{who}: no deployment to verify. Give --base-url=https://… or set PYTEST_BASE_URL.")
    split = urlsplit(text)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise UsageError(f"{who}: --base-url={text!r} is not a web address. Write it as https://app.example.com")
    if split.username or split.password:
        raise UsageError(f"{who}: --base-url contains a user name or password. Give the plain address.")
    if split.path not in ("", "/") or split.query or split.fragment:
        raise UsageError(
            f"{who}: --base-url names a page. Give only the app's address: {split.scheme}://{split.netloc}"
        )
    return f"{split.scheme}://{split.netloc}"
