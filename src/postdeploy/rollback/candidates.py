"""The last-good deployment and other rollback targets: where production can be rolled back to.

The record knows which deployments passed verification; Vercel knows which still exist, which were live, and which it would accept.
`find_last_good` reads both, `choice` decides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from postdeploy.model import Blocked
from postdeploy.production.state import ProductionState
from postdeploy.record.entries import Record, RecordedVerdict, good_deployments, in_part, verdicts_on
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.record.places import open_record
from postdeploy.rollback.choice import PlatformFacts, choose, describe_pass
from postdeploy.runbook.tables import Runbook
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find, production, was_rolled_back_from
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state

_MOST_ASKED = 5
"""At most so many good deployments of the record are looked up at Vercel."""
_MOST_LISTED = 100
"""At most so many of Vercel's candidates are read, newest first."""
_GONE = (404, 410)


def find_last_good(
    record: Record | None,
    vercel: Vercel | None,
    current: str | None,
    host: str,
    failing: Collection[str] = (),
) -> LastGood | NoLastGood:
    """The last-good deployment.

    `record`: None: there is none; what of it was not read is said with the answer. `vercel`: None where Vercel can't be asked. `current`:
    the deployment that serves `host` now; None: ask Vercel. `failing`: the checks that fail now: a deployment that failed one of them
    can't be used.
    """
    return with_unread(_found(record.entries if record else None, vercel, current, host, failing), record)


def with_unread(found: LastGood | NoLastGood, record: Record | None) -> LastGood | NoLastGood:
    """Nothing follows from what was not read."""
    unread = record.notes if record else ()
    if isinstance(found, NoLastGood):
        return replace(found, why=found.why + in_part(unread))
    return replace(found, says=found.says + in_part(unread))


def _found(
    entries: Sequence[RecordedVerdict] | None,
    vercel: Vercel | None,
    current: str | None,
    host: str,
    failing: Collection[str],
) -> LastGood | NoLastGood:
    if vercel is None:
        return _by_record_alone(entries, current, host)
    try:
        current = current or find(vercel, host).id
        known, verdicts = _read(vercel, entries or (), current, host)
    except PlatformError as error:
        return _by_record_alone(entries, current, host, error)
    return choose(verdicts, known, current, failing)


def default_target(
    vercel: Vercel,
    state: ProductionState,
    record: Record | None,
) -> LastGood | NoLastGood:
    """Where to roll back if no target is named: the last-good deployment, not one that failed as the current one does.

    During a rolling release it is the stable deployment, which serves the other visitors.
    """
    if state.rolling and state.rolling.current:
        found = find_deployment(vercel, state.rolling.current)
        says = f"serves the visitors whom the rolling release of {state.rolling.canary} has not reached (according to Vercel)"
        return LastGood(found.id, found.address, KnownBy.PLATFORM, says, found.commit)
    verdict = verdicts_on(record.entries if record else (), state.host, state.project.id).get(state.serving.id)
    failing = verdict.failing if verdict else ()
    return find_last_good(record, vercel, state.serving.id, state.host, failing)


def named_target(
    found: PlatformDeployment,
    state: ProductionState,
    record: Record | None,
) -> LastGood:
    """A deployment that was named as the target, with what is known of it; `rollback.plan.refuse` decides whether it can be used."""
    verdicts = verdicts_on(record.entries if record else (), state.host, state.project.id)
    pair = {found.id: found, state.serving.id: state.serving}
    good = choose(verdicts, PlatformFacts(pair, None, (found.id,), project=state.project.id), state.serving.id)
    if isinstance(good, NoLastGood):
        verdict = verdicts.get(found.id)
        failing = verdict.failing if verdict else ()
        good = LastGood(found.id, found.address, KnownBy.PLATFORM, good.why, found.commit, failing)
    return replace(good, says=good.says + in_part(record.notes if record else ()))


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


def read_record(where: str | None, runbook: Runbook, folder: Path) -> Record | None:
    """The record, None: there is none.

    Raises:
        UsageError: the record can't be used.
        Blocked: it can't be read.
    """
    given = where or runbook.record.where
    return open_record(given, folder).read() if given else None


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
    verdicts = verdicts_on(entries, host, project.id)
    wanted = [verdict.deployment for verdict in good_deployments(verdicts, other_than=current)[:_MOST_ASKED]]
    asked = [last.to, last.from_ or ""] if last else []
    for name in [current, *wanted, *asked]:
        if name and name not in deployments:
            deployments[name] = _find(vercel, name)
    left = frozenset(one.id for one in deployments.values() if one and was_rolled_back_from(one, last, deployments))
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
        says = f"{describe_pass(verdict)}; not checked with Vercel"
        return LastGood(verdict.deployment, verdict.url, KnownBy.RECORD, says, verdict.commit)
    return NoLastGood(
        f"the record knows no other deployment of {host} that passed, and {unasked}. {cure}", looked=False
    )
