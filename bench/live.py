"""What following a busy log costs: simulated minutes at 1,000 rows a second, by a simulated clock, without the browser.

    python -m bench.live [MINUTES] [ROWS_PER_SECOND]

Measured are the seconds on a core in which rows are received (decoded), merged (the views of a row put together, and noted) and judged.
Each request is three rows, one request in 2,000 fails. It writes docs/bench-live.md.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bench import figures, live_end
from bench.watch_memory import DEPLOYED, rows
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.logs.decoding import Decoding
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.join import Joined
from postdeploy.logs.protocol import EVERYTHING, News, Shows, Span
from postdeploy.logs.sighting import View
from postdeploy.model import Stage
from postdeploy.run.log_watch import JUDGE_AFTER
from postdeploy.runbook.reading import read_runbook

FILE = Path(__file__).parents[1] / "docs/bench-live.md"
STEP = 200
"""Milliseconds of traffic that are received at once."""
LATE = 10_000
"""Milliseconds after which the history shows a row, too."""
LIMIT = 15.0
"""Percent of one core, at most."""
_PARTS = ("received", "merged", "judged")


@dataclass
class Cost:
    """Seconds on a core, by what they went into, and how often it was judged."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_PARTS, 0.0))
    judgements: int = 0
    last: float = 0.0
    """Of the last judgement."""
    requests: int = 0
    unique: int = 0

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """What is done within."""
        began = time.process_time()
        yield
        took = time.process_time() - began
        self.seconds[part] += took
        self.last = took if part == "judged" else self.last


def drain(given: Sequence[LogEntry]) -> bytes:
    """The rows as a drain delivers them."""
    return b"".join(
        msgspec.json.encode(
            {
                "id": one.row_id,
                "timestamp": one.at,
                "level": one.level,
                "message": one.message,
                "source": one.source,
                "requestId": one.request_id,
                "deploymentId": one.deployment_id,
                "environment": one.environment,
                "proxy": {"method": one.method, "path": one.path, "host": "app.example.com", "statusCode": one.status},
            }
        )
        + b"\n"
        for one in given
    )


def stream(given: Sequence[LogEntry]) -> bytes:
    """The rows as the live stream shows them: it names no request."""
    return b"".join(
        msgspec.json.encode(
            {
                "rowId": one.row_id,
                "timestampInMs": one.at,
                "level": one.level,
                "message": one.message,
                "source": one.source,
                "domain": "app.example.com",
                "requestMethod": one.method,
                "requestPath": one.path,
                "responseStatusCode": one.status,
            }
        )
        + b"\n"
        for one in given
    )


class Drain:
    """Rows that are piped in: each once, with its request."""

    name = "a drain, piped in"

    def __init__(self) -> None:
        self._decoding = Decoding("drain")

    def step(self, given: Sequence[LogEntry], cost: Cost) -> tuple[LogEntry, ...]:
        """What these rows are as news."""
        text = drain(given)
        with cost.of("received"):
            return tuple(entry for news in self._decoding.feed(text) for entry in news.entries)


class Platform:
    """The live stream, and the history of the same rows some seconds later: each row comes twice."""

    name = f"Vercel: the live stream, the history {LATE // 1000} s later"

    def __init__(self) -> None:
        self._stream, self._joined = Decoding("stream"), Joined()
        self._later: deque[Sequence[LogEntry]] = deque()

    def step(self, given: Sequence[LogEntry], cost: Cost) -> tuple[LogEntry, ...]:
        """What these rows are as news, and those of a while ago by their history."""
        text = stream(given)
        self._later.append([msgspec.structs.replace(one, row_id=None) for one in given])
        with cost.of("received"):
            live = [entry for news in self._stream.feed(text) for entry in news.entries]
        with cost.of("merged"):
            changed = self._joined.add(live, View.LIVE)
        if len(self._later) <= LATE // STEP:
            return changed
        text = drain(self._later.popleft())
        with cost.of("received"):
            history = [entry for news in Decoding("history").feed(text) for entry in news.entries]
        with cost.of("merged"):
            return changed + self._joined.add(history, View.HISTORY)


def followed(minutes: int, per_second: int, source: Drain | Platform, wait: Callable[[Cost], float]) -> Cost:
    """What it cost. `wait`: seconds from one judgement to the next."""
    dice, cost = random.Random(1), Cost()  # noqa: S311 - a simulation
    opening = Opening(DEPLOYED, "a simulation", "dpl_now")
    book = Logbook(read_runbook(), dt.date(2026, 11, 30), opening, BookSettings(window=minutes * 60.0))
    shows, due = EVERYTHING | Shows.LIVE, 0.0
    for since in range(DEPLOYED, DEPLOYED + minutes * 60_000, STEP):
        until = since + STEP
        entries = source.step([*rows(dice, since, per_second, STEP)], cost)
        with cost.of("merged"):
            book.note(News(entries, covered=Span(since, until)), until, shows)
        if (until - DEPLOYED) / 1000 < due:
            continue
        asked = ReportRequest(source="", stage=Stage.WINDOW, until=until, shows=shows, closed=False)
        with cost.of("judged"):
            report = book.report(asked)
        cost.judgements += 1
        cost.requests, cost.unique = report.totals.requests, report.totals.unique
        due = (until - DEPLOYED) / 1000 + wait(cost)
    return cost


def each_second(_: Cost) -> float:
    """As the aim says."""
    return 1.0


def as_a_run_does(cost: Cost) -> float:
    """As a run does once its checks are done (`run.log_watch`)."""
    least, share = JUDGE_AFTER[True]
    return max(least, share * cost.last)


WAYS = {"each second": each_second, "as a run does": as_a_run_does}


def page(minutes: int, per_second: int) -> str:
    """The measurement as a page."""
    lines = [
        "# Following a busy log, measured",
        "",
        f"`python -m bench.live {minutes} {per_second}`: {minutes} simulated minutes at {per_second:,} rows a second,",
        "the log's part of a watch without the browser and without waiting. Seconds are those on a core; the share is of the minutes.",
        "",
        "| source | judged | times | received | merged | judged | together | of one core | last judgement |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    shares = {}
    for source in (Drain, Platform):
        for way, wait in WAYS.items():
            cost = followed(minutes, per_second, source(), wait)
            whole = sum(cost.seconds.values())
            share = shares[source.name, way] = 100 * whole / (60 * minutes)
            each = " | ".join(f"{cost.seconds[part]:.1f} s" for part in _PARTS)
            of_all = f"{whole:.1f} s | {share:.1f} % | {cost.last:.2f} s"
            lines.append(f"| {source.name} | {way} | {cost.judgements:,} | {each} | {of_all} |")
            print(lines[-1], flush=True)
    lines += ["", f"Aim: judged each second, at most {LIMIT:g} % of one core."]
    lines += [f"{name}: {_met(shares[name, 'each second'])}." for name in (Drain.name, Platform.name)]
    return "\n".join([*lines, "", *live_end.table(5, per_second, 20)])


def _met(share: float) -> str:
    return "met" if share <= LIMIT else "missed"


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]] + [10, 1000][len(sys.argv) - 1 :]
    figures.write(FILE, page(*asked))
    sys.stdout.write(FILE.read_text(encoding="utf-8"))
