"""Which deployment production can be rolled back to, and why not another: by the record's verdicts and by what Vercel knows. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from postdeploy.model import Decision
from postdeploy.record.entries import RecordedVerdict, good_deployments
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.system import times
from postdeploy.vercel.deployments import PlatformDeployment

_MOST_SKIPPED = 5
"""At most so many deployments that are no target are named."""
_NONE_BEFORE = "Vercel offers no deployment that was live before this one"


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What Vercel knows of the candidates."""

    deployments: Mapping[str, PlatformDeployment | None] = field(default_factory=dict)
    """By id; None: it no longer exists."""
    before: str | None = None
    """The deployment that the last promotion or rollback left for the current one."""
    listed: tuple[str, ...] = ()
    """Those that Vercel offers as rollback targets, newest creation first."""
    complete: bool = True
    """Whether those are all."""
    project: str = ""
    left: frozenset[str] = frozenset()
    """Those that production was rolled back from, as far as the last request shows."""

    def went_live(self, verdict: RecordedVerdict) -> dt.datetime:
        """When it got production traffic according to the record; else when it was built according to Vercel."""
        one = self.deployments.get(verdict.deployment)
        built = dt.datetime.fromtimestamp(one.created_at / 1000, dt.UTC) if one and one.created_at else None
        return verdict.live_since or built or verdict.went_live

    def was_left(self, name: str, current: str) -> bool:
        """Whether production was rolled back from it: to the current one, for it is newer and not live, or to another."""
        if name in self.left:
            return True
        one, other = self.deployments.get(name), self.deployments.get(current)
        return bool(one and other and one.created_at and other.created_at and one.created_at > other.created_at)


def choose(
    verdicts: Mapping[str, RecordedVerdict], known: PlatformFacts, current: str, failing: Collection[str] = ()
) -> LastGood | NoLastGood:
    """The newest deployment that passed by the record and can be rolled back to; else one that was live before.

    Of the latter, one without a verdict comes before one that passed once and failed since: that one is offered with the names of its
    failing checks, and not at all if one of them fails now. A deployment that only ever failed is not offered. Nor is one that production
    was rolled back from, unless the record found it good; then it comes last. What went live last is the newest, whenever it was verified.
    """
    refused: dict[str, str] = {}
    found = _passed_before(verdicts, known, current, refused) or _live_before(
        verdicts, known, current, failing, refused
    )
    if found is None:
        return NoLastGood("; ".join(f"{name} {why}" for name, why in list(refused.items())[:3]) or _NONE_BEFORE)
    return replace(found, skipped=tuple(_skipped(found, verdicts, known, current, refused))[:_MOST_SKIPPED])


def _passed_before(
    verdicts: Mapping[str, RecordedVerdict], known: PlatformFacts, current: str, refused: dict[str, str]
) -> LastGood | None:
    """The newest that the record found good. Why others can't be used goes into `refused`."""
    good = sorted(good_deployments(verdicts, other_than=current), key=known.went_live, reverse=True)
    for verdict in sorted(good, key=lambda one: known.was_left(one.deployment, current)):
        found = known.deployments.get(verdict.deployment)
        why = _unfit(verdict.deployment, known, by_record=True)
        if found and why is None:
            says = describe_pass(verdict)
            if known.was_left(found.id, current):
                says += "; production was rolled back from it since"
            return LastGood(found.id, found.address, KnownBy.RECORD, says, found.commit or verdict.commit)
        refused[verdict.deployment] = f"{describe_pass(verdict)}, but {why}"
    return None


def _live_before(
    verdicts: Mapping[str, RecordedVerdict],
    known: PlatformFacts,
    current: str,
    failing: Collection[str],
    refused: dict[str, str],
) -> LastGood | None:
    """One that was live before, according to Vercel. Why others can't be used goes into `refused`."""
    doubtful: list[LastGood] = []
    for name in dict.fromkeys([*([known.before] if known.before else []), *known.listed]):
        found, verdict = known.deployments.get(name), verdicts.get(name)
        if name == current or name in refused:
            continue
        bad = verdict if verdict and verdict.decision is Decision.FAIL else None
        why = _unfit(name, known, by_record=False)
        if found is None or why:
            refused[name] = f"was live before, but {why}" if name == known.before else f"is listed, but {why}"
        elif bad and set(bad.failing) & set(failing):
            refused[name] = f"was live before, but the same checks failed there: {', '.join(bad.failing)}"
        elif bad and not bad.ever_passed:
            refused[name] = f"was live before, but {describe_fail(bad)}, and no run found it good"
        elif known.was_left(name, current):
            refused[name] = "was live, but production was rolled back from it, and no run found it good"
        elif bad:
            doubtful.append(_unverified(found, known, bad))
        else:
            return _unverified(found, known)
    return next(iter(doubtful), None)


def _skipped(
    found: LastGood,
    verdicts: Mapping[str, RecordedVerdict],
    known: PlatformFacts,
    current: str,
    refused: Mapping[str, str],
) -> Iterator[str]:
    """What was live and is newer than the target, newest first, with the reason why it is not the target."""
    target = known.deployments.get(found.id)
    live = [
        one for one in known.deployments.values() if one and one.has_been_live and one.id not in (current, found.id)
    ]
    for one in sorted(live, key=lambda one: one.created_at or 0, reverse=True):
        if not target or (one.created_at or 0) <= (target.created_at or 0):
            continue
        verdict = verdicts.get(one.id)
        if one.id in refused:
            why = refused[one.id]
        elif verdict and verdict.decision is Decision.FAIL:
            why = describe_fail(verdict)
        elif known.was_left(one.id, current):
            why = "production was rolled back from it"
        else:
            why = "no run found it good"
        yield f"{one.id}: {why}"


def _unfit(name: str, known: PlatformFacts, *, by_record: bool) -> str | None:
    """Why production can't be rolled back to this one, or None. `by_record`: the record saw it serve."""
    found = known.deployments.get(name)
    if found is None or found.deleted or found.state == "DELETED":
        return "it no longer exists"
    if known.project and found.project and found.project != known.project:
        return f"it belongs to another project ({found.project})"
    if found.target != "production":
        return "it was not built for production: promoting it would build it again"
    if found.state != "READY":
        return f"it is not ready ({found.state or 'no state'})"
    if found.substate not in ("PROMOTED", "ROLLING") and not (by_record and not found.substate):
        return "it has never been live"
    if not found.url:
        return "its own address is unknown"
    offered = name == known.before or name in known.listed or found.candidate
    if not offered and (known.complete or found.candidate is False):
        return "Vercel does not offer it as a rollback target (the account's plan allows only newer ones)"
    return None


def describe_pass(verdict: RecordedVerdict) -> str:
    """When and how it passed, for people."""
    log = ", its whole log window included" if verdict.whole and verdict.log and verdict.log.proof.proven else ""
    return f"passed its verification on {times.to_the_minute(verdict.at)}{log} (according to the record)"


def describe_fail(verdict: RecordedVerdict) -> str:
    """When and how it failed, for people."""
    checks = f": {', '.join(verdict.failing[:3])}" if verdict.failing else ""
    return f"it failed its verification on {times.to_the_minute(verdict.at)}{checks}"


def _unverified(found: PlatformDeployment, known: PlatformFacts, failed: RecordedVerdict | None = None) -> LastGood:
    """One that no run found good; Vercel says that it was live."""
    verdict = describe_fail(replace(failed, failing=())) if failed else "no run has verified it"
    says = f"was live {'just ' if found.id == known.before else ''}before (according to Vercel; {verdict})"
    failing = failed.failing if failed else ()
    return LastGood(found.id, found.address, KnownBy.PLATFORM, says, found.commit, failing)
