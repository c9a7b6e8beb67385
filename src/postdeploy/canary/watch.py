"""Watches the canary: looks again and again until the window has closed, a rule fails, or another deployment takes over."""

from __future__ import annotations

from typing import Protocol

from postdeploy.canary import rules
from postdeploy.canary.lines import RevisionLines
from postdeploy.canary.metrics import Snapshot
from postdeploy.canary.progress import Looks, Progress
from postdeploy.canary.report import CanaryReport
from postdeploy.canary.rules import CanaryFinding
from postdeploy.model import Blocked, Severity
from postdeploy.runbook.canary_tables import CanaryTable


class CanaryWorld(Protocol):
    """What a watch needs of the world."""

    source: str
    """Where the metrics are from, for people."""

    def monotonic(self) -> float:
        """Seconds, by a clock that never jumps."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def look(self) -> Snapshot:
        """One look at the metrics. Raises `Blocked` where they can't be read."""
        ...

    def lines(self) -> RevisionLines | None:
        """What the log has of the revision path until now; None: it is not read."""
        ...

    @property
    def superseded(self) -> bool:
        """Whether another deployment has taken over."""
        ...


class _Watch:
    def __init__(self, table: CanaryTable, seconds: float, world: CanaryWorld) -> None:
        self.table = table
        self.seconds = seconds
        self.world = world
        self.looks = Looks(table.workspace)
        self.lines: RevisionLines | None = None
        self.gaps: list[str] = []
        self.blocked: Blocked | None = None
        self.began = world.monotonic()

    @property
    def passed(self) -> float:
        return self.world.monotonic() - self.began

    def run(self) -> CanaryReport:
        judged = 0
        while True:
            self._look()
            closed = self.passed >= self.seconds
            due = min(self.table.looks, int(self.passed * self.table.looks / self.seconds))
            found = self._at_once()
            if due > judged or closed:
                judged = due
                found += self._by_share()
            if closed or self.world.superseded or _fails(found) or self._never_readable():
                return self._report(found, whole=closed)
            self.world.wait(min(self.table.poll, self.seconds - self.passed))

    def _look(self) -> None:
        try:
            self.looks.add(self.world.look())
            self.blocked = None
        except Blocked as error:
            self.blocked = error
            self.gaps.append(f"minute {self.passed / 60:.1f}: {error.what}")

    def _never_readable(self) -> bool:
        """What was never read will not be read by waiting: the cure is to be shown now."""
        return self.looks.latest is None and len(self.gaps) >= self.table.tries

    def _at_once(self) -> list[CanaryFinding]:
        seen = self._seen()
        return rules.at_once(seen, self.table) if seen else []

    def _by_share(self) -> list[CanaryFinding]:
        self.lines = self.world.lines()
        seen = self._seen()
        return rules.by_share(seen, self.table) if seen else []

    def _seen(self) -> Progress | None:
        return self.looks.progress(self.lines)

    def _report(self, found: list[CanaryFinding], *, whole: bool) -> CanaryReport:
        seen = self._seen()
        return CanaryReport(
            source=self.world.source,
            seen=seen,
            findings=tuple(found),
            unread=self.blocked.what if self.blocked else "",
            cure=self.blocked.cure if self.blocked else "",
            stale=rules.frozen(seen, self.table) if seen else "",
            too_few=rules.too_few(seen, self.table) if seen else "",
            detects=rules.detects(seen, self.table) if seen else "",
            gaps=tuple(self.gaps),
            seconds=self.passed,
            whole=whole,
        )


def watch(table: CanaryTable, seconds: float, world: CanaryWorld) -> CanaryReport:
    """Watch for so many seconds."""
    return _Watch(table, seconds, world).run()


def _fails(found: list[CanaryFinding]) -> bool:
    return any(one.severity is Severity.FAIL for one in found)
