"""How often each rule of the canary gives a false alarm, and how soon it finds a fault: simulated windows through the pure rules.

    python -m bench.canary [healthy windows] [windows with a fault]

A window of 30 minutes has 12 to 120 attempts; a share of needs-review of 2 to 30 %, the same before and elsewhere; 20 to 75 % of the
revisions are applied; at most the tolerated 5 % of the attempts fail by deadline. It writes docs/bench-canary.md.
"""

from __future__ import annotations

import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench import figures
from postdeploy.canary.exact import Share
from postdeploy.canary.lines import RevisionLines
from postdeploy.canary.metrics import RevisionAttempt, Snapshot
from postdeploy.canary.report import CanaryReport
from postdeploy.canary.rules import CanaryRule
from postdeploy.canary.watch import watch
from postdeploy.model import Severity
from postdeploy.runbook.canary_tables import CanaryTable
from postdeploy.runbook.reading import read_runbook
from postdeploy.system import binomial

FILE = Path(__file__).parents[1] / "docs/bench-canary.md"
MINE, OTHER = "workspace-1", "workspace-2"
WINDOW = 1800.0
TABLE: CanaryTable = msgspec.structs.replace(read_runbook().canary, workspace=MINE)


@dataclass
class Traffic:
    """What happens in a window; ``fault`` changes it from a minute on."""

    dice: random.Random
    fault: CanaryRule | None = None
    since: float = 0.0
    size: float = 1.0
    """How bad: the share that is reached by the fault."""

    def __post_init__(self) -> None:
        self.per_minute = self.dice.uniform(12, 120) / 30
        self.review = self.dice.uniform(0.02, 0.3)
        self.applied = self.dice.uniform(0.2, 0.75)
        self.errors = self.dice.uniform(0, TABLE.errors_at_most)
        self.before = Share(_hits(self.dice, 1000, self.review), 1000)
        self.mine, self.others = self.before, Share(_hits(self.dice, 2000, self.review), 2000)
        self.attempts: list[RevisionAttempt] = []
        self.logged = 0
        self.seconds = 0.0
        self.source = "a simulation"
        self.superseded = False

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds

    def wait(self, seconds: float) -> None:
        """Let drafts be made for so long."""
        for _ in range(_poisson(self.dice, self.per_minute * seconds / 60)):
            self._draft()
        self.seconds += seconds

    def look(self) -> Snapshot:
        """What the metrics show."""
        enabled = {MINE, OTHER} if self._broken(CanaryRule.WORKSPACES) else {MINE}
        reviews = {MINE: self.mine, OTHER: self.others}
        at = round(self.seconds * 1000)
        return Snapshot(at=at, enabled=frozenset(enabled), attempts=tuple(self.attempts), reviews=reviews)

    def lines(self) -> RevisionLines:
        """What the log shows."""
        return RevisionLines(len(self.attempts), deadline=self.logged)

    def _broken(self, rule: CanaryRule) -> bool:
        return self.fault is rule and self.seconds >= self.since * 60

    def _chance(self, rule: CanaryRule, healthy: float) -> bool:
        return self.dice.random() < (self.size if self._broken(rule) else healthy)

    def _draft(self) -> None:
        at = round(self.seconds * 1000) + len(self.attempts)
        if self._broken(CanaryRule.REPEATED) and self.attempts and self.dice.random() < self.size:
            self.attempts[-1] = _again(self.attempts[-1], at)
            return
        place = OTHER if self._chance(CanaryRule.ELSEWHERE, 0.0) else MINE
        self.attempts.append(RevisionAttempt(f"draft-{at}", place, at, self._chance(CanaryRule.APPLIED, self.applied)))
        self.mine += Share(self._chance(CanaryRule.REVIEW, self.review), 1)
        self.others += Share(_hits(self.dice, 2, self.review), 2)
        self.logged += self._chance(CanaryRule.ERRORS, self.errors)


def _again(one: RevisionAttempt, at: int) -> RevisionAttempt:
    return RevisionAttempt(one.draft, one.workspace, at, one.applied)


def _hits(dice: random.Random, of: int, rate: float) -> int:
    return sum(dice.random() < rate for _ in range(of))


def _poisson(dice: random.Random, expected: float) -> int:
    count, product, limit = -1, 1.0, 2.718281828459045**-expected
    while product > limit:
        product *= dice.random()
        count += 1
    return count


def interval(count: int, of: int) -> tuple[float, float]:
    """The exact interval (Clopper and Pearson, 95 %) of a share."""

    def edge(meets: Callable[[float], bool]) -> float:
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if meets(middle) else (low, middle)
        return low

    def at_most(rate: float) -> float:
        return sum(binomial.exactly(each, of, rate) for each in range(count + 1))

    def at_least(rate: float) -> float:
        return 1 - sum(binomial.exactly(each, of, rate) for each in range(count))

    lower = edge(lambda rate: at_least(rate) < 0.025) if count else 0.0
    return lower, edge(lambda rate: at_most(rate) > 0.025)


def healthy(windows: int) -> Counter[CanaryRule]:
    """How many healthy windows each rule failed."""
    found: Counter[CanaryRule] = Counter()
    for seed in range(windows):
        report = watch(TABLE, WINDOW, Traffic(random.Random(seed)))  # noqa: S311 - a simulation
        found.update({one.rule for one in report.findings if one.severity is Severity.FAIL})
    return found


def broken(windows: int) -> dict[CanaryRule, list[float | None]]:
    """Of each fault of random size and time: minutes until it was found, or None. Sizes are those that the rule is meant for."""
    sizes = {
        CanaryRule.WORKSPACES: (1.0, 1.0),
        CanaryRule.REPEATED: (0.1, 1.0),
        CanaryRule.ELSEWHERE: (0.1, 1.0),
        CanaryRule.APPLIED: (1.0, 1.0),
        CanaryRule.REVIEW: (0.6, 1.0),
        CanaryRule.ERRORS: (0.4, 1.0),
    }
    found: dict[CanaryRule, list[float | None]] = {}
    for rule, (least, most) in sizes.items():
        for seed in range(windows):
            dice = random.Random(f"{rule} {seed}")  # noqa: S311 - a simulation
            since = 0.0 if rule is CanaryRule.APPLIED else dice.uniform(0, 10)
            traffic = Traffic(dice, rule, since, dice.uniform(least, most))
            report = watch(TABLE, WINDOW, traffic)
            found.setdefault(rule, []).append(_minutes(report, rule, since))
    return found


def _minutes(report: CanaryReport, rule: CanaryRule, since: float) -> float | None:
    return report.seconds / 60 - since if report.about(rule, Severity.FAIL) else None


def page(windows: int, faults: int) -> str:
    """The measurement as a page."""
    alarms, latencies = healthy(windows), broken(faults)
    lines = [
        "# The canary's rules, measured",
        "",
        f"`python -m bench.canary {windows} {faults}`: {windows:,} healthy windows of 30 minutes, and {faults} windows with each fault, of",
        "random size from a random minute on (0 to 10; applied: from the start), through the pure rules. Sizes: `broken` in",
        "`bench/canary.py`.",
        "",
        "| rule | false alarms | 95 % interval | faults found | median minutes | p95 |",
        "|---|---|---|---|---|---|",
    ]
    for rule in CanaryRule:
        low, high = interval(alarms[rule], windows)
        times = sorted(one for one in latencies[rule] if one is not None)
        late = times[min(len(times) - 1, int(0.95 * len(times)))] if times else float("nan")
        middle = statistics.median(times) if times else float("nan")
        share = f"{alarms[rule]} of {windows:,} ({alarms[rule] / windows:.2%})"
        lines.append(
            f"| {rule} | {share} | {low:.2%} to {high:.2%} | {len(times)} of {faults} | {middle:.1f} | {late:.1f} |"
        )
    lines += [
        "",
        "What is not found: a share is judged by an exact test, so a window with few attempts can't show a small excess. The verdict says",
        "what could have been detected. What cannot happen by chance is found at the next look.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    asked = [int(one) for one in sys.argv[1:]] + [10_000, 200][len(sys.argv) - 1 :]
    figures.write(FILE, page(*asked))
    sys.stdout.write(FILE.read_text(encoding="utf-8"))
