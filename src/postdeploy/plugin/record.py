"""The record of earlier verdicts: read while the checks run, with one more entry at the end.

Vercel is asked as well which deployment this is, so that a later run can find it again.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from postdeploy.model import Blocked, Cause, CheckResult, Deployment, PlatformIdentity, Severity
from postdeploy.production.newer_builds import newer_build
from postdeploy.production.state import ProductionState
from postdeploy.record.entries import Record, RecordedVerdict, in_part, unread_says, verdicts_on
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.places import open_record
from postdeploy.record.precedent import PassedBefore, last_good_build, passed_before, role_changed, watch_before
from postdeploy.report.facts import RunFacts
from postdeploy.report.writing import as_json
from postdeploy.rollback.candidates import find_last_good, with_unread
from postdeploy.rollback.promotion import advise
from postdeploy.run.run import Run
from postdeploy.runbook.parts import DEPLOYMENTS, RECORD
from postdeploy.system import times
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, alias, find
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.retry import BRIEF, RetryPolicy
from postdeploy.verdict.verdict import Finding, Verdict

_WAIT = 5.0
"""Seconds that the end of a run waits for Vercel's answer."""
_READ = 90.0
"""Seconds that reading the record may take."""
_MOST_NOTES = 5


class RunRecord:
    """In the process that a person started."""

    def __init__(self, run: Run) -> None:
        """Begin to read.

        Raises:
            UsageError: the record is at no place that there is.
        """
        self.platform: PlatformIdentity | None = None
        self.place = open_record(run.plan.record, run.plan.folder) if run.plan.record else None
        self._run = run
        self._began = dt.datetime.now(dt.UTC)
        self._record = Record()
        self._notes: list[str] = []
        self._unread: list[str] = []
        self._written: str | None = None
        self._appended = False
        self._reading = threading.Thread(target=self._read, name="record", daemon=True)
        self._asking: threading.Thread | None = None
        if self.place:
            self._reading.start()

    @property
    def entries(self) -> tuple[RecordedVerdict, ...] | None:
        """The earlier verdicts, from old to new; None: there is no record. Waits until they are read."""
        if self.place is None:
            return None
        if self._reading.ident is not None:
            self._reading.join(_READ)
        return self._record.entries

    def known_good(self) -> tuple[str, ...]:
        """The own address of the deployment that passed last, where the record knows it."""
        return tuple(one.url for one in self.entries or () if one.proves_the_inbox and one.url)[-1:]

    @property
    def known(self) -> Record | None:
        """The record, with all that was not read of it; None: there is none. Waits until it is read."""
        entries = self.entries
        if entries is None:
            return None
        late = (f"it was not read within {_READ:g} s",) if self._reading.is_alive() else ()
        return Record(entries, (*self._unread, *late))

    def ask(self, pinned: Deployment) -> None:
        """The deployment is pinned: ask Vercel which one it is, while the checks run."""
        if self._run.environment.platform is not None and not self._run.plan.only:
            self._asking = threading.Thread(target=self._ask, args=(pinned,), name="identity", daemon=True)
            self._asking.start()

    def settle(self) -> None:
        """The checks are done: wait a moment for Vercel's answer, if it is still missing."""
        if self._asking:
            self._asking.join(_WAIT)

    def last_good(self, pinned: Deployment | None, failing: Collection[str]) -> LastGood | NoLastGood:
        """The rollback target for the deployment that was verified, while these checks fail."""
        served = pinned.deployment_id or "" if pinned else ""
        current = self.platform.id if self.platform else served if is_deployment_id(served) else None
        host = self._host
        if self._run.runbook.rollback.command:
            found = last_good_build(self.entries or (), pinned or Deployment(self._run.target.base_url), host)
            return with_unread(found, self.known)
        if self._run.environment.platform is None:
            return find_last_good(self.known, None, current, host, failing)
        with Vercel(platform_access(self._run.environment), BRIEF) as vercel:
            return find_last_good(self.known, vercel, current, host, failing)

    def about_newer_builds(self, state: ProductionState, *, ended: bool) -> Iterator[Finding]:
        """At the end: a newer production build that is not live, and whether to promote it. Waits until the record is read."""
        plan, newer = self._run.plan, newer_build(state)
        if newer and ended and plan.mode.verifies and not plan.only and DEPLOYMENTS not in plan.left_out:
            known = self.known or Record()
            verdicts = verdicts_on(known.entries, state.host, state.project.id)
            says = advise(newer, verdicts, dt.datetime.now(dt.UTC), known.notes)
            yield Finding(DEPLOYMENTS, Severity.WARN, says)

    def doubts(self, *, ended: bool) -> Iterator[Finding]:
        """What of the record was not read: said with every verdict, for what rests on the record rests on less.

        During the run only what is known by now; `ended`: waits until it is read.
        """
        if self.place is None or self._run.plan.only or (self._reading.is_alive() and not ended):
            return
        known = self.known
        if known and known.notes:
            yield Finding(
                RECORD, Severity.WARN, f"{unread_says(known.notes)}; nothing follows from what is missing there"
            )

    def passed_before(self, pinned: Deployment | None) -> dict[str, PassedBefore]:
        """Check → how it passed on the build before."""
        if pinned is None:
            return {}
        since = dt.datetime.fromisoformat(self.platform.since) if self.platform and self.platform.since else self._began
        found = passed_before(self.entries or (), pinned, self._host, min(since, self._began))
        unread = self.known.notes if self.known else ()
        return {check: replace(one, unread=in_part(unread)) for check, one in found.items()}

    def watch_before(self, pinned: Deployment | None) -> RecordedVerdict | None:
        """The last watch of the build before."""
        return watch_before(self.entries or (), pinned, self._host, self._began) if pinned else None

    def role_changed(self, results: Collection[CheckResult]) -> str:
        """Why the smoke user's role may be another one than in the last run that passed, with the cure; asked only for an empty list."""
        if not any(one.cause is Cause.EMPTY_LIST for one in results):
            return ""
        access = {fact for one in results for fact in one.access}
        good = role_changed(self.entries or (), self._host, access)
        if good is None:
            return ""
        when = times.to_the_minute(good.at)
        other = f"the app says something else about its role or memberships than in the last run that passed ({when})"
        unread = in_part(self.known.notes if self.known else ())
        return f"the smoke user's list is empty, and {other}{unread}. Give the smoke user its role back; then re-run"

    @property
    def _host(self) -> str:
        return urlsplit(self._run.target.base_url).netloc

    def append(self, verdict: Verdict, facts: RunFacts) -> None:
        """Add one entry, once. A run that only proves a rollback leaves none.

        Such a run tolerates what the restored deployment was known for, so its PASS says less than that of a verification.
        """
        if self._appended or not self._run.plan.mode.verifies:
            return
        self._appended = True
        if self.place is None or not self.place.grows:
            return
        self._reading.join(_READ)  # two commands of git at once would only wait for each other
        try:
            self.place.append(as_json(verdict, facts, self._run.redact))
        except Blocked as error:
            self._notes.append(f"this verdict was not recorded: {error}")
        except Exception as error:  # noqa: BLE001 - the verdict stands; a note says that it is not in the record
            self._notes.append(f"this verdict was not recorded: our own error, {type(error).__name__}: {error}")
        else:
            self._written = self.place.name

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Where this verdict was recorded, and what could not be read."""
        if self._written:
            terminalreporter.write_line(self._run.redact(f"  recorded in   {self._written}"))
        said = [*self._notes, *self._unread]
        notes = said[:_MOST_NOTES]
        if len(said) > _MOST_NOTES:
            notes.append(f"… and {len(said) - _MOST_NOTES} more")
        for note in notes:
            terminalreporter.write_line(self._run.redact(f"  record        {note}"), yellow=True)

    def _read(self) -> None:
        if self.place is None:
            return
        try:
            self._record = self.place.read()
        except Blocked as error:
            self._unread.append(f"it was not read: {error}")
        except Exception as error:  # noqa: BLE001 - a run can do without earlier verdicts
            self._unread.append(f"it was not read: our own error, {type(error).__name__}: {error}")
        else:
            self._unread += self._record.notes

    def _ask(self, pinned: Deployment) -> None:
        served, host = pinned.deployment_id or "", urlsplit(pinned.url).netloc
        try:
            with Vercel(platform_access(self._run.environment), RetryPolicy(attempts=2)) as vercel:
                found = find(vercel, served if is_deployment_id(served) else host)
                self.platform = _identity(found)
                leads = alias(vercel, host)
        except Blocked as error:
            if self.platform is None:
                self._notes.append(f"a later run may not find this deployment again: {error}")
        else:
            if leads and leads.deployment == found.id:
                self.platform = replace(self.platform, since=_iso(leads.at))


def _identity(found: PlatformDeployment) -> PlatformIdentity:
    return PlatformIdentity(
        id=found.id,
        url=found.address,
        commit=found.commit,
        created_at=_iso(found.created_at),
        project=found.project,
    )


def _iso(moment: int | None) -> str:
    """Epoch milliseconds as ISO, UTC."""
    return times.iso(moment, "seconds") if moment else ""
