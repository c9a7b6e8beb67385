"""How much memory a long watch of the log takes: simulated hours at 200 rows a second, by a simulated clock, without the browser.

    python -m bench.watch_memory [hours] [rows a second]

Each request is three rows, one request in 2,000 fails; the book is judged every five simulated minutes. It writes
docs/bench-watch-memory.md.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import figures
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import EVERYTHING, News, Shows, Span
from postdeploy.model import Stage
from postdeploy.runbook.reading import read_runbook

FILE = Path(__file__).parents[1] / "docs/bench-watch-memory.md"
DEPLOYED = 1_790_000_000_000
STEP, JUDGED = 30, 300
LIMIT = 300.0
"""Megabytes, at most."""
_PATHS = ("/", "/api/inbox/conversations", "/api/inbox/counts", "/settings", "/api/leads")
_TROUBLES = ("the draft has no revision", "the reminder is overdue")


@dataclass(frozen=True)
class Hour:
    """The state at the end of a simulated hour."""

    requests: int
    resident: float
    """Megabytes."""
    judged: float
    """Seconds for the last judgement."""


def rows(dice: random.Random, since: int, per_second: int, milliseconds: int) -> Iterator[LogEntry]:
    """So many milliseconds of traffic: three rows a request, and one request in 2,000 fails."""
    for number in range(per_second * milliseconds // 3000):
        at = since + dice.randrange(milliseconds)
        name, fails = f"r{since:x}{number:x}-{at}-{dice.getrandbits(48):012x}", dice.random() < 1 / 2000
        path, status = dice.choice(_PATHS), 500 if fails else 200
        for part, source in enumerate(("middleware", "function", "function")):
            message = f" ⨯ Error: {dice.choice(_TROUBLES)}\n digest: '{number}'" if fails and part == 1 else ""
            yield LogEntry(
                at=at + part,
                message=message,
                level="error" if message else "info",
                method="POST" if path == "/" else "GET",
                path=path,
                status=status,
                request_id=name,
                row_id=f"{name}-{part}",
                deployment_id="dpl_now",
                environment="production",
                source=source,
            )


def watched(hours: int, per_second: int) -> Iterator[Hour]:
    """The state after each hour."""
    dice = random.Random(1)  # noqa: S311 - a simulation
    opening = Opening(DEPLOYED, "a simulation", "dpl_now")
    book = Logbook(read_runbook(), dt.date(2026, 11, 30), opening, BookSettings(window=hours * 3600.0))
    shows = EVERYTHING | Shows.LIVE
    for step in range(hours * 3600 // STEP):
        since = DEPLOYED + step * STEP * 1000
        until = since + STEP * 1000
        book.note(News(tuple(rows(dice, since, per_second, STEP * 1000)), covered=Span(since, until)), until, shows)
        seconds = (step + 1) * STEP
        if seconds % JUDGED == 0:
            began = time.perf_counter()
            report = book.report(ReportRequest(source="", stage=Stage.WINDOW, until=until, shows=shows, closed=False))
            if seconds % 3600 == 0:
                yield Hour(report.totals.requests, resident(), time.perf_counter() - began)


def resident() -> float:
    """The largest part of this process that was in memory at once, in megabytes, since the last call."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return int(peak.split()[1]) / 1024


def page(hours: int, per_second: int) -> str:
    """The measurement as a page."""
    resident()
    found = list(watched(hours, per_second))
    growth = found[-1].resident - found[-2].resident if len(found) > 1 else 0.0
    met = "met" if max(one.resident for one in found) <= LIMIT else "missed"
    lines = [
        "# The memory of a long watch, measured",
        "",
        f"`python -m bench.watch_memory {hours} {per_second}`: {hours} simulated hours at {per_second} rows a second, the log's part",
        "of a run without the browser. Peak: the most that was resident at once within that hour, interpreter and libraries included.",
        "",
        "| hour | requests so far | peak, MB | last judgement, s |",
        "|---|---|---|---|",
        *(
            f"| {at} | {one.requests:,} | {one.resident:.0f} | {one.judged:.1f} |"
            for at, one in enumerate(found, start=1)
        ),
        "",
        f"Aim: at most {LIMIT:g} MB ({met}). Growth in the last hour: {growth:+.0f} MB (aim: none). A judgement goes through the",
        "numbers of all requests so far.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]] + [4, 200][len(sys.argv) - 1 :]
    figures.write(FILE, page(*asked))
    sys.stdout.write(FILE.read_text(encoding="utf-8"))
