"""The logs as files: what people download from the dashboard, what the ``vercel`` command prints, what a drain is sent.

The dashboard and a drain tell of every row; the command prints what its history answers, gaps and retention included.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from sandbox.logs.rows import REGION
from sandbox.platform import events, request_logs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.logs import Logs, Row
    from sandbox.platform.projects import Project

Format = Literal["dashboard-json", "dashboard-csv", "cli-63", "cli-64", "drain-json", "drain-ndjson"]
FORMATS: tuple[Format, ...] = get_args(Format)

MESSAGE = 1000
"""Characters of a message in the dashboard's files, which do not say that there were more."""
MEMORY = (212, 2048)
"""Megabytes that a function used, and might have."""

JSON_FIELDS = (
    *("projectId", "TimeUTC", "timestampInMs", "requestPath", "requestMethod", "requestQueryString"),
    *("responseStatusCode", "requestId", "requestUserAgent", "environment", "branch", "vercelCache", "host"),
    *("deploymentDomain", "deploymentId", "traceId", "sessionId", "type", "function", "level", "message", "durationMs"),
    *("region", "maxMemoryUsed", "memorySize", "invocationId", "instanceId", "concurrency"),
)
CSV_FIELDS = (
    *("TimeUTC", "timestampInMs", "requestPath", "requestMethod", "requestQueryString", "responseStatusCode"),
    *("requestId", "requestUserAgent", "level", "environment", "branch", "vercelCache", "type", "function", "host"),
    *("deploymentDomain", "deploymentId", "durationMs", "region", "maxMemoryUsed", "memorySize", "message"),
    *("projectId", "traceId", "sessionId", "invocationId", "instanceId", "concurrency", "workflowRunId"),
    *("workflowStepId",),
)
DRAIN_SOURCES = {
    "function": "lambda",
    "middleware": "edge",
    "static": "static",
    "cache": "static",
    "redirect": "redirect",
}


def export(logs: Logs, project: Project, kind: Format) -> bytes:
    """All rows that there are, as a file of this kind, newest first except in drains."""
    newest_first = list(reversed(logs.truth))
    if kind == "dashboard-json":
        rows = [_dashboard(row, project) for row in newest_first]
        return _json([{name: row[name] for name in JSON_FIELDS} for row in rows])
    if kind == "dashboard-csv":
        return _csv(_dashboard(row, project) for row in newest_first)
    if kind == "cli-63":
        return _lines(_printed_by_63(request_logs.shown(rows, logs), project) for rows in request_logs.requests(logs))
    if kind == "cli-64":
        return _lines(_printed_by_64(logs, project))
    if kind == "drain-json":
        return _json([_drained(row, project) for row in logs.truth])
    return _lines(_drained(row, project) for row in logs.truth)


def _dashboard(row: Row, project: Project) -> dict[str, Any]:
    request = row.request
    ran = row.duration_ms is not None and row.kind == "function"
    used, size = MEMORY if ran else ("", "")
    return {
        "projectId": project.id,
        "TimeUTC": datetime.fromtimestamp(row.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        "timestampInMs": row.at,
        "requestPath": f"{request.host}{request.path}" if request else "",
        "requestMethod": request.method if request else "",
        "requestQueryString": request.query if request else "",
        "responseStatusCode": "" if row.status is None else row.status,
        "requestId": request.short_id if request else "",
        "requestUserAgent": request.user_agent if request else "",
        "environment": row.origin.environment,
        "branch": row.origin.branch,
        "vercelCache": row.cache,
        "host": request.host if request else row.origin.host,
        "deploymentDomain": row.origin.host,
        "deploymentId": row.origin.deployment_id,
        "traceId": "",
        "sessionId": "",
        "type": row.kind,
        "function": _function(row),
        "level": row.level,
        "message": row.message[:MESSAGE],
        "durationMs": "" if row.duration_ms is None else row.duration_ms,
        "region": REGION,
        "maxMemoryUsed": used,
        "memorySize": size,
        "invocationId": request.short_id if request and row.kind == "function" else "",
        "instanceId": f"instance-{row.origin.deployment_id[-6:]}" if row.kind == "function" else "",
        "concurrency": 1 if ran else "",
        "workflowRunId": "",
        "workflowStepId": "",
    }


def _function(row: Row) -> str:
    if row.kind == "middleware":
        return "middleware"
    return row.request.function if row.request and row.kind == "function" else ""


def _printed_by_63(row: dict[str, Any], project: Project) -> dict[str, Any]:
    """As the command turns a row of its history into a line: the most severe message stands for all."""
    severity = ("info", "warning", "error", "fatal")
    worst: dict[str, Any] = max(row["logs"], key=lambda each: severity.index(each["level"]), default={})
    line = {
        "id": row["requestId"],
        "timestamp": int(datetime.fromisoformat(row["timestamp"]).timestamp() * 1000),
        "deploymentId": row["deploymentId"],
        "projectId": project.id,
        "level": worst.get("level", "info"),
        "message": worst.get("message", ""),
        "messageTruncated": worst.get("messageTruncated"),  # nothing where nothing was written
        "source": row["events"][0]["source"],
        "domain": row["domain"],
        "requestMethod": row["requestMethod"],
        "requestPath": row["requestPath"],
        "responseStatusCode": row["statusCode"],
        "environment": row["environment"],
        "branch": row["branch"],
        "cache": row["cache"],
        "cacheReason": row["cacheReason"],
        "pprState": row["pprState"],
        "traceId": row["traceId"],
        "logs": row["logs"],
    }
    return {name: value for name, value in line.items() if value is not None}


def _printed_by_64(logs: Logs, project: Project) -> Iterable[dict[str, Any]]:
    """The runtime logs and the summary with which the command ends."""
    written = [row for row in reversed(logs.history()) if row.message]
    for row in written:
        yield {"type": "log", "data": {"timestamp": logs.clock.iso(row.at)} | events.log(row, logs, project)}
    now = logs.clock.milliseconds
    start = min((row.at for row in written), default=now)
    yield {
        "type": "summary",
        "recordsReturned": len(written),
        "timeRange": {"start": logs.clock.iso(start), "end": logs.clock.iso(now)},
        "pagination": {"hasMore": False, "next": None},
        "excludedIntervals": [],
    }


def _drained(row: Row, project: Project) -> dict[str, Any]:
    """A record as a drain sends it; what does not apply is left out."""
    request = row.request
    record: dict[str, Any] = {
        "id": row.id,
        "deploymentId": row.origin.deployment_id,
        "source": DRAIN_SOURCES[row.kind],
        "host": request.host if request else row.origin.host,
        "timestamp": row.at,
        "projectId": project.id,
        "projectName": project.name,
        "level": row.level or "info",
        "message": row.message,
        "environment": row.origin.environment,
        "branch": row.origin.branch,
        "executionRegion": REGION,
    }
    if row.stream:
        record["type"] = row.stream
    if request is None:
        return record
    status = row.status or 0
    return record | {
        "path": request.path,
        "entrypoint": request.function,
        "requestId": request.short_id,
        "statusCode": -1 if row.crashed else status,
        "proxy": {
            "timestamp": request.at,
            "method": request.method,
            "host": request.host,
            "path": f"{request.path}?{request.query}" if request.query else request.path,
            "userAgent": [request.user_agent],
            "region": REGION,
            "statusCode": status,
            "scheme": "https",
            "pathType": events.PATH_TYPES.get(row.kind, "func"),
            "vercelId": request.id,
            "vercelCache": row.cache or "MISS",
            "lambdaRegion": REGION,
        },
    }


def _json(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _csv(rows: Iterable[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, CSV_FIELDS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
