"""The last known good deployment: where production can go back to.

Our own record knows what passed its verification; the platform knows what is still there, what was live before, and what it would take.
Asking and choosing are apart: `find_last_good` asks, `choose` is pure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from postdeploy.model import Decision
from postdeploy.record.entries import RecordedVerdict, good_ones, words_on
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.system import loopback, times
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find, production, was_rolled_back_from
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state

_MOST_ASKED = 5
"""So many good deployments of the record are looked for at the platform."""
_MOST_LISTED = 100
"""So many of the platform's candidates are read, newest first."""
_GONE = (404, 410)
_GIVEN_UP = "; production went back from it since"
_NONE_BEFORE = "the platform offers no deployment that was live before this one"


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What the platform knows."""

    deployments: Mapping[str, PlatformDeployment | None] = field(default_factory=dict)
    """Those that it was asked for; None: it is not there any more."""
    before: str | None = None
    """What was live before the current one, by the last switch."""
    listed: tuple[str, ...] = ()
    """Those that it offers to go back to, newest creation first."""
    complete: bool = True
    """Whether those are all."""
    project: str = ""
    left: frozenset[str] = frozenset()
    """Those that the last switch went back from."""

    def given_up(self, name: str, current: str) -> bool:
        """Whether production went back from it: to the current one, for it is newer and yet does not serve, or to another."""
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
    """Where production can go back to.

    `entries`: the record, None: there is none. `vercel`: None where the platform can't be asked. `current`: the deployment that serves
    `host` now; None: whatever the platform says. `failing`: the checks that fail now: what failed with one of them is no way back.
    """
    if vercel is None:
        return _without_platform(entries, current, host)
    try:
        current = current or find(vercel, host).id
        known, words = _ask(vercel, entries or (), current, host)
    except PlatformError as error:
        return _without_platform(entries, current, host, error)
    return choose(words, known, current, failing)


def choose(
    words: Mapping[str, RecordedVerdict], known: PlatformFacts, current: str, failing: Collection[str] = ()
) -> LastGood | NoLastGood:
    """The newest deployment that passed by our record, and that production can go back to; else one that was live before.

    Of the latter, one of which nothing is known comes before one that failed, whatever it failed with: that one is offered with the
    names of its failing checks, and not at all if one of them is failing now. What production went back from is no way back, unless our
    record found it good; then it comes last.
    """
    refused: dict[str, str] = {}
    found = _passed_before(words, known, current, refused) or _lived_before(words, known, current, failing, refused)
    return found or NoLastGood("; ".join(f"{name} {why}" for name, why in list(refused.items())[:3]) or _NONE_BEFORE)


def _passed_before(
    words: Mapping[str, RecordedVerdict], known: PlatformFacts, current: str, refused: dict[str, str]
) -> LastGood | None:
    """The newest that our record found good. Why others are none goes into `refused`."""
    for word in sorted(good_ones(words, besides=current), key=lambda one: known.given_up(one.deployment, current)):
        found = known.deployments.get(word.deployment)
        why = _unfit(word.deployment, known, by_record=True)
        if found and why is None:
            says = _passed(word) + (_GIVEN_UP if known.given_up(found.id, current) else "")
            return LastGood(found.id, loopback.address(found.url), KnownBy.RECORD, says, found.commit or word.commit)
        refused[word.deployment] = f"{_passed(word)}, but {why}"
    return None


def _lived_before(
    words: Mapping[str, RecordedVerdict],
    known: PlatformFacts,
    current: str,
    failing: Collection[str],
    refused: dict[str, str],
) -> LastGood | None:
    """What was live before, by the platform. Why others are no way back goes into `refused`."""
    doubtful: list[LastGood] = []
    for name in dict.fromkeys([*([known.before] if known.before else []), *known.listed]):
        found, verdict = known.deployments.get(name), words.get(name)
        if name == current or name in refused:
            continue
        bad = verdict if verdict and verdict.decision is Decision.FAIL else None
        why = _unfit(name, known, by_record=False)
        if found is None or why:
            refused[name] = f"was live before, but {why}" if name == known.before else f"is listed, but {why}"
        elif bad and set(bad.failing) & set(failing):
            refused[name] = f"was live before, but failed with the same: {', '.join(bad.failing)}"
        elif known.given_up(name, current):
            refused[name] = "was live, but production went back from it, and no run of ours found it good"
        elif bad:
            doubtful.append(_live_before(found, known, bad))
        else:
            return _live_before(found, known)
    return next(iter(doubtful), None)


def _unfit(name: str, known: PlatformFacts, *, by_record: bool) -> str | None:
    """Why production can't go back to this one, or None. `by_record`: our record saw it serve."""
    found = known.deployments.get(name)
    if found is None or found.deleted or found.state == "DELETED":
        return "the platform does not have it any more"
    if known.project and found.project and found.project != known.project:
        return f"it is of another project ({found.project})"
    if found.target != "production":
        return "it was not built for production: promoting it would build it anew"
    if found.state != "READY":
        return f"it is not ready ({found.state or 'no state'})"
    if found.substate not in ("PROMOTED", "ROLLING") and not (by_record and not found.substate):
        return "it has never been live"
    if not found.url:
        return "the platform does not tell its address"
    offered = name == known.before or name in known.listed or found.candidate
    if not offered and (known.complete or found.candidate is False):
        return "the platform does not offer to go back to it (the account's plan allows only newer ones)"
    return None


def _ask(
    vercel: Vercel, entries: Sequence[RecordedVerdict], current: str, host: str
) -> tuple[PlatformFacts, dict[str, RecordedVerdict]]:
    """What must be known for a choice, and the record's last words on this project."""
    project = project_state(vercel)
    asked = project.last_request
    before = asked.from_ if asked and asked.to == current and asked.from_ != current else None
    deployments: dict[str, PlatformDeployment | None] = {}
    complete = True
    for one in production(vercel, candidates=True):
        deployments[one.id] = one
        if len(deployments) >= _MOST_LISTED:
            complete = False
            break
    listed = tuple(deployments)
    target = deployments.get(asked.to) if asked else None
    left = frozenset(one.id for one in deployments.values() if one and was_rolled_back_from(one, asked, target))
    words = words_on(entries, host, project.id)
    wanted = [word.deployment for word in good_ones(words, besides=current)[:_MOST_ASKED]]
    for name in [current, *wanted, *([before] if before else [])]:
        if name not in deployments:
            deployments[name] = _found(vercel, name)
    return PlatformFacts(deployments, before, listed, complete, project.id, left), words


def _found(vercel: Vercel, name: str) -> PlatformDeployment | None:
    try:
        return find(vercel, name)
    except PlatformError as error:
        if error.status in _GONE:
            return None
        raise


def _without_platform(
    entries: Sequence[RecordedVerdict] | None, current: str | None, host: str, error: PlatformError | None = None
) -> LastGood | NoLastGood:
    """What our record alone can say."""
    unasked = (
        f"the platform was not asked ({error.what})" if error else "without VERCEL_TOKEN the platform can't be asked"
    )
    cure = error.cure if error else "Set VERCEL_TOKEN and VERCEL_PROJECT_ID."
    if entries is None:
        return NoLastGood(f"there is no record of earlier runs (--record), and {unasked}. {cure}", looked=False)
    if not current:
        return NoLastGood(f"the page does not say which deployment it is, and {unasked}. {cure}", looked=False)
    good = good_ones(words_on(entries, host), besides=current)
    for word in good:
        if word.url:
            says = f"{_passed(word)}; not checked with the platform"
            return LastGood(word.deployment, word.url, KnownBy.RECORD, says, word.commit)
    if good:
        passed = f"{good[0].deployment} {_passed(good[0])}, but its own address is not known"
        return NoLastGood(f"{passed}, and {unasked}. {cure}", looked=False)
    return NoLastGood(
        f"the record knows no other deployment of {host} that passed, and {unasked}. {cure}", looked=False
    )


def _passed(word: RecordedVerdict) -> str:
    log = ", its whole log window included" if word.whole and word.log and word.log.proof.proven else ""
    return f"passed its verification on {_date(word)}{log} (by our record)"


def _live_before(found: PlatformDeployment, known: PlatformFacts, failed: RecordedVerdict | None = None) -> LastGood:
    """What only the platform vouches for."""
    verdict = f"it failed its verification on {_date(failed)}" if failed else "no run of ours has judged it"
    says = f"was live {'just ' if found.id == known.before else ''}before (by the platform; {verdict})"
    failing = failed.failing if failed else ()
    return LastGood(found.id, loopback.address(found.url), KnownBy.PLATFORM, says, found.commit, failing)


def _date(word: RecordedVerdict) -> str:
    return times.to_the_minute(word.at)
