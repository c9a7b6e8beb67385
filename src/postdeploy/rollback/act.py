"""Carrying out a rollback: one write, then reading the production state until it is known how the rollback ended.

Vercel's answer to the write proves little: it may be delayed, lost, or about another request. What the domain leads to is the proof.
The write is never repeated: where its outcome is in doubt, the state decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, replace

from postdeploy.model import Blocked
from postdeploy.production.changes import change_between, same_request
from postdeploy.production.descriptions import describe_deployment, describe_request, on_or_off
from postdeploy.production.state import ProductionState, read
from postdeploy.rollback.plan import RollbackPlan, refuse
from postdeploy.rollback.report import Assignment, Ending, PreviousDeployment, RollbackReport, TargetDeployment
from postdeploy.system import times
from postdeploy.system.loopback import address
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.project import AliasRequest
from postdeploy.vercel.promotions import How, failed_aliases, promote, roll_back, set_auto_assign
from postdeploy.vercel.writes import WriteOutcome, WriteResult

_POLL = (1.0, 5.0)
"""Seconds between two reads: at first and at most; in between a tenth of the time waited."""
_TRACE = 20.0
"""Seconds after which a write in doubt, of which Vercel shows no trace, counts as not arrived."""
_LOOKS_LIKE_SUCCESS = ("succeeded", "skipped")


class ProductionChanged(Blocked):
    """Production changed since the plan was made; nothing was sent."""


@dataclass
class Rollback:
    """One rollback, from the last read before it to the proof after it. `run` it once."""

    plan: RollbackPlan
    reading: Vercel
    acting: Vercel
    served: Callable[[], str | None]
    """The deployment that the served page names; None: it names none, or does not answer."""
    limit: float
    """Seconds within which the domain must serve the target."""
    _: KW_ONLY
    say: Callable[[str], None] = print
    keep: Callable[[RollbackReport], None] = lambda _: None
    """Stores what is known so far."""
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    _now: ProductionState | None = None
    _error: Blocked | None = None
    _notes: list[str] = field(default_factory=list)

    def run(self) -> RollbackReport:
        """Read the state again, send, wait until it is known how it ended, and restore automatic assignment if it was off.

        Raises:
            ProductionChanged: production changed since the plan was made.
            Blocked: the plan can't be carried out, or Vercel does not answer.
        """
        before = read(self.reading, self.plan.base_url)
        changed = change_between(self.plan.state, before)
        if changed:
            raise ProductionChanged(
                f"production has changed since the plan was made: {changed}. Nothing was sent",
                "Check it: postdeploy deployments.",
            )
        self.plan = plan = replace(self.plan, state=before)
        refuse(plan)
        self.keep(self._report(Ending.UNFINISHED, "it was about to be sent; its end was not recorded"))
        self.say(f"sending: {plan.how} {plan.target.id}")
        written = self._send(before)
        report = self._after(before, written)
        self.keep(report)
        return report

    def _send(self, before: ProductionState) -> WriteResult:
        plan = self.plan
        if plan.how is How.PROMOTE:
            return promote(self.acting, plan.target, before.project, before.release)
        why = f"postdeploy rollback from {before.serving.id}"
        return roll_back(self.acting, plan.target, before.project, before.release, why)

    def _after(self, before: ProductionState, written: WriteResult) -> RollbackReport:
        if written.error:
            self.say(f"{written.outcome}: {written.error}")
        if not written.may_have_arrived:
            ending = Ending.UNSENT if written.outcome is WriteOutcome.UNSENT else Ending.REFUSED
            return self._report(ending, f"nothing was changed: {written.error}", at=written.at)
        if written.outcome is WriteOutcome.DOUBTFUL:
            what = written.error.what if written.error else ""
            self._notes.append(f"the answer did not say whether it was done ({what}): the state was read instead")
        if written.outcome is WriteOutcome.QUEUED:
            self._notes.append("Vercel queued it behind another rollback, promotion or rolling release")
        ending, says = self._wait(before, written)
        failed = self._failed_domains() if ending is Ending.FAILED else ()
        if failed:
            says += f"; not moved: {', '.join(failed)}"
        restored = self._restore_assignment()
        return self._report(ending, says, at=written.at, failed=failed, restored=restored)

    # Waiting ------------------------------------------------------------------------------------------------------------

    def _wait(self, before: ProductionState, written: WriteResult) -> tuple[Ending, str]:
        """Read the state until it is known how it ended, or time out."""
        began = self.monotonic()
        said = ""
        while True:
            waited = self.monotonic() - began
            now = self._read()
            ended = self._ended(now, before, written, waited) if now else None
            if ended:
                return ended
            left = self.limit - waited
            if left <= 0:
                return self._timed_out(now, written)
            said = self._progress(said, now, before, left)
            self.sleep(min(max(_POLL[0], min(waited / 10, _POLL[1])), left))

    def _read(self) -> ProductionState | None:
        """The production state now; None: Vercel does not answer."""
        try:
            self._now, self._error = read(self.reading, self.plan.base_url), None
        except Blocked as error:
            self._error = error
            return None
        return self._now

    def _ended(
        self, now: ProductionState, before: ProductionState, written: WriteResult, waited: float
    ) -> tuple[Ending, str] | None:
        """How it ended, or None while that is not known."""
        target = self.plan.target
        last = now.project.last_request
        new = last if last and not same_request(last, before.project.last_request) else None
        ours = new if new and self._is_ours(new) else None
        if ours and ours.status == "failed":
            return Ending.FAILED, f"Vercel reports that it failed; {self._serves(now)}"
        if now.serves(target.id) and not now.rolling and not (ours and ours.pending):
            return self._proven(now, new, ours)
        if now.serving.id not in (before.serving.id, target.id) and not (new and new.pending):
            other = describe_deployment(now.serving)
            return Ending.SUPERSEDED, f"{other} took over production{self._requested(new, ours)}"
        if new and not ours and not new.pending:
            return Ending.SUPERSEDED, f"another request came meanwhile, {describe_request(new)}; {self._serves(now)}"
        if written.outcome is WriteOutcome.DOUBTFUL and new is None and waited >= min(_TRACE, self.limit):
            return Ending.NOT_MOVED, f"it did not arrive, Vercel shows no trace of it; {self._serves(now)}"
        return None

    def _proven(
        self, now: ProductionState, new: AliasRequest | None, ours: AliasRequest | None
    ) -> tuple[Ending, str] | None:
        """The domain leads to the target according to Vercel; it is proven if the page does not name another deployment."""
        page = self.served()
        if is_deployment_id(page) and page != self.plan.target.id:
            return None
        if new and not ours:
            self._notes.append(f"another request came meanwhile: {describe_request(new)}")
        if not page:
            self._notes.append("the served page names no deployment: proven according to Vercel only")
        return Ending.MOVED, f"{now.host} serves {describe_deployment(now.serving)}"

    def _timed_out(self, now: ProductionState | None, written: WriteResult) -> tuple[Ending, str]:
        target = self.plan.target
        if now is None:
            says = f"it was sent, and then Vercel did not say what production serves ({self._error})"
            return Ending.UNPROVEN, f"{says}. Do not send it again before you have checked `postdeploy deployments`"
        last = now.project.last_request
        ours = last if last and self._is_ours(last) else None
        if now.serves(target.id) and now.rolling:
            says = f"the rolling release continues: {now.rolling.canary} still serves some of the visitors"
            return Ending.NOT_MOVED, f"{says} after {self.limit:.0f} s"
        if now.serves(target.id):
            page = self.served()
            if is_deployment_id(page) and page != target.id:
                return Ending.NOT_MOVED, f"{now.host} serves {target.id} according to Vercel, but the page names {page}"
            self._notes.append("Vercel reports that it is still in progress: another domain may not have moved yet")
            return Ending.MOVED, f"{now.host} serves {describe_deployment(now.serving)}"
        says = f"{self._serves(now)} after {self.limit:.0f} s"
        if ours and ours.status in _LOOKS_LIKE_SUCCESS:
            says += f", although Vercel reports: {ours.status}"
        elif ours and ours.pending:
            says += f", and it is still in progress ({ours.status})"
        elif written.outcome is WriteOutcome.QUEUED:
            says += ", and it is still queued"
        return Ending.NOT_MOVED, says

    def _is_ours(self, request: AliasRequest) -> bool:
        """By target and type: Vercel keeps only the last request, without its sender."""
        return request.to == self.plan.target.id and request.type in ("", str(self.plan.how))

    def _serves(self, now: ProductionState) -> str:
        if now.alias and now.alias.deployment != now.serving.id:
            return f"{now.host} is between {now.serving.id} and {now.alias.deployment}"
        return f"{now.host} serves {describe_deployment(now.serving)}"

    def _requested(self, new: AliasRequest | None, ours: AliasRequest | None) -> str:
        return f": {describe_request(new)} was requested" if new and not ours else ": a new deploy"

    def _progress(self, said: str, now: ProductionState | None, before: ProductionState, left: float) -> str:
        """Say what it waits for, when that changes."""
        if now is None:
            says = f"Vercel does not say what production serves ({self._error})"
        else:
            last = now.project.last_request
            is_new = last and not same_request(last, before.project.last_request)
            job = f" (Vercel reports: {last.status})" if last and is_new else ""
            says = f"waiting: {self._serves(now)}{job}"
        if says != said:
            self.say(f"{says}, at most {left:.0f} s more")
        return says

    # Afterwards ---------------------------------------------------------------------------------------------------------

    def _failed_domains(self) -> tuple[str, ...]:
        try:
            return failed_aliases(self.reading, self.plan.how)
        except PlatformError as error:
            self._notes.append(f"which domains failed is not known: {error.what}")
            return ()

    def _restore_assignment(self) -> bool:
        """Switch automatic assignment off again where the promotion switched it on."""
        if not self.plan.restores_assignment:
            return False
        now = self._read()
        if now is None or now.project.auto_assign is None:
            self._notes.append(
                "whether new builds get the domains automatically is unknown: it was off before, check it"
            )
            return False
        if now.project.auto_assign is False:
            return False
        self.say("switching the automatic assignment of domains off again")
        written = set_auto_assign(self.acting, value=False)
        now = self._read()
        if now and now.project.auto_assign is False:
            return True
        why = f" ({written.error})" if written.error else ""
        self._notes.append(
            f"the automatic assignment of domains was off, and is {on_or_off(now.project.auto_assign if now else None)} now{why}:"
            " switch it off in the project's settings, Environments, Production"
        )
        return False

    def _report(
        self, ending: Ending, says: str, at: int | None = None, failed: tuple[str, ...] = (), *, restored: bool = False
    ) -> RollbackReport:
        plan, left = self.plan, self.plan.state.serving
        now = self._now or (plan.state if ending in (Ending.REFUSED, Ending.UNSENT) else None)
        project = plan.state.project
        return RollbackReport(
            outcome=ending,
            says=says,
            url=plan.base_url,
            project=project.id,
            how=str(plan.how),
            from_=PreviousDeployment(left.id, address(left.url), left.commit),
            to=TargetDeployment(
                plan.target.id,
                address(plan.target.url),
                plan.target.commit,
                plan.good.known_by,
                plan.good.says,
                plan.good.failing,
            ),
            requested_at=times.iso_z(at or self.reading.clock.now()),
            moved_at=times.iso_z(self._moved_at(now)) if ending is Ending.MOVED and now else None,
            serves=now.serving.id if now and not self._error else None,
            assignment=Assignment(project.auto_assign, now.project.auto_assign if now else None, restored),
            failed_domains=failed,
            not_restored=plan.not_restored,
            undo=plan.undo,
            notes=tuple(self._notes),
        )

    def _moved_at(self, now: ProductionState) -> int:
        known = now.alias.at if now.alias else None
        return known or now.at
