"""Where production could go back to, for the command line: by the record, by the platform, or by somebody's word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from postdeploy.model import Blocked
from postdeploy.production.standing import Standing
from postdeploy.record.entries import RecordedVerdict, words_on
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.record.places import open_record
from postdeploy.rollback import candidates
from postdeploy.rollback.candidates import PlatformFacts, find_last_good
from postdeploy.runbook.tables import Runbook
from postdeploy.system.loopback import address
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find
from postdeploy.vercel.errors import PlatformError


def earlier(
    where: str | None, runbook: Runbook, folder: Path
) -> tuple[tuple[RecordedVerdict, ...] | None, tuple[str, ...]]:
    """What earlier runs said, and what of it could not be read. None: there is no record.

    Raises:
        UsageError: the record can't be used.
        Blocked: it can't be read.
    """
    given = where or runbook.record.where
    if not given:
        return None, ()
    found = open_record(given, folder).read()
    return found.entries, found.notes


def by_itself(vercel: Vercel, standing: Standing, entries: Sequence[RecordedVerdict] | None) -> LastGood | NoLastGood:
    """The last good deployment; one that failed as the current one does is none.

    In a rolling release it is the one that serves the others: what is being tried is the new one.
    """
    if standing.rolling and standing.rolls and standing.rolling.current:
        found = named(vercel, standing.rolling.current)
        says = (
            f"serves everybody whom the rolling release of {standing.rolling.canary} has not reached (by the platform)"
        )
        return LastGood(found.id, address(found.url), KnownBy.PLATFORM, says, found.commit)
    word = words_on(entries or (), standing.domain, standing.project.id).get(standing.serving.id)
    failing = word.failing if word else ()
    return find_last_good(entries, vercel, standing.serving.id, standing.domain, failing)


def by_name(found: PlatformDeployment, standing: Standing, entries: Sequence[RecordedVerdict] | None) -> LastGood:
    """A deployment that somebody names, with what speaks for it. Whether it is fit, `rollback.plan.refuse` says."""
    words = words_on(entries or (), standing.domain, standing.project.id)
    pair = {found.id: found, standing.serving.id: standing.serving}
    known = PlatformFacts(pair, None, (found.id,), project=standing.project.id)
    good = candidates.choose(words, known, standing.serving.id)
    if isinstance(good, LastGood):
        return good
    return LastGood(found.id, address(found.url), KnownBy.PLATFORM, good.why, found.commit)


def named(vercel: Vercel, target: str) -> PlatformDeployment:
    """A deployment by its id or its address.

    Raises:
        Blocked: there is none of that name, or the platform does not say.
    """
    name = urlsplit(target).netloc or target.strip("/")
    try:
        return find(vercel, name)
    except PlatformError as error:
        if error.status in (404, 410):
            raise Blocked(f"there is no deployment {name}", "Choose one: postdeploy deployments.") from None
        raise
