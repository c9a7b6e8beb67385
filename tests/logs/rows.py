"""The one place that makes rows for tests: requests as values, their rows, and the rows as each source writes them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count, pairwise
from typing import Any

import msgspec
from hypothesis import strategies as st

from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.decoding import Decoding
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import News, Span
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook

# Requests and their rows ---------------------------------------------------------------------------------------------------

DEPLOYED = 1_790_000_000_000
"""When the deployment got production traffic."""
TODAY = dt.date(2026, 11, 25)
WINDOW = Span(DEPLOYED, DEPLOYED + 600_000)
_numbers = count()


@dataclass(frozen=True)
class Sent:
    """A request. `at`: seconds after the deploy."""

    at: float
    method: str = "POST"
    path: str = "/"
    status: int | None = 200
    message: str = ""
    level: str = "error"
    deployment: str = "dpl_now"
    own: bool = False
    took: int | None = None
    memory: int | None = None
    source: str = "function"
    line: str = ""
    """Another line, at level `info`."""

    def rows(self) -> list[LogEntry]:
        """A function row with the message, one with the duration, one of the middleware."""
        moment = DEPLOYED + round(self.at * 1000)
        number = next(_numbers)
        name = f"r{number:05}-{moment}-{number:012x}"

        def row(**more: object) -> LogEntry:
            return LogEntry(
                **{  # type: ignore[arg-type]
                    "at": moment,
                    "method": self.method,
                    "path": self.path,
                    "status": self.status,
                    "request_id": name,
                    "deployment_id": self.deployment,
                    "own": self.own,
                    **more,
                }
            )

        messages = [row(message=self.line, level="info", at=moment + 1)] if self.line else []
        messages += [row(message=self.message, level=self.level, at=moment + 2)] if self.message else []
        return [
            row(source="middleware"),
            *messages,
            row(source=self.source, at=moment + 5, took=self.took, memory=self.memory),
        ]


def throws(words: str, at: float, **more: object) -> Sent:
    """A Server Action that throws."""
    message = (
        f" ⨯ Error: {words}\n    at a (/var/task/.next/server/chunks/1.js:1:{at:.0f}) {{\n  digest: '{int(at) + 7}'\n}}"
    )
    return Sent(at, status=500, message=message, **more)  # type: ignore[arg-type]


def healthy(many: int, *, over: float = 590.0, method: str = "POST", path: str = "/") -> Iterator[Sent]:
    """So many requests that nothing is wrong with, spread evenly."""
    for number in range(many):
        yield Sent(number * over / max(many, 1), method, path)


def rows(sent: Iterable[Sent]) -> list[LogEntry]:
    """All rows, in the order of the requests."""
    return [row for request in sent for row in request.rows()]


def tallied(entries: Iterable[LogEntry], runbook: Runbook | None = None, span: Span | None = WINDOW) -> Tally:
    """What the ledger makes of rows."""
    reader, ledger = SignalReader(runbook or read_runbook(), TODAY), Ledger()
    for entry in entries:
        ledger.add(entry, reader.read(entry))
    return ledger.tally(span)


# As each source writes them ------------------------------------------------------------------------------------------------

Writer = Callable[[Sequence[LogEntry]], bytes]


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _empty(value: object) -> Any:
    return "" if value is None else value


@cache
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def export_row(entry: LogEntry) -> dict[str, Any]:
    return {
        "projectId": entry.project,
        "TimeUTC": _second(entry.at // 1000),
        "timestampInMs": entry.at,
        "requestPath": f"app.example.com{entry.path}" if entry.path else "",
        "requestMethod": entry.method,
        "requestQueryString": "",
        "responseStatusCode": _empty(entry.status),
        "requestId": _empty(entry.request_id),
        "requestUserAgent": "postdeploy/1" if entry.own else 'Mozilla/5.0 "quoted", and more',
        "environment": _empty(entry.environment),
        "branch": "main",
        "host": "app.example.com",
        "deploymentId": _empty(entry.deployment_id),
        "type": entry.source,
        "function": entry.function,
        "level": entry.level,
        "message": entry.message,
        "durationMs": _empty(entry.took),
        "maxMemoryUsed": "" if entry.memory is None else entry.memory * 20,
        "memorySize": "" if entry.memory is None else 2000,
        "region": "iad1",
    }


def export_json(entries: Sequence[LogEntry]) -> bytes:
    return json.dumps([export_row(one) for one in entries], ensure_ascii=False).encode()


def export_json_pretty(entries: Sequence[LogEntry]) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps([export_row(one) for one in entries], indent=2).encode()


def export_lines(entries: Sequence[LogEntry]) -> bytes:
    return b"".join(_line(export_row(one)) + b"\r\n" for one in entries)


def _line(row: dict[str, Any]) -> bytes:
    """As `json.dumps` writes it, sooner where it escapes no letter."""
    line = msgspec.json.encode(row)
    return line if line.isascii() else json.dumps(row, separators=(",", ":")).encode()


def export_csv(entries: Sequence[LogEntry]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)  # CRLF
    writer.writerow([*export_row(LogEntry(at=0)), "workflowRunId"])
    for one in entries:
        writer.writerow([*export_row(one).values(), ""])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def rewritten(write: Writer, **how: Any) -> Writer:
    """The same table as another program writes it. `how`: as `csv.writer` takes it."""

    def written(entries: Sequence[LogEntry]) -> bytes:
        table = csv.reader(io.StringIO(write(entries).decode("utf-8-sig"), newline=""))
        text = io.StringIO(newline="")
        csv.writer(text, **how).writerows(table)
        return text.getvalue().encode()

    return written


semicolons = rewritten(export_csv, delimiter=";")
tabs = rewritten(export_csv, delimiter="\t", lineterminator="\n")


def for_spreadsheets(entries: Sequence[LogEntry]) -> bytes:
    """With a first line that says what separates the cells."""
    return b"\xef\xbb\xbfsep=;\r\n" + semicolons(entries)


def capital_names(entries: Sequence[LogEntry]) -> bytes:
    header, end, table = export_csv(entries).partition(b"\r\n")
    return header.upper() + end + table


def names_with_underscores(entries: Sequence[LogEntry]) -> bytes:
    header, end, table = semicolons(entries).partition(b"\r\n")
    return re.sub(rb"(?<=[a-z])(?=[A-Z])", b"_", header).lower() + end + table


def utf_16(entries: Sequence[LogEntry]) -> bytes:
    return export_csv(entries).decode("utf-8-sig").encode("utf-16")


def utf_16_lines(entries: Sequence[LogEntry]) -> bytes:
    return b"\xfe\xff" + drain_lines(entries).decode().encode("utf-16-be")


def json_sequence(entries: Sequence[LogEntry]) -> bytes:
    """RFC 7464, as `jq --seq` writes it."""
    return b"".join(b"\x1e" + json.dumps(export_row(one)).encode() + b"\n" for one in entries)


def record_separators(entries: Sequence[LogEntry]) -> bytes:
    return b"\x1e".join(json.dumps(drain_row(one, at)).encode() for at, one in enumerate(entries))


def separated_by_nul(entries: Sequence[LogEntry]) -> bytes:
    """As `jq --raw-output0` and `find -print0` write records, in a file that ends in what was never written."""
    return b"".join(json.dumps(export_row(one)).encode() + b"\0" for one in entries) + bytes(64)


def with_floats(entries: Sequence[LogEntry]) -> bytes:
    """As what computes with tables writes a column of numbers in which some are missing."""
    rows = [export_row(one) for one in entries]
    for row in rows:
        row["timestampInMs"] = float(row["timestampInMs"])
        if row["responseStatusCode"] != "":
            row["responseStatusCode"] = float(row["responseStatusCode"])
    return json.dumps(rows).encode()


def drain_row(entry: LogEntry, number: int) -> dict[str, Any]:
    return {
        "id": f"row-{number}",
        "timestamp": entry.at,
        "source": entry.source or "lambda",
        "projectId": entry.project,
        "deploymentId": entry.deployment_id or "",
        "host": "app.example.com",
        "level": entry.level,
        "message": entry.message,
        "statusCode": entry.status if entry.status is not None else "",
        "requestId": f"iad1::{entry.request_id}" if entry.request_id else "",
        "environment": entry.environment or "",
        "path": "/[...slug]" if entry.path else "",
        "proxy": {
            "timestamp": entry.at,
            "method": entry.method,
            "host": "app.example.com",
            "path": f"{entry.path}?secret=1" if entry.path else "",
            "statusCode": entry.status if entry.status is not None else -1,
            "userAgent": ["postdeploy/1" if entry.own else "a browser"],
        },
    }


def drain_array(entries: Sequence[LogEntry]) -> bytes:
    return json.dumps([drain_row(one, at) for at, one in enumerate(entries)]).encode()


def drain_lines(entries: Sequence[LogEntry]) -> bytes:
    return "".join(json.dumps(drain_row(one, at)) + "\n" for at, one in enumerate(entries)).encode()


def drain_batches(entries: Sequence[LogEntry]) -> bytes:
    """Each batch an array, and every one delivered twice."""
    rows = [drain_row(one, at) for at, one in enumerate(entries)]
    return "".join(json.dumps(rows[at : at + 2]) * 2 + "\n" for at in range(0, len(rows), 2)).encode()


def stream(entries: Sequence[LogEntry]) -> bytes:
    """The live stream: no request, no deployment."""
    rows = [
        {
            "rowId": f"row-{at}",
            "timestampInMs": one.at,
            "level": one.level,
            "message": one.message,
            "messageTruncated": one.truncated,
            "source": one.source,
            "domain": "app.example.com",
            "requestMethod": one.method,
            "requestPath": one.path,
            "responseStatusCode": _empty(one.status),
        }
        for at, one in enumerate(entries)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def command_line_63(entries: Sequence[LogEntry]) -> bytes:
    """Requests that have one line each."""
    rows = [
        {
            "id": one.request_id,
            "timestamp": one.at,
            "deploymentId": one.deployment_id,
            "projectId": "prj_1",
            "level": one.level,
            "message": one.message,
            "source": one.source,
            "domain": "app.example.com",
            "requestMethod": one.method,
            "requestPath": one.path,
            "clientUserAgent": "postdeploy/1" if one.own else "a browser",
            "responseStatusCode": one.status,
            "environment": one.environment,
            "messageTruncated": one.truncated,
            "logs": [{"level": one.level, "message": one.message, "messageTruncated": one.truncated}],
        }
        for one in entries
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def command_line_64(entries: Sequence[LogEntry]) -> bytes:
    """Log lines: no status."""
    rows = [
        {
            "type": "log",
            "data": {
                "timestamp": _iso(one.at),
                "requestId": one.request_id,
                "deploymentId": one.deployment_id,
                "domain": "app.example.com",
                "environment": one.environment,
                "requestPath": one.path,
                "clientUserAgent": "postdeploy/1" if one.own else "a browser",
                "requestMethod": one.method,
                "source": one.source,
                "level": one.level,
                "message": one.message,
                "truncated": one.truncated,
            },
        }
        for one in entries
    ]
    summary = {"type": "summary", "recordsReturned": len(rows), "pagination": {"hasMore": False, "next": None}}
    return "".join(json.dumps(row) + "\n" for row in [*rows, summary]).encode()


EXPORTS: tuple[Writer, ...] = (export_json, export_json_pretty, export_lines, export_csv)
REWRITTEN: tuple[Writer, ...] = (
    semicolons,
    tabs,
    for_spreadsheets,
    capital_names,
    names_with_underscores,
    utf_16,
)
"""Tables, after another program had them."""
RECORDS: tuple[Writer, ...] = (utf_16_lines, json_sequence, record_separators, separated_by_nul, with_floats)
"""And rows of JSON."""
DRAINS: tuple[Writer, ...] = (drain_array, drain_lines, drain_batches)

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=30)
_MESSAGES = st.one_of(
    st.just(""),
    _TEXTS,
    st.lists(
        st.sampled_from(["},{", '"', "\\", "\n", "{", "}", "[", "]", ",", "Error: x", "\N{VECTOR OR CROSS PRODUCT} "]),
        max_size=14,
    ).map("".join),
)
ENTRIES = st.lists(
    st.builds(
        LogEntry,
        at=st.integers(1_700_000_000_000, 1_800_000_000_000),
        message=_MESSAGES,
        level=st.sampled_from(["", "error", "warning", "info"]),
        method=st.sampled_from(["GET", "POST", ""]),
        path=st.sampled_from(["/", "/api/inbox/counts", "/a b", ""]),
        status=st.sampled_from([None, 200, 404, 500, 504, -1]),
        request_id=st.sampled_from([None, "abcde-1759622400000-0123456789ab", "fghij-1759622400001-0123456789ac"]),
        deployment_id=st.sampled_from([None, "dpl_1", "dpl_2"]),
        environment=st.sampled_from([None, "production", "preview"]),
        source=st.sampled_from(["function", "middleware", "static"]),
    ),
    min_size=1,
    max_size=9,
)


def news(content: bytes, cuts: Sequence[int] = ()) -> list[News]:
    """The news of a stream that comes in these pieces."""
    decoding = Decoding("a file")
    places = [0, *sorted(at % (len(content) + 1) for at in cuts), len(content)]
    found: list[News] = []
    for since, until in pairwise(places):
        found += decoding.feed(content[since:until])
    return [*found, *decoding.end()]


def entries(content: bytes, cuts: Sequence[int] = ()) -> list[LogEntry]:
    return [entry for one in news(content, cuts) for entry in one.entries]


def without(those: Sequence[LogEntry], *fields: str) -> list[LogEntry]:
    """The entries as a source shows them that lacks these fields."""
    empty = {field.name: field.default for field in msgspec.structs.fields(LogEntry)}
    return [msgspec.structs.replace(one, **{name: empty[name] for name in fields}) for one in those]
