"""The same rows as lines, compressed, as a table, and as a drain delivers them."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.logs.export import Shape, rows

ROWS = 1_000_000
"""Rows of each file."""
_QUICK = 1
"""How well gzip compresses: what ships logs takes the quickest."""


def _lines(count: int) -> Iterator[bytes]:
    yield from (row + b"\n" for row in itertools.islice(rows(Shape(0.02)), count))


def _write_lines(file: Path, count: int) -> None:
    with file.open("wb") as out:
        out.writelines(_lines(count))


def _write_gzip(file: Path, count: int) -> None:
    with gzip.open(file, "wb", _QUICK) as out:
        out.writelines(_lines(count))


def _write_table(file: Path, count: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table: csv.DictWriter[str] | None = None
        for line in _lines(count):
            row = json.loads(line)
            if table is None:
                table = csv.DictWriter(out, list(row))
                table.writeheader()
            table.writerow(row)


def _write_drain(file: Path, count: int) -> None:
    with file.open("wb") as out:
        out.writelines(
            json.dumps(_delivered(json.loads(line), number)).encode() + b"\n"
            for number, line in enumerate(_lines(count))
        )


def _delivered(row: dict[str, Any], number: int) -> dict[str, Any]:
    status = row["responseStatusCode"] or None
    return {
        "id": f"{number:024}",
        "timestamp": row["timestampInMs"],
        "source": "lambda",
        "projectId": row["projectId"],
        "deploymentId": row["deploymentId"],
        "host": row["host"],
        "level": row["level"],
        "message": row["message"],
        "statusCode": status,
        "requestId": row["requestId"],
        "environment": row["environment"],
        "path": row["requestPath"].partition("/")[2],
        "proxy": {
            "timestamp": row["timestampInMs"],
            "method": row["requestMethod"],
            "host": row["host"],
            "path": "/" + row["requestPath"].partition("/")[2],
            "statusCode": status,
            "userAgent": [row["requestUserAgent"]],
            "region": row["region"],
        },
    }


LINES = "lines"
WRITERS: dict[str, Callable[[Path, int], None]] = {
    LINES: _write_lines,
    "lines, gzip": _write_gzip,
    "CSV": _write_table,
    "drain": _write_drain,
}
"""What writes so many rows into a file, by the name of the format."""
