"""A project with a record: the platform is simulated, and every rule is the real one.

What a step does is written as in sequences.toml: `deploy`, `deploy crashing`, `database down`, `verify`, `watch`, `roll back`, …
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.protocol import EVERYTHING, Shows
from postdeploy.model import Cause, CheckResult, Decision, Deployment, Outcome, PlatformIdentity, Severity, Stage
from postdeploy.production.newer_builds import newer_build
from postdeploy.production.roles import describe_role, is_not_live, promotion_command
from postdeploy.production.state import ProductionState, read_for_checks
from postdeploy.record import retention
from postdeploy.record.entries import Record, RecordedVerdict, read_lines, verdicts_on
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.writing import as_json
from postdeploy.rollback.candidates import default_target, find_last_good
from postdeploy.rollback.promotion import advise
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.decision import Facts, failures, judge
from postdeploy.verdict.verdict import Verdict
from sandbox import deployments as sandboxed
from sandbox.alone import NOWHERE, PlatformAlone, platform_alone
from sandbox.platform.promotions import Job, Kind
from tests.analysis.rules.judging import UNREACHABLE, evidence
from tests.builders import result
from tests.logs.rows import DEPLOYED, Sent
from tests.production.states import access

LOGIN, INBOX, DATABASE = "test_login", "test_inbox", "test_database"
REQUIRED = {LOGIN: "login", INBOX: "inbox"}
WINDOW = 600
OUTAGE = (120, 240)
"""The seconds of a watched window in which the database is out."""


@dataclass
class World:
    """Production, what is wrong with it, and what the runs have said."""

    platform: PlatformAlone
    record: bytes | None = b""
    """None: no record is kept."""
    database: bool = True
    """Whether it can be reached."""
    crashing: set[str] = field(default_factory=set)
    verdict: Verdict | None = None
    """That of the last run."""
    built: list[str] = field(default_factory=list)
    steps: int = 0

    # Steps ------------------------------------------------------------------------------------------------------------

    def do(self, step: str) -> None:
        """One step; a minute passes before it."""
        self.platform.clock.advance(60)
        self.steps += 1
        match step.split():
            case ["deploy", *how]:
                self.deploy(crashing="crashing" in how)
            case ["database", how]:
                self.database = how == "up"
            case ["verify", *names]:
                self.verify(next(iter(names), None))
            case ["watch", *how]:
                self.watch(" ".join(how))
            case ["damage", "record"]:
                self.record = b"{\n" + (self.record or b"")
            case ["lose", "record"]:
                self.record = None
            case words:
                self._act(words)

    def _act(self, words: list[str]) -> None:
        """What a person does at Vercel."""
        match words:
            case ["roll", "back"]:
                target = self.target()
                assert isinstance(target, LastGood), target
                self.move("promote", target.id)
            case ["promote", name]:
                self.move("promote", name)
            case ["pin", name]:
                self.move("rollback", name)
            case ["delete", name]:
                self.platform.deployments.delete(self.find(name), "by hand")
            case ["stage", "builds"]:
                self.platform.deployments.auto_assign = False
            case _:
                raise ValueError(words)

    def deploy(self, *, crashing: bool = False) -> str:
        """The next push: it goes live, unless builds stay staged."""
        name = f"dpl_{len(self.built) + 1}"
        self.built.append(name)
        if crashing:
            self.crashing.add(name)
        deployments = self.platform.deployments
        deployments.deploy(sandboxed.Deployment(name, NOWHERE, name.replace("dpl_", "inbox-"), deployments.clock.now))
        return name

    def move(self, kind: Kind, name: str) -> None:
        """What Vercel does on a promotion or an instant rollback."""
        deployments, promotions = self.platform.deployments, self.platform.platform.promotions
        before = self.live
        deployments.promote(self.find(name))
        deployments.auto_assign = kind == "promote"
        promotions.job = Job(kind, before, name, self.platform.clock.milliseconds, "succeeded")

    def verify(self, name: str | None = None, log: tuple[CheckResult, ...] = (), stage: Stage = Stage.SMOKE) -> Verdict:
        """A run on the production address, or on a deployment's own."""
        measured = name or self.live
        host = f"{measured.replace('dpl_', 'inbox-')}.{self.host}" if name else self.host
        state = self.state(host)
        facts = Facts(
            results=(result(LOGIN, part="login"), self._inbox(measured), *log),
            required=REQUIRED,
            deployment=measured,
            url=f"http://{self.host}",
            role=describe_role(state),
            staged=is_not_live(state),
            promotes=promotion_command(state),
        )
        failed = failures(facts)
        if failed and not facts.staged:
            facts = self._compared(facts, failed)
        self.verdict = judge(facts)
        if self.record is not None:
            entry = retention.entry_of(as_json(self.verdict, self._run(measured, host, stage), Redactor()))
            self.record = retention.appended(self.record, entry)
        return self.verdict

    def watch(self, how: str) -> Verdict:
        """A run that reads the whole window: it was well, the database goes down in it, or was out and came back.

        `how` may end with `without statuses`: then the log shows only what failed, and our browser alone shows that it is over.
        """
        began, (what, blind, few) = self.database, how.partition("without statuses")
        what = what.strip()
        out = {"": range(0), "an outage": range(*OUTAGE), "until an outage": range(OUTAGE[0], WINDOW)}[what]
        sent = [Sent(at, message=UNREACHABLE if at in out or not began else "") for at in range(0, WINDOW, 5)]
        read = evidence(sent)
        if blind:
            works = self.works(self.live) and what != "until an outage"
            reads = [DEPLOYED + (WINDOW + 60 + at) * 1000 for at in range(1 if few else 3)] if works else []
            read = replace(read, shows=EVERYTHING & ~Shows.STATUS, browser_reads=np.array(reads, np.int64))
        self.platform.clock.advance(WINDOW)
        verdict = self.verify(log=(_of_the_log(read),), stage=Stage.WINDOW)
        self.database = began and what != "until an outage"
        return verdict

    # What is known ----------------------------------------------------------------------------------------------------

    @property
    def host(self) -> str:
        """The production domain."""
        return self.platform.deployments.domain

    @property
    def live(self) -> str:
        """The deployment that serves it."""
        serving = self.platform.deployments.production
        assert serving
        return serving.id

    @property
    def known(self) -> Record | None:
        """The record as a run reads it."""
        return None if self.record is None else read_lines(self.record)

    @property
    def verdicts(self) -> dict[str, RecordedVerdict]:
        """What counts of each deployment."""
        known = self.known
        return verdicts_on(known.entries, self.host, "prj_alone") if known else {}

    def find(self, name: str) -> sandboxed.Deployment:
        """A deployment by its id."""
        found = self.platform.deployments.find(name)
        assert found
        return found

    def state(self, host: str | None = None) -> ProductionState:
        """What production serves, as a run asks."""
        return read_for_checks(self._access, host or self.host)

    def last_good(self, failing: tuple[str, ...] = (), *, record: bool = True) -> LastGood | NoLastGood:
        """Where a run would roll back to."""
        with Vercel(self._access) as vercel:
            return find_last_good(self.known if record else None, vercel, self.live, self.host, failing)

    def target(self) -> LastGood | NoLastGood:
        """Where `postdeploy rollback` goes without a target."""
        with Vercel(self._access) as vercel:
            return default_target(vercel, self.state(), self.known)

    def advice(self) -> str:
        """What is said of a newer build that is not live."""
        newer, known = newer_build(self.state()), self.known
        return advise(newer, self.verdicts, self.platform.clock.now, known.notes if known else ()) if newer else ""

    def works(self, name: str) -> bool:
        """Whether its inbox loads now."""
        return self.database and name not in self.crashing

    @property
    def _access(self) -> Access:
        return access(self.platform)

    def _inbox(self, name: str) -> CheckResult:
        if self.works(name):
            return result(INBOX)
        cause = Cause.CLIENT_CRASH if name in self.crashing else Cause.DATABASE
        return result(INBOX, Outcome.FAILED, summary=f"{cause} says", cause=cause)

    def _compared(self, facts: Facts, failed: list[CheckResult]) -> Facts:
        """The comparison run: the inbox of the last-good deployment and of this one, at the same moment."""
        good = self.last_good(tuple(one.name for one in failed))
        if isinstance(good, NoLastGood):
            return facts_with(facts, good, ())
        there, here = (self._attempt(name) for name in (good.id, facts.deployment or ""))
        return facts_with(facts, good, tuple(Comparison(one.name, there, here) for one in failed))

    def _attempt(self, name: str) -> Attempt:
        tried = self._inbox(name)
        return Attempt(AttemptOutcome.PASSED if self.works(name) else AttemptOutcome.FAILED, tried.summary, tried.cause)

    def _run(self, name: str, host: str, stage: Stage) -> RunFacts:
        found, deployments = self.find(name), self.platform.deployments
        since = deployments.assigned_at(found, self.host) if host == self.host else None
        identity = PlatformIdentity(
            name,
            f"http://{deployments.host(found)}",
            created_at=found.created_at.isoformat(),
            project="prj_alone",
            since=since.isoformat() if since else "",
        )
        now = self.platform.clock.now
        return RunFacts(
            f"run-{now.isoformat()}",
            now - timedelta(seconds=9),
            now,
            f"http://{host}",
            Deployment(f"http://{host}", name),
            len(REQUIRED),
            stage=stage,
            complete=True,
            platform=identity,
        )


def _of_the_log(read: LogEvidence) -> CheckResult:
    """The check of the database, by the log."""
    found = ordered.findings(read)
    for one in found:
        if one.severity is Severity.FAIL:
            says, advice = one.sentence, one.recommendation
            return result(DATABASE, Outcome.FAILED, "logs", summary=says, cause=one.cause, recommendation=advice)
    doubts = undecidable(read, found)
    return result(DATABASE, Outcome.UNPROVEN if doubts else Outcome.PASSED, "logs", summary="; ".join(doubts))


def facts_with(facts: Facts, good: LastGood | NoLastGood, comparisons: tuple[Comparison, ...]) -> Facts:
    """The facts with what was found out after the failure."""
    return replace(facts, last_good=good, comparisons=comparisons)


def passes(verdict: Verdict) -> bool:
    """Whether it is PASS."""
    return verdict.decision is Decision.PASS


@contextlib.contextmanager
def world() -> Iterator[World]:
    """A project without a deployment."""
    with platform_alone() as platform:
        platform.deployments.restore(["dpl_old", "dpl_new"])
        yield World(platform)
