"""The newer history: ``POST /v1/observability/events``, as `vercel logs` 64 asks it.

Two kinds of event: what the functions wrote (``vercel.log``: no status), and the requests (``vercel.proxy_response``:
no messages, and only with Observability Plus).
"""

from __future__ import annotations

import base64
import itertools
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.logs.rows import REGION
from sandbox.platform.errors import PlatformError, not_found
from sandbox.platform.filters import FilterError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.logs import Logs, Row
    from sandbox.logs.faults import Boundary
    from sandbox.platform.filters import Test
    from sandbox.platform.projects import Project

LARGEST_LIMIT = 1000
LOG, REQUEST = "vercel.log", "vercel.proxy_response"
FIELDS = {
    LOG: (
        *("projectId", "requestId", "branch", "deploymentId", "domain", "environment", "requestPath", "requestMethod"),
        *("source", "service", "isSystemLog", "region", "runtime", "level", "message", "stream", "traceId", "spanId"),
        *("attributes", "truncated"),
    ),
    REQUEST: (
        *("projectId", "requestId", "deploymentId", "environment", "requestHostname", "requestPath", "requestMethod"),
        *("httpStatus", "route", "pathType", "cacheResult", "edgeNetworkRegion", "service", "clientIpCountry"),
        *("clientUserAgent", "wafAction"),
    ),
}
PATH_TYPES = {"function": "func", "static": "static", "cache": "prerender", "redirect": "redirect"}


@dataclass(frozen=True)
class Question:
    """A question that has been understood."""

    event: str
    start: int
    end: int
    select: tuple[str, ...]
    newest_first: bool
    limit: int
    test: Test
    after: tuple[int, str] | None
    """The time and id of the last event of the page before."""


def understand(body: Any, project: Project) -> Question:
    """The question in a request's body; raises `PlatformError`."""
    if not isinstance(body, dict):
        raise _invalid("", "Expected an object")
    event = body.get("event")
    if event not in FIELDS:
        raise _invalid("event", "Unknown event")
    scope = body.get("scope") or {}
    if not project.team.named(str(scope.get("ownerId"))) or not all(map(project.named, scope.get("projectIds") or [])):
        raise not_found("Project")
    span = body.get("timeRange") or {}
    start, end = (_moment(span.get(name), f"timeRange.{name}") for name in ("start", "end"))
    if start >= end:
        raise _invalid("timeRange", "start must be before end")
    select = tuple(body.get("select") or ())
    for name in select:
        if name not in FIELDS[event]:
            raise _invalid("select", f"Unknown field {name}")
    limit = body.get("limit", 100)
    if not isinstance(limit, int) or not 1 <= limit <= LARGEST_LIMIT:
        raise _invalid("limit", f"Expected 1 to {LARGEST_LIMIT}")
    order = body.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise _invalid("order", "Expected asc or desc")
    return Question(
        event, start, end, select, order == "desc", limit, _test(body.get("filter"), event), _cursor(body.get("cursor"))
    )


def answer(question: Question, logs: Logs, project: Project) -> dict[str, Any]:
    """A page of events; raises `PlatformError` where the plan does not allow it."""
    if question.event == REQUEST and not logs.plan.observability_plus:
        raise PlatformError(402, "payment_required", "This query requires Observability Plus.")
    if question.start < logs.clock.milliseconds - logs.plan.retention * 1000:
        raise PlatformError(400, "bad_request", "The time range is outside of the retention of your plan.")
    page, more = _page(question, logs, project)
    if len(page) > logs.plan.largest_page:
        raise PlatformError(413, "result_too_large", "The result is too large. Ask for fewer events.")
    last = page[-1][0] if page else None
    excluded = [
        {"start": logs.clock.iso(max(gap.start, question.start)), "end": logs.clock.iso(min(gap.end, question.end))}
        for gap in logs.faults.gaps
        if gap.history and gap.reported and gap.start < question.end and gap.end > question.start
    ]
    return {
        "events": list(_disturbed(page, question, logs)),
        "pagination": {"hasMore": more, "nextCursor": _written((last.at, last.id)) if last and more else None},
        "meta": {"excludedIntervals": excluded},
    }


def log(row: Row, logs: Logs, project: Project) -> dict[str, Any]:
    """All fields of a row that was written."""
    message, truncated = logs.shown(row.message)
    request = row.request
    return {
        "projectId": project.id,
        "requestId": request.id if request else None,
        "branch": row.origin.branch,
        "deploymentId": row.origin.deployment_id,
        "domain": request.host if request else row.origin.host,
        "environment": row.origin.environment,
        "requestPath": request.path if request else None,
        "requestMethod": request.method if request else None,
        "source": "middleware" if row.kind == "middleware" else "function",
        "service": project.name,
        "isSystemLog": row.system,
        "region": REGION,
        "runtime": "nodejs",
        "level": row.level or "info",
        "message": message,
        "stream": row.stream or None,
        "traceId": None,
        "spanId": None,
        "attributes": {},
        "truncated": truncated,
    }


def request(row: Row, project: Project) -> dict[str, Any]:
    """All fields of a request, as the CDN notes it."""
    asked = row.request
    if asked is None:
        raise ValueError("only a row of a request describes a request")
    return {
        "projectId": project.id,
        "requestId": asked.id,
        "deploymentId": row.origin.deployment_id,
        "environment": row.origin.environment,
        "requestHostname": asked.host,
        "requestPath": asked.path,
        "requestMethod": asked.method,
        "httpStatus": row.status or 0,
        "route": asked.function or None,
        "pathType": PATH_TYPES[row.kind],
        "cacheResult": row.cache,
        "edgeNetworkRegion": REGION,
        "service": project.name,
        "clientIpCountry": None,
        "clientUserAgent": asked.user_agent,
        "wafAction": None,
    }


def _page(question: Question, logs: Logs, project: Project) -> tuple[list[tuple[Row, dict[str, Any]]], bool]:
    """The events of this page with the rows they show, and whether more follow."""
    rows: Iterable[Row] = logs.history()
    if question.newest_first:
        rows = reversed(list(rows))
    found = []
    for row in rows:
        wanted = row.is_request if question.event == REQUEST else bool(row.message)
        if not wanted or not question.start <= row.at < question.end or _is_before(row, question, logs.faults.boundary):
            continue
        fields = request(row, project) if question.event == REQUEST else log(row, logs, project)
        if question.test(fields):
            found.append((row, fields))
            if len(found) > question.limit:
                return found[:-1], True
    return found, False


def _is_before(row: Row, question: Question, boundary: Boundary) -> bool:
    """Whether the row was on an earlier page, or is taken for one."""
    if question.after is None:
        return False
    place = (row.at, row.id)
    if boundary == "skipped" and row.at == question.after[0]:
        return True
    if boundary == "repeated" and place == question.after:
        return False
    return place >= question.after if question.newest_first else place <= question.after


def _disturbed(page: list[tuple[Row, dict[str, Any]]], question: Question, logs: Logs) -> Iterable[dict[str, Any]]:
    """The events as they are sent: only what was selected, some of them twice, out of order."""
    faults = logs.faults
    if faults.reordered:
        page = sorted(page, key=lambda one: faults.due(one[0]), reverse=question.newest_first)
    for row, fields in page:
        event = {"timestamp": logs.clock.iso(row.at)} | {name: fields[name] for name in question.select}
        yield from itertools.repeat(event, 2 if faults.repeats(row) else 1)


def _test(text: object, event: str) -> Test:
    if text is None:
        return lambda _event: True
    try:
        return parse(str(text), FIELDS[event])
    except FilterError as error:
        raise _invalid("filter", str(error)) from None


def _moment(given: object, path: str) -> int:
    try:
        return int(datetime.fromisoformat(str(given)).timestamp() * 1000)
    except ValueError:
        raise _invalid(path, "Expected an ISO 8601 date") from None


def _written(place: tuple[int, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _cursor(given: object) -> tuple[int, str] | None:
    if given is None:
        return None
    try:
        at, id_ = json.loads(base64.urlsafe_b64decode(str(given)))
        return int(at), str(id_)
    except ValueError:
        raise _invalid("cursor", "Invalid cursor") from None


def _invalid(path: str, message: str) -> PlatformError:
    return PlatformError(400, "bad_request", "Invalid request", {"issues": [{"path": path, "message": message}]})
