"""What the session cookie holds, and what happened to it: which answers set it, and which cleared it. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote

from postdeploy.page.journal import path_template

_BASE64 = "base64-"
"""How the value begins by default; with `cookieEncoding: "raw"` it is the JSON itself."""


def stored_session(chunks: Iterable[str]) -> dict[str, Any]:
    """The session in the cookie's chunks, in either encoding of @supabase/ssr. Raises: ValueError, TypeError."""
    value = "".join(map(unquote, chunks))
    text = value.removeprefix(_BASE64)
    if text != value:
        value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    return dict(json.loads(value))


def chunked(session: dict[str, Any], chunks: Sequence[str]) -> list[str]:
    """The session as the values of as many chunks, in the encoding of these."""
    text, plain = json.dumps(session), not chunks[0].startswith(_BASE64)
    value = text if plain else _BASE64 + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    size = -(-len(value) // len(chunks))
    parts = [value[at * size : (at + 1) * size] for at in range(len(chunks))]
    return [quote(part, safe="") for part in parts] if plain else parts


@dataclass(frozen=True, slots=True)
class CookieChange:
    """An answer set the session cookie, or cleared it."""

    request: str
    """Method and path, without ids."""
    kept: bool
    """False: it cleared the cookie."""


def changes(answers: Iterable[tuple[str, str, tuple[str, ...]]], pattern: str, now: float) -> tuple[CookieChange, ...]:
    """What each answer did to the cookie whose name matches. `answers`: method, path and `Set-Cookie` headers; `now`: epoch seconds."""
    found = []
    for method, path, headers in answers:
        kept = [_lives(header, now) for header in headers if re.search(pattern, header.partition("=")[0].strip())]
        if kept:
            found.append(CookieChange(f"{method} {path_template(path.partition('?')[0])}", any(kept)))
    return tuple(found)


def story(happened: Iterable[CookieChange]) -> str:
    """`the session cookie is set by POST /auth/login, then cleared by GET /`; empty: no answer named it."""
    parts = [f"{'set' if one.kept else 'cleared'} by {one.request}" for one in happened]
    return f"the session cookie is {', then '.join(parts)}" if parts else ""


def _lives(header: str, now: float) -> bool:
    """Whether the cookie is there after this `Set-Cookie` header."""
    pair, *attributes = [part.strip() for part in header.split(";")]
    given = {name.strip().lower(): value.strip() for name, _, value in (one.partition("=") for one in attributes)}
    if not pair.partition("=")[2]:
        return False
    age = given.get("max-age", "")
    if re.fullmatch(r"-?\d+", age):
        return int(age) > 0
    try:
        return parsedate_to_datetime(given["expires"]).timestamp() > now
    except (KeyError, ValueError):
        return True
