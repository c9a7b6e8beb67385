"""One row of a log, whatever source it came from."""

from __future__ import annotations

import re

import msgspec

_LONGEST = 200
_MIDDLEWARE = "middleware"
_REGIONS = re.compile(r"^(?:[a-z0-9]+::)+")


class LogEntry(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A row, with what any source shows of it; what a source does not show stays empty."""

    at: int
    """Event time by the platform's clock, epoch milliseconds."""
    message: str = ""
    """As the app wrote it, with embedded newlines."""
    level: str = ""
    """error, warning, info, fatal, debug, trace, or empty."""
    method: str = ""
    path: str = ""
    """Without host and query: `/api/inbox/counts`."""
    status: int | None = None
    """The answer's status; -1: the function died without one; None: not shown, or the request never finished."""
    request_id: str | None = None
    """Without the regions before it: `abcde-1759622400000-0123456789ab`."""
    row_id: str | None = None
    """The same for a row and its repetition, where the source names rows; the repetition may say more."""
    deployment_id: str | None = None
    project: str = ""
    """Whose deployment it is; empty: not shown."""
    environment: str | None = None
    """production, preview, or not shown."""
    source: str = ""
    """What wrote it: function, middleware, static, request, … as the platform calls it."""
    function: str = ""
    """The route of the function that answered, `/api/x` or `/w/[slug]`; empty: not shown, or no function of the app's."""
    took: int | None = None
    """How long the function ran, milliseconds; None: not shown."""
    memory: int | None = None
    """How much of its memory it used, percent; None: not shown."""
    own: bool = False
    """Its request says that it is the suite's, of this run or another (`own_marks`)."""
    truncated: bool = False
    """The message was cut: the rest of it is unknown."""


def label(name: str) -> str:
    """What a log calls something (a deployment, a method), on one line and not longer than any real one."""
    return name if len(name) <= _LONGEST and name.isprintable() else "".join(filter(str.isprintable, name[:_LONGEST]))


def function_of(name: str | None, source: str | None) -> str:
    """What a source calls the function of a row, if it is one that the app made for a route. `/_error` and the like answer any path."""
    return name if name and name[0] == "/" and name[1:2] != "_" and source != _MIDDLEWARE else ""


def request_key(request_id: str | None) -> str | None:
    """`syd1::iad1::abcde-17…-01…` and `abcde-17…-01…` are the same request."""
    if request_id and "::" in request_id:
        request_id = _REGIONS.sub("", request_id)
    return request_id or None
