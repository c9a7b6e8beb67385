"""The last-good deployment and other rollback targets: where production can be rolled back to.

The record knows which deployments passed verification; Vercel knows which still exist, which were live, and which it would accept.
`find_last_good` reads both, `choose` decides and is pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from postdeploy.model import Blocked, Decision
from postdeploy.production.state import ProductionState
from postdeploy.record.entries import RecordedVerdict, good_deployments, verdicts_on
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.record.places import open_record
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find, production, was_rolled_back_from
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state

_MOST_ASKED = 5
"""At most so many good deployments of the record are looked up at Vercel."""
_MOST_LISTED = 100
"""At most so many of Vercel's candidates are read, newest first."""
_GONE = (404, 410)
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
    """Those that the last rollback left behind."""

    def was_left(self, name: str, current: str) -> bool:
        """Whether production was rolled back from it: to the current one, for it is newer and not live, or to another."""
        if name in self.left:
            return True
        one, other = self.deployments.get(name), self.deployments.get(current)
        return bool(one and other and one.created_at and other.created_at and one.created_at > other.created_at)


def find_last_good(
    entries: Sequence[RecordedVerdict] | None,
    vercel: Vercel | None,
    current: str | None,
    host: str,
    failing: Collection[str] = (),
) -> LastGood | NoLastGood:
    """The last-good deployment.

    `entries`: the record, None: there is none. `vercel`: None where Vercel can't be asked. `current`: the deployment that serves
    `host` now; None: ask Vercel. `failing`: the checks that fail now: a deployment that failed one of them can't be used.
    """
    if vercel is None:
        return _by_record_alone(entries, current, host)
    try:
        current = current or find(vercel, host).id
        known, verdicts = _read(vercel, entries or (), current, host)
    except PlatformError as error:
        return _by_record_alone(entries, current, host, error)
    return choose(verdicts, known, current, failing)


def choose(
    verdicts: Mapping[str, RecordedVerdict], known: PlatformFacts, current: str, failing: Collection[str] = ()
) -> LastGood | NoLastGood:
    """The newest deployment that passed by the record and can be rolled back to; else one that was live before.

    Of the latter, one without a verdict comes before one that failed: that one is offered with the names of its failing checks,
    and not at all if one of them fails now. A deployment that production was rolled back from is not offered, unless the record
    found it good; then it comes last.
    """
    refused: dict[str, str] = {}
    found = _passed_before(verdicts, known, current, refused) or _live_before(
        verdicts, known, current, failing, refused
    )
    return found or NoLastGood("; ".join(f"{name} {why}" for name, why in list(refused.items())[:3]) or _NONE_BEFORE)


def default_target(
    vercel: Vercel, state: ProductionState, entries: Sequence[RecordedVerdict] | None
) -> LastGood | NoLastGood:
    """Where to roll back if no target is named: the last-good deployment, not one that failed as the current one does.

    During a rolling release it is the stable deployment, which serves the other visitors.
    """
    if state.rolling and state.rolling.current:
        found = find_deployment(vercel, state.rolling.current)
        says = f"serves the visitors whom the rolling release of {state.rolling.canary} has not reached (according to Vercel)"
        return LastGood(found.id, found.address, KnownBy.PLATFORM, says, found.commit)
    verdict = verdicts_on(entries or (), state.host, state.project.id).get(state.serving.id)
    failing = verdict.failing if verdict else ()
    return find_last_good(entries, vercel, state.serving.id, state.host, failing)


def named_target(
    found: PlatformDeployment, state: ProductionState, entries: Sequence[RecordedVerdict] | None
) -> LastGood:
    """A deployment that was named as the target, with what is known of it; `rollback.plan.refuse` decides whether it can be used."""
    verdicts = verdicts_on(entries or (), state.host, state.project.id)
    pair = {found.id: found, state.serving.id: state.serving}
    good = choose(verdicts, PlatformFacts(pair, None, (found.id,), project=state.project.id), state.serving.id)
    if isinstance(good, LastGood):
        return good
    return LastGood(found.id, found.address, KnownBy.PLATFORM, good.why, found.commit)


def find_deployment(vercel: Vercel, target: str) -> PlatformDeployment:
    """A deployment by its id or its address.

    Raises:
        Blocked: it does not exist, or Vercel does not answer.
    """
    name = urlsplit(target).netloc or target.strip("/")
    found = _find(vercel, name)
    if found is None:
        raise Blocked(f"deployment {name} does not exist", "Choose one: postdeploy deployments.")
    return found


def read_record(
    where: str | None, runbook: Runbook, folder: Path
) -> tuple[tuple[RecordedVerdict, ...] | None, tuple[str, ...]]:
    """The entries of the record (None: there is none), and what of it could not be read.

    Raises:
        UsageError: the record can't be used.
        Blocked: it can't be read.
    """
    given = where or runbook.record.where
    if not given:
        return None, ()
    found = open_record(given, folder).read()
    return found.entries, found.notes


def _passed_before(
    verdicts: Mapping[str, RecordedVerdict], known: PlatformFacts, current: str, refused: dict[str, str]
) -> LastGood | None:
    """The newest that the record found good. Why others can't be used goes into `refused`."""
    for verdict in sorted(
        good_deployments(verdicts, other_than=current), key=lambda one: known.was_left(one.deployment, current)
    ):
        found = known.deployments.get(verdict.deployment)
        why = _unfit(verdict.deployment, known, by_record=True)
        if found and why is None:
            says = _passed(verdict)
            if known.was_left(found.id, current):
                says += "; production was rolled back from it since"
            return LastGood(found.id, found.address, KnownBy.RECORD, says, found.commit or verdict.commit)
        refused[verdict.deployment] = f"{_passed(verdict)}, but {why}"
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
        elif known.was_left(name, current):
            refused[name] = "was live, but production was rolled back from it, and no run found it good"
        elif bad:
            doubtful.append(_unverified(found, known, bad))
        else:
            return _unverified(found, known)
    return next(iter(doubtful), None)


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


def _read(
    vercel: Vercel, entries: Sequence[RecordedVerdict], current: str, host: str
) -> tuple[PlatformFacts, dict[str, RecordedVerdict]]:
    """The facts for a choice, and the record's last verdicts on this project."""
    project = project_state(vercel)
    last = project.last_request
    before = last.from_ if last and last.to == current and last.from_ != current else None
    deployments: dict[str, PlatformDeployment | None] = {}
    complete = True
    for one in production(vercel, candidates=True):
        deployments[one.id] = one
        if len(deployments) >= _MOST_LISTED:
            complete = False
            break
    listed = tuple(deployments)
    target = deployments.get(last.to) if last else None
    left = frozenset(one.id for one in deployments.values() if one and was_rolled_back_from(one, last, target))
    verdicts = verdicts_on(entries, host, project.id)
    wanted = [verdict.deployment for verdict in good_deployments(verdicts, other_than=current)[:_MOST_ASKED]]
    for name in [current, *wanted, *([before] if before else [])]:
        if name not in deployments:
            deployments[name] = _find(vercel, name)
    return PlatformFacts(deployments, before, listed, complete, project.id, left), verdicts


def _find(vercel: Vercel, name: str) -> PlatformDeployment | None:
    """None: it does not exist, or not any more."""
    try:
        return find(vercel, name)
    except PlatformError as error:
        if error.status in _GONE:
            return None
        raise


def _by_record_alone(
    entries: Sequence[RecordedVerdict] | None, current: str | None, host: str, error: PlatformError | None = None
) -> LastGood | NoLastGood:
    """The last-good deployment where Vercel can't be asked."""
    unasked = f"Vercel was not asked ({error.what})" if error else "without VERCEL_TOKEN Vercel can't be asked"
    cure = error.cure if error else "Set VERCEL_TOKEN and VERCEL_PROJECT_ID."
    if entries is None:
        return NoLastGood(f"there is no record of earlier runs (--record), and {unasked}. {cure}", looked=False)
    if not current:
        return NoLastGood(f"the page does not name its deployment, and {unasked}. {cure}", looked=False)
    good = good_deployments(verdicts_on(entries, host), other_than=current)
    for verdict in good[:1]:
        says = f"{_passed(verdict)}; not checked with Vercel"
        return LastGood(verdict.deployment, verdict.url, KnownBy.RECORD, says, verdict.commit)
    return NoLastGood(
        f"the record knows no other deployment of {host} that passed, and {unasked}. {cure}", looked=False
    )


def _passed(verdict: RecordedVerdict) -> str:
    log = ", its whole log window included" if verdict.whole and verdict.log and verdict.log.proof.proven else ""
    return f"passed its verification on {times.to_the_minute(verdict.at)}{log} (according to the record)"


def _unverified(found: PlatformDeployment, known: PlatformFacts, failed: RecordedVerdict | None = None) -> LastGood:
    """One that no run found good; Vercel says that it was live."""
    verdict = f"it failed its verification on {times.to_the_minute(failed.at)}" if failed else "no run has verified it"
    says = f"was live {'just ' if found.id == known.before else ''}before (according to Vercel; {verdict})"
    failing = failed.failing if failed else ()
    return LastGood(found.id, found.address, KnownBy.PLATFORM, says, found.commit, failing)
