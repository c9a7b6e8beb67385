"""The older history: ``GET /api/logs/request-logs``, as `vercel logs` 63 asks it. A row is a request with all it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.platform.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.logs import Logs, Row

PAGE = 50
_FILTERS = {"environment", "branch", "requestId", "level", "source", "search", "statusCode"}
SOURCES = {"function": "serverless", "middleware": "edge-middleware", "redirect": "edge-middleware"}


def page(logs: Logs, query: Mapping[str, str]) -> dict[str, Any]:
    """A page of requests, newest first. The next one is asked for by its number, or by an earlier ``endDate``."""
    start, end = (_number(query, name) for name in ("startDate", "endDate"))
    number = _number(query, "page") or 0
    found = [one for one in requests(logs, start, end) if _is_of(one, query.get("deploymentId"))]
    matching = [one for one in found if _matches(shown(one, logs), query)] if query.keys() & _FILTERS else found
    chosen = matching[number * PAGE : (number + 1) * PAGE]
    if logs.faults.reordered:
        chosen.sort(key=lambda one: logs.faults.due(one[0]), reverse=True)
    twice = [one for one in chosen for _ in range(2 if logs.faults.repeats(one[0]) else 1)]
    return {"rows": [shown(one, logs) for one in twice], "hasMoreRows": len(matching) > (number + 1) * PAGE}


def requests(logs: Logs, start: int | None = None, end: int | None = None) -> list[list[Row]]:
    """The rows of each request in the time, newest request first."""
    found: dict[str, list[Row]] = {}
    for row in logs.history(start, end):
        if row.request is not None:
            found.setdefault(row.request.id, []).append(row)
    times = [(rows, rows[0].request.at if rows[0].request else 0) for rows in found.values()]
    return [rows for rows, _ in sorted(times, key=lambda one: one[1], reverse=True)]


def shown(rows: list[Row], logs: Logs) -> dict[str, Any]:
    """A request as this history shows it."""
    noted = _noted(rows)
    request = noted.request
    if request is None:
        raise ValueError("a request's rows know their request")
    written = []
    for row in rows:
        if row.message:
            message, truncated = logs.shown(row.message)
            written.append({"level": row.level or "info", "message": message, "messageTruncated": truncated})
    return {
        "requestId": request.short_id,
        "timestamp": logs.clock.iso(request.at),
        "deploymentId": noted.origin.deployment_id,
        "requestMethod": request.method,
        "requestPath": request.path,
        "statusCode": noted.status or 0,
        "environment": noted.origin.environment,
        "branch": noted.origin.branch,
        "cache": noted.cache,
        "cacheReason": "",
        "pprState": "",
        "traceId": "",
        "domain": request.host,
        "logs": written,
        "events": [{"source": SOURCES.get(noted.kind, "static")}],
    }


def _is_of(rows: list[Row], deployment: str | None) -> bool:
    return deployment in (None, _noted(rows).origin.deployment_id)


def _noted(rows: list[Row]) -> Row:
    """The one that says most of the request."""
    return next((row for row in rows if row.is_request), rows[0])


def _matches(row: dict[str, Any], query: Mapping[str, str]) -> bool:
    levels = query.get("level", "").split(",")
    sources = query.get("source", "").split(",")
    search = query.get("search", "")
    same = all(query.get(name, row[name]) == row[name] for name in ("environment", "branch", "requestId"))
    return (
        same
        and (levels == [""] or any(each["level"] in levels for each in row["logs"]))
        and (sources == [""] or row["events"][0]["source"] in sources)
        and _has_status(row["statusCode"], query.get("statusCode", ""))
        and (search in row["requestPath"] or any(search in each["message"] for each in row["logs"]))
    )


def _has_status(status: int, wanted: str) -> bool:
    """``500``, ``5xx``, or several of them with commas."""
    return not wanted or any(
        str(status)[:1] == one[:1] if one.endswith("xx") else str(status) == one for one in wanted.split(",")
    )


def _number(query: Mapping[str, str], name: str) -> int | None:
    given = query.get(name)
    if given is None:
        return None
    if not given.isdecimal():
        raise bad_request(f"Invalid request: `{name}` should be a number.")
    return int(given)
