"""An answer that a cache between the browser and the app gives again: what can't be replayed says so.

A Server Action is a POST, and each has a request id and a date of its own. A read may come from the browser's own cache, where that may
keep it; else it has a request id of its own, too. The id holds a time, which a cache that sets the date anew leaves as it is. Static files
may come from any cache: they are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from postdeploy.page.journal import Kind
from postdeploy.system import times

_TIME = re.compile(r"-(\d{13})-[0-9a-f]+$")
_KEPT_BY = {"expires", "etag", "last-modified"}
"""Headers by which a browser may keep an answer, or ask whether it still holds."""


def is_replayed(
    kind: Kind, headers: Mapping[str, str], started: float, earlier: Collection[str], clocks: float
) -> bool:
    """Whether the answer was made for an earlier request.

    `started`: when this request was, epoch milliseconds; `earlier`: the request ids of earlier answers of this kind; `clocks`: seconds by
    which this machine's clock and the target's may differ.
    """
    if kind not in (Kind.ACTION, Kind.API):
        return False
    age, request_id = headers.get("age", ""), headers.get("x-vercel-id", "")
    made = (times.from_http(headers.get("date", "")), _made(request_id))
    old = any(at is not None and at + 1 < started / 1000 - clocks for at in made)
    again = request_id in earlier and (kind is Kind.ACTION or not _browser_may_keep(headers))
    return old or again or (age.isdecimal() and int(age) > 0)


def is_made_up(kind: Kind, headers: Mapping[str, str], *, by_worker: bool) -> bool:
    """Whether the page's service worker wrote the answer itself, out of what it keeps: every server dates its own."""
    return by_worker and kind in (Kind.ACTION, Kind.API) and "date" not in headers


def _made(request_id: str) -> float | None:
    """When Vercel's edge took the request, epoch seconds: its id says so."""
    found = _TIME.search(request_id)
    return int(found[1]) / 1000 if found else None


def _browser_may_keep(headers: Mapping[str, str]) -> bool:
    control = headers.get("cache-control", "")
    return "no-store" not in control and ("max-age" in control or bool(_KEPT_BY & headers.keys()))
