"""Who is measured. Each answers how many Server Action requests failed, and does besides what its description says."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

OURS, ALONE, DUCKDB, COUNTS, JQ, GREP = "ours", "ours, one process", "DuckDB", "DuckDB, counts alone", "jq", "grep -c"

_JQ = """
reduce (%s | select((.responseStatusCode | if type == "number" then . else 0 end) >= 500
    and .requestMethod == "POST" and .environment == "production" and (.requestPath | test("^[^/]*/api/") | not))) as $row
  ({}; .failed[$row.requestId] = true
     | .kinds[$row.message | split("\\n")[0] // "" | gsub("[0-9a-f-]{8,}"; "…")] += 1)
| {failed: (.failed | length), kinds: .kinds}
"""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to read an export, as a command."""

    name: str
    does: str
    command: tuple[str, ...]
    counts_requests: bool = True
    """Whether its answer is the number of requests; else it is one of rows."""


def contenders(file: Path, *, array: bool) -> tuple[Contender, ...]:
    """All that can read this file."""
    ours = (sys.executable, "-m", "bench.logs.ours", str(file))
    jq = ("jq", *(() if array else ("-n",)), _JQ % (".[]" if array else "inputs"), str(file))
    duckdb = (sys.executable, "-m", "bench.logs.by_duckdb", str(file), "array" if array else "newline_delimited")
    grep = """printf '{"failed": %s}' "$(grep -cE '"requestMethod":"POST".*"responseStatusCode":5' "$0")\""""
    all_of_them = (
        Contender(OURS, "the whole classification into the ledger, and its tally", ours),
        Contender(ALONE, "the same without other processes", (*ours, "0")),
        Contender(
            DUCKDB,
            "the same columns; requests by method, path template and status; requests by signal, with the runbook's patterns",
            duckdb,
        ),
        Contender(COUNTS, "the same without the patterns: it looks at no message", (*duckdb, "counts")),
        Contender(JQ, "the runbook's filter alone, its rows grouped by the first line of the message", jq),
        Contender(
            GREP, "rows with a POST and a 5xx, nothing else", ("sh", "-c", grep, str(file)), counts_requests=False
        ),
    )
    return all_of_them[:-1] if array else all_of_them
