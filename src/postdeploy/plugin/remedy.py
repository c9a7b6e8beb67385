"""After FAIL has been published: the last-good deployment, and whether rolling back to it would help."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import pytest

from postdeploy.model import Blocked, Cause, CheckResult
from postdeploy.plugin.comparison_run import ComparisonRuns, Comparisons
from postdeploy.readiness.inventory import changed_between
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore
from postdeploy.run.run import Run
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find
from postdeploy.vercel.retry import BRIEF
from postdeploy.verdict.decision import Facts, comparing
from postdeploy.verdict.recommendation import worth_comparing

_DATABASE = ("pooled", "direct")
"""The shapes of variables that say where the database is."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a recommendation rests on, besides what failed."""

    last_good: LastGood | NoLastGood | None = None
    comparisons: Comparisons = field(default_factory=Comparisons)
    changed: tuple[str, ...] = ()
    """Database variables that were changed after the last-good deployment was built."""
    passed_before: Mapping[str, PassedBefore] = field(default_factory=dict)
    """Check → how it passed on the build before, by the record."""

    def added_to(self, facts: Facts) -> Facts:
        """The facts with what was found out."""
        return replace(
            facts,
            last_good=self.last_good,
            comparisons=self.comparisons.made,
            not_tried_reason=self.comparisons.not_tried_reason,
            changed=self.changed,
            passed_before=self.passed_before,
            left_behind=self.comparisons.writes,
        )


def find_remedy(
    config: pytest.Config,
    run: Run,
    failed: Collection[CheckResult],
    last_good: Callable[[], LastGood | NoLastGood],
    say: Callable[[str], None],
) -> Remedy:
    """Look for the last-good deployment, and repeat there what failed. Our own errors leave things unknown: FAIL stands.

    `say`: shows a line at the terminal.
    """
    limit = run.runbook.comparison.seconds
    failed = [result for result in failed if worth_comparing(result)]
    if not failed:
        return Remedy()
    say(f"FAIL is published; its recommendation is provisional: {comparing(limit)}")
    target = _guarded(last_good)
    if isinstance(target, NoLastGood) or not target.url:
        why = target.why if isinstance(target, NoLastGood) else f"the own address of {target.id} is not known"
        return Remedy(target, Comparisons(not_tried_reason=why))
    say(f"comparison run of what failed at {target.id}, which {target.says}, and once more here: at most {limit:g} s")
    return Remedy(target, _compared(config, run, failed, target), _changed(run, failed, target))


def _guarded(last_good: Callable[[], LastGood | NoLastGood]) -> LastGood | NoLastGood:
    try:
        return last_good()
    except Exception as error:  # noqa: BLE001 - FAIL stands without it
        return NoLastGood(f"our own error while looking for it, {type(error).__name__}: {error}", looked=False)


def _compared(config: pytest.Config, run: Run, failed: Collection[CheckResult], target: LastGood) -> Comparisons:
    try:
        return ComparisonRuns(config, run).make(failed, target)
    except KeyboardInterrupt:
        return Comparisons(not_tried_reason="the comparison run was interrupted")
    except Exception as error:  # noqa: BLE001 - FAIL stands without it
        return Comparisons(not_tried_reason=f"our own error, {type(error).__name__}: {error}")


def _changed(run: Run, failed: Collection[CheckResult], good: LastGood) -> tuple[str, ...]:
    """The variables that say where the database is, as far as they were changed between the two builds; none if Vercel can't be asked."""
    if run.environment.platform is None or not any(one.cause is Cause.DATABASE for one in failed):
        return ()
    names = [name for name, one in run.runbook.variables.items() if one.shape in _DATABASE]
    try:
        with Vercel(platform_access(run.environment), BRIEF) as vercel:
            before, now = find(vercel, good.id), find(vercel, urlsplit(run.plan.url).netloc)
            return changed_between(vercel, names, before.created_at, now.created_at)
    except Blocked:
        return ()
