"""What happened to the session cookie, in order: which answers set it, and which cleared it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from postdeploy.page.journal import path_template


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
