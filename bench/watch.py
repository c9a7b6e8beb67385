"""How often the rules of a watch give a false alarm, and how soon they find a fault: simulated hours through the pure rules.

    python -m bench.watch [healthy hours] [hours with a fault]

It writes docs/bench-watch.md. What a healthy hour is, and what a fault: `HealthyInbox`, `healthy_log`, `broken_log`.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import figures
from bench.canary import interval
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.variants import linked
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Span
from postdeploy.model import Severity, Stage
from postdeploy.run.watched_inbox import burning, user_traffic
from postdeploy.runbook.reading import read_runbook
from postdeploy.uptime.journey import UptimeReport
from postdeploy.uptime.latency import slowed_down
from postdeploy.uptime.schedule import Schedule
from postdeploy.uptime.watch import Unmeasured, watch

FILE = Path(__file__).parents[1] / "docs/bench-watch.md"
BOOK = read_runbook()
HOUR, LOG_WINDOW, STEP = 3600.0, 600.0, 15.0
DEPLOYED = 1_790_000_000_000
_CHRONIC = ("the draft has no revision", "the reminder is overdue")
_TROUBLES = (
    "Cannot read properties of undefined",
    "the draft has no revision",
    "Invalid time value",
    "Maximum call stack size exceeded",
    "column lead.score does not exist",
    "fetch failed",
)
"""Texts of their own: variants of one text are one error to the product, and two to `exceeds`."""
READER = SignalReader(BOOK, dt.date(2026, 11, 30))


@dataclass
class HealthyInbox:
    """A journey and a probe fail as often as the objective allows, each by itself; now and then our own network is gone."""

    dice: random.Random
    broken_since: float = 1e9
    broken_until: float = 1e9
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.fails = self.dice.uniform(0, 1 - BOOK.slo.inbox / 100)
        self.offline = self.dice.uniform(0, HOUR) if self.dice.random() < 0.1 else 1e9

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds

    def jitter(self) -> float:
        """From 0 to 1."""
        return self.dice.random()

    def wait(self, seconds: float) -> bool:
        """Nothing ends the watch early."""
        self.seconds += seconds
        return False

    def journey(self) -> str:
        """2 to 6 seconds."""
        says = self._asked()
        self.seconds += self.dice.uniform(2, 6)
        return says

    def probe(self) -> str:
        """Mostly 0.1 to 0.5 s, seldom longer."""
        says = self._asked()
        self.seconds += self.dice.lognormvariate(-1.5, 0.4)
        return says

    def note(self, so_far: UptimeReport, schedule: Schedule) -> None:
        """Not shown."""

    def _asked(self) -> str:
        if self.offline <= self.seconds < self.offline + 120:
            raise Unmeasured("our network")
        if self.broken_since <= self.seconds < self.broken_until:
            return "the list fails"
        return "a hiccup" if self.dice.random() < self.fails else ""


def row(number: int, at: float, message: str = "") -> LogEntry:
    """A Server Action."""
    return LogEntry(
        at=DEPLOYED + round(at * 1000),
        method="POST",
        path="/",
        status=500 if message else 200,
        request_id=f"r-{number}",
        row_id=f"row-{number}",
        deployment_id="dpl_now",
        message=f" ⨯ Error: {message}\n  digest: '1'" if message else "",
        level="error" if message else "",
        source="function",
    )


def healthy_log(dice: random.Random) -> Iterator[LogEntry]:
    """2 to 60 Server Actions a minute; up to 0.5 % of them fail, by two troubles that were there before."""
    per_minute, fails = dice.uniform(2, 60), dice.uniform(0, 1 - BOOK.slo.inbox / 100)
    for number, at in enumerate(_moments(dice, per_minute)):
        yield row(number, at, dice.choice(_CHRONIC) if dice.random() < fails else "")


@dataclass(frozen=True)
class Fault:
    """Some of the Server Actions fail by some troubles, for a while."""

    since: float
    until: float
    share: float
    troubles: int


def broken_log(dice: random.Random, fault: Fault) -> Iterator[LogEntry]:
    """10 to 60 Server Actions a minute, of which some fail."""
    for number, at in enumerate(_moments(dice, dice.uniform(10, 60))):
        fails = fault.since <= at < fault.until and dice.random() < fault.share
        yield row(number, at, dice.choice(_TROUBLES[: fault.troubles]) if fails else "")


def _moments(dice: random.Random, per_minute: float) -> Iterator[float]:
    at = dice.expovariate(per_minute / 60)
    while at < LOG_WINDOW:
        yield at
        at += dice.expovariate(per_minute / 60)


def evidence(rows: Iterable[LogEntry], *, closed: bool) -> LogEvidence:
    """What the rules get of these rows."""
    ledger = Ledger()
    for one in rows:
        ledger.add(one, READER.read(one))
    tally: Tally = linked(ledger.tally(Span(DEPLOYED, DEPLOYED + round(LOG_WINDOW * 1000))), BOOK.logs)
    return LogEvidence(tally=tally, first=tally, runbook=BOOK, closed=closed)


def fails(found: LogEvidence) -> set[LogSubject]:
    """The subjects that fail the deployment."""
    return {one.subject for one in findings(found) if one.severity is Severity.FAIL}


def exceeds(rows: list[LogEntry]) -> bool:
    """Whether the rows are above the threshold, counted by the contract's words and by nothing of the product."""
    limit = BOOK.threshold
    times: dict[str, list[int]] = {}
    for one in rows:
        if one.status == 500:
            times.setdefault(one.message, []).append(one.at)
    many = len(times) > limit.unique
    for each in times.values():
        share, lasted = len(each) / len(rows), (max(each) - min(each)) / 1000
        many = many or (len(each) >= limit.flood_requests and share >= limit.flood_share)
        wide = len(each) >= limit.widespread_requests and share >= limit.widespread_share
        many = many or (wide and len(rows) >= limit.widespread_of and lasted >= limit.widespread_span)
    return many


def false_alarms(hours: int) -> dict[str, int]:
    """Rule → healthy hours in which it spoke."""
    found: Counter[str] = Counter()
    for seed in range(hours):
        dice = random.Random(f"healthy {seed}")  # noqa: S311 - a simulation
        report = watch(BOOK.uptime, HOUR, HealthyInbox(dice))
        judged = evidence(healthy_log(dice), closed=True)
        traffic = user_traffic(
            LogReport(stage=Stage.WINDOW, says="", minutes=judged.tally.by_minute(DEPLOYED)), BOOK.slo
        )
        failing = fails(judged)
        spoke = {
            "two failed journeys in a row (FAIL)": bool(report.broken),
            "error budget of journeys and probes (warning)": bool(burning(report, BOOK.slo)),
            "error budget of user traffic (warning)": bool(traffic.burns),
            "journeys or probes slower than before (warning)": bool(slowed_down(report, BOOK.slo)),
            **{f"the log: {subject} (FAIL)": subject in failing for subject in LogSubject},
        }
        found.update({name: int(said) for name, said in spoke.items()})
    return dict(found)


def outages(hours: int) -> list[float | None]:
    """Seconds from the beginning of an outage to its FAIL; those that are long enough to be met twice."""
    found: list[float | None] = []
    least = BOOK.uptime.every + BOOK.uptime.jitter + BOOK.uptime.repeat + 2 * 6.0
    for seed in range(hours):
        dice = random.Random(f"outage {seed}")  # noqa: S311 - a simulation
        since = dice.uniform(0, HOUR - least - 60)
        world = HealthyInbox(dice, since, since + dice.uniform(least, least + 1200))
        world.offline = 1e9
        report = watch(BOOK.uptime, HOUR, world)
        found.append(report.seconds - since if report.broken else None)
    return found


def troubles(hours: int) -> tuple[list[float | None], int]:
    """Seconds from the moment at which a log is above the threshold to its FAIL, None where that was missed; and how many stayed below."""
    found: list[float | None] = []
    below = 0
    for seed in range(hours):
        dice = random.Random(f"trouble {seed}")  # noqa: S311 - a simulation
        since = dice.uniform(0, 480)
        fault = Fault(since, since + dice.uniform(20, 600), dice.uniform(0.02, 1), dice.randint(1, 6))
        rows = list(broken_log(dice, fault))
        if not exceeds(rows):
            below += 1
            continue
        found.append(_latency(rows))
    return found, below


def _latency(rows: list[LogEntry]) -> float | None:
    crossed: float | None = None
    at = STEP
    while at <= LOG_WINDOW:
        known = [one for one in rows if one.at <= DEPLOYED + at * 1000]
        if crossed is None and known and exceeds(known):
            crossed = at
        if known and fails(evidence(known, closed=at >= LOG_WINDOW)):
            return max(0.0, at - (crossed if crossed is not None else at))
        at += STEP
    return None


def page(hours: int, faults: int) -> str:
    """The measurement as a page."""
    alarms, outage, (trouble, below) = false_alarms(hours), outages(faults), troubles(faults)
    lines = [
        "# The rules of a watch, measured",
        "",
        f"`python -m bench.watch {hours} {faults}`: {hours:,} healthy hours, and {faults} hours with a fault of random size and time, by a",
        "simulated clock through the pure rules. In a healthy hour journeys, probes and Server Actions fail as often as the objective",
        f"({BOOK.slo.inbox:g} %) allows, each by itself, and in a tenth of the hours our own network is gone for two minutes.",
        "",
        "| rule | false alarms | 95 % interval |",
        "|---|---|---|",
    ]
    for name, count in alarms.items():
        low, high = interval(count, hours)
        lines.append(f"| {name} | {count} of {hours:,} ({count / hours:.2%}) | {low:.2%} to {high:.2%} |")
    lines += [
        "",
        "| fault | found | latency, median | p95 |",
        "|---|---|---|---|",
        f"| the inbox fails for so long that two journeys meet it | {_found(outage)} |",
        f"| a log above the threshold ({below} others stayed below it) | {_found(trouble)} |",
        "",
        "Latency: of the inbox from the outage's first second on; of the log from when its rows are above the threshold, judged",
        f"every {STEP:g} s. Whether they are is counted anew from the words of the contract (`exceeds` in `bench/watch.py`).",
    ]
    return "\n".join(lines) + "\n"


def _found(latencies: list[float | None]) -> str:
    times = sorted(one for one in latencies if one is not None)
    late: Callable[[float], float] = lambda share: times[min(len(times) - 1, int(share * len(times)))]  # noqa: E731
    if not times:
        return f"0 of {len(latencies)} | – | –"
    return f"{len(times)} of {len(latencies)} | {statistics.median(times):.0f} s | {late(0.95):.0f} s"


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]] + [10_000, 200][len(sys.argv) - 1 :]
    figures.write(FILE, page(*asked))
    sys.stdout.write(FILE.read_text(encoding="utf-8"))
