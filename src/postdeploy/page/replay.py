"""An answer that a cache between the browser and the app gives again: what can't be replayed says so.

A Server Action is a POST, and each has a request id and a date of its own. A read may come from the browser's own cache, so there only
`Age` and a date that is older than clocks differ count. Static files may come from any cache: they are not looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from postdeploy.page.journal import Kind
from postdeploy.system import times


def is_replayed(
    kind: Kind, headers: Mapping[str, str], started: float, earlier: Collection[str], clocks: float
) -> bool:
    """Whether the answer was made for an earlier request.

    `started`: when this request was, epoch milliseconds; `earlier`: the request ids of earlier Server Actions; `clocks`: seconds by which
    this machine's clock and the target's may differ.
    """
    if kind not in (Kind.ACTION, Kind.API):
        return False
    age = headers.get("age", "")
    date = times.from_http(headers.get("date", ""))
    old = date is not None and date + 1 < started / 1000 - clocks
    again = kind is Kind.ACTION and headers.get("x-vercel-id", "") in earlier
    return old or again or (age.isdecimal() and int(age) > 0)
