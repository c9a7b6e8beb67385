"""What a failed deployment could go back to, and whether that would help: asked for once FAIL has been published."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from postdeploy.model import Blocked, Cause, CheckResult
from postdeploy.plugin.comparison_run import TrialPart, Trials
from postdeploy.readiness.inventory import changed_between
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.run.run import Run
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find
from postdeploy.vercel.retry import BRIEF
from postdeploy.verdict.recommendation import worth_trying

_DATABASE = ("pooled", "direct")
"""The shapes of variables that say where the database is."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the advice rests on, besides what failed."""

    last_good: LastGood | NoLastGood | None = None
    trials: Trials = field(default_factory=Trials)
    changed: tuple[str, ...] = ()


@dataclass(eq=False)
class OutlookPart:
    """Belongs to the process that a person started."""

    config: pytest.Config
    run: Run
    directory: Path
    last_good: Callable[[], LastGood | NoLastGood]
    say: Callable[[str], None]

    def look(self, failures: Iterable[CheckResult]) -> Outlook:
        """Look for the last good deployment, and try there what failed."""
        failed = [result for result in failures if worth_trying(result)]
        if not failed:
            return Outlook()
        found = self._found()
        if isinstance(found, NoLastGood):
            return Outlook(found, Trials(untried=found.why))
        limit = self.run.runbook.comparison.seconds
        self.say(f"trying what failed at {found.id}, which {found.says}, and once more here: at most {limit:g} s")
        return Outlook(found, self._tried(failed, found), self._changed(failed, found))

    def _found(self) -> LastGood | NoLastGood:
        try:
            return self.last_good()
        except Exception as error:  # noqa: BLE001 - FAIL stands without it
            return NoLastGood(f"our own error while looking for it, {type(error).__name__}: {error}", looked=False)

    def _tried(self, failed: Iterable[CheckResult], target: LastGood) -> Trials:
        try:
            return TrialPart(self.config, self.run, self.directory).make(failed, target)
        except KeyboardInterrupt:
            return Trials(untried="somebody ended the trial")
        except Exception as error:  # noqa: BLE001 - FAIL stands without it
            return Trials(untried=f"our own error, {type(error).__name__}: {error}")

    def _changed(self, failed: Iterable[CheckResult], good: LastGood) -> tuple[str, ...]:
        """Where the database is said to be, if that was changed between the two builds; nothing if nobody knows."""
        if self.run.environment.platform is None or not any(one.cause is Cause.DATABASE for one in failed):
            return ()
        names = [name for name, one in self.run.runbook.variables.items() if one.shape in _DATABASE]
        try:
            with Vercel(platform_access(self.run.environment), BRIEF) as vercel:
                before, now = find(vercel, good.id), find(vercel, urlsplit(self.run.target.base_url).netloc)
                return changed_between(vercel, names, before.created_at, now.created_at)
        except Blocked:
            return ()
