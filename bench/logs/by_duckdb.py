"""The same questions put to DuckDB: `python -m bench.logs.by_duckdb FILE FORMAT [counts]`."""

from __future__ import annotations

import json
import sys

import duckdb

from postdeploy.runbook.reading import read_runbook

_COLUMNS = {
    "timestampInMs": "BIGINT",
    "requestPath": "VARCHAR",
    "requestMethod": "VARCHAR",
    "responseStatusCode": "VARCHAR",
    "requestId": "VARCHAR",
    "deploymentId": "VARCHAR",
    "environment": "VARCHAR",
    "level": "VARCHAR",
    "message": "VARCHAR",
}


def main(file: str, kind: str, what: str = "") -> None:
    """One pass over the file; with `counts` the messages are not looked at."""
    runbook = read_runbook()
    patterns = (
        {}
        if what == "counts"
        else {name: "|".join(f"(?:{each})" for each in one.any) for name, one in runbook.signals.items()}
    )
    signals = "".join(
        f", count(DISTINCT requestId) FILTER (WHERE message != '' AND regexp_matches(message, {_text(pattern)})) AS {name}"
        for name, pattern in patterns.items()
    )
    columns = ", ".join(f"{name}: '{of}'" for name, of in _COLUMNS.items())
    found = duckdb.execute(f"""
        SELECT requestMethod, regexp_replace(requestPath, '[0-9a-f-]{{36}}', ':id', 'g') AS template, responseStatusCode,
               count(DISTINCT requestId) AS requests, min(timestampInMs){signals}
        FROM read_json({_text(file)}, format = {_text(kind)}, columns = {{{columns}}})
        WHERE environment = 'production' OR environment = '' OR environment IS NULL
        GROUP BY ALL
    """).fetchall()  # noqa: S608 - our own names and patterns
    failed = sum(
        row[3]
        for row in found
        if row[0] == "POST" and row[2] >= "500" and "/api/" not in row[1] and "/_next" not in row[1]
    )
    print(json.dumps({"failed": failed, "kinds": len(found)}))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


if __name__ == "__main__":
    main(*sys.argv[1:])
