"""Carrying out a rollback: one write, and then looking until production is what was asked for, or surely is not.

The platform's answer to the write counts for little, for it may be late, lost or somebody else's. What counts is what the domain leads
to. The write is never repeated: where its answer leaves a doubt, the state tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from postdeploy.model import Blocked
from postdeploy.production.standing import Standing, changes, look, name_of, on_or_off, same_request, words_of
from postdeploy.rollback.plan import Plan, refuse
from postdeploy.rollback.report import Assignment, Ending, PreviousDeployment, RollbackReport, TargetDeployment
from postdeploy.system import times
from postdeploy.system.loopback import address
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import AliasRequest
from postdeploy.vercel.promotions import How, failed_aliases, promote, roll_back, set_auto_assign
from postdeploy.vercel.writes import WriteOutcome, WriteResult

_POLL = (1.0, 5.0)
"""Seconds between two looks: at first, and later; in between a tenth of what was waited."""
_TRACE = 20.0
"""Seconds after which a write of doubtful outcome, of which the platform shows no trace, did not arrive."""
_LOOKS_LIKE_SUCCESS = ("succeeded", "skipped")


class Moved(Blocked):
    """Production is not what the plan was made for; nothing was sent."""


@dataclass
class Rollback:
    """One rollback, from the last look before it to the proof after it. `run` it once."""

    plan: Plan
    reading: Vercel
    acting: Vercel
    served: Callable[[], str | None]
    """The deployment that the served page names; None: it names none, or there is no page."""
    limit: float
    """Seconds after which the domain must serve the target."""
    say: Callable[[str], None] = print
    keep: Callable[[RollbackReport], None] = lambda _: None
    """Take what is known so far."""
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    _now: Standing | None = None
    _trouble: PlatformError | Blocked | None = None
    _notes: list[str] = field(default_factory=list)

    def run(self) -> RollbackReport:
        """Look once more, send, look until it is known what came of it, and put right what the platform changed unasked.

        Raises:
            Moved: production has changed since the plan was made.
            Blocked: the plan can't be carried out, or the platform does not say what production is.
        """
        before = look(self.reading, self.plan.base_url)
        changed = changes(self.plan.standing, before)
        if changed:
            raise Moved(
                f"production has changed since the plan was made: {changed}. Nothing was sent",
                "Look again: postdeploy deployments.",
            )
        self.plan = plan = replace(self.plan, standing=before)
        refuse(plan)
        self.keep(self._report(Ending.UNFINISHED, "it was about to be sent; nobody wrote what came of it"))
        self.say(f"sending: {plan.how} {plan.target.id}")
        wrote = self._send(before)
        report = self._after(before, wrote)
        self.keep(report)
        return report

    def _send(self, before: Standing) -> WriteResult:
        plan = self.plan
        if plan.how is How.PROMOTE:
            return promote(self.acting, plan.target, before.project, before.rolling)
        why = f"postdeploy rollback from {before.serving.id}"
        return roll_back(self.acting, plan.target, before.project, before.rolling, why)

    def _after(self, before: Standing, wrote: WriteResult) -> RollbackReport:
        if wrote.error:
            self.say(f"{wrote.outcome}: {wrote.error}")
        if not wrote.may_have_arrived:
            ending = Ending.UNSENT if wrote.outcome is WriteOutcome.UNSENT else Ending.REFUSED
            return self._report(ending, f"nothing was changed: {wrote.error}", at=wrote.at)
        if wrote.outcome is WriteOutcome.DOUBTFUL:
            self._notes.append(
                f"the answer left a doubt ({wrote.error.what if wrote.error else ''}): the state was read"
            )
        if wrote.outcome is WriteOutcome.QUEUED:
            self._notes.append("the platform has queued it behind something else")
        ending, says = self._watch(before, wrote)
        failed = self._failed_domains() if ending is Ending.FAILED else ()
        if failed:
            says += f"; not moved: {', '.join(failed)}"
        restored = self._put_right()
        return self._report(ending, says, at=wrote.at, failed=failed, restored=restored)

    # Looking ------------------------------------------------------------------------------------------------------------

    def _watch(self, before: Standing, wrote: WriteResult) -> tuple[Ending, str]:
        """Look until it is known how it ended, or time is up."""
        began = self.monotonic()
        told = ""
        while True:
            waited = self.monotonic() - began
            now = self._look()
            ended = self._ended(now, before, wrote, waited) if now else None
            if ended:
                return ended
            left = self.limit - waited
            if left <= 0:
                return self._out_of_time(now, wrote)
            told = self._progress(told, now, before, left)
            self.sleep(min(max(_POLL[0], min(waited / 10, _POLL[1])), left))

    def _look(self) -> Standing | None:
        """What production is now; None: the platform does not say."""
        try:
            self._now, self._trouble = look(self.reading, self.plan.base_url), None
        except Blocked as error:
            self._trouble = error
            return None
        return self._now

    def _ended(self, now: Standing, before: Standing, wrote: WriteResult, waited: float) -> tuple[Ending, str] | None:
        """How it ended, or None while that is open."""
        target = self.plan.target
        asked = now.project.last_request
        fresh = asked if asked and not same_request(asked, before.project.last_request) else None
        ours = fresh if fresh and self._is_ours(fresh) else None
        if ours and ours.status == "failed":
            return Ending.FAILED, f"the platform says that it failed; {self._serves(now)}"
        if now.serves(target.id) and not now.rolls and not (ours and ours.pending):
            return self._proven(now, fresh, ours)
        if now.serving.id not in (before.serving.id, target.id) and not (fresh and fresh.pending):
            return Ending.SUPERSEDED, f"{name_of(now.serving)} took production meanwhile{self._asked_by(fresh, ours)}"
        if fresh and not ours and not fresh.pending:
            return Ending.SUPERSEDED, f"somebody else asked for {words_of(fresh)}; {self._serves(now)}"
        if wrote.outcome is WriteOutcome.DOUBTFUL and fresh is None and waited >= min(_TRACE, self.limit):
            return Ending.NOT_MOVED, f"it did not arrive, the platform shows no trace of it; {self._serves(now)}"
        return None

    def _proven(
        self, now: Standing, fresh: AliasRequest | None, ours: AliasRequest | None
    ) -> tuple[Ending, str] | None:
        """The platform says that the domain serves the target: does the page say so, too?"""
        page = self.served()
        if page and page.startswith("dpl_") and page != self.plan.target.id:
            return None
        if fresh and not ours:
            self._notes.append(f"somebody else asked for {words_of(fresh)}")
        if not page:
            self._notes.append("the served page names no deployment: by the platform's word alone")
        return Ending.MOVED, f"{now.domain} serves {name_of(now.serving)}"

    def _out_of_time(self, now: Standing | None, wrote: WriteResult) -> tuple[Ending, str]:
        target = self.plan.target
        if now is None:
            says = f"it was sent, and then the platform did not say what production is ({self._trouble})"
            return Ending.UNPROVEN, f"{says}. Do not send it again: look at postdeploy deployments first"
        asked = now.project.last_request
        ours = asked if asked and self._is_ours(asked) else None
        if now.serves(target.id) and now.rolling and now.rolls:
            says = f"the rolling release goes on: {now.rolling.canary} still serves a part of the visitors"
            return Ending.NOT_MOVED, f"{says} after {self.limit:.0f} s"
        if now.serves(target.id):
            page = self.served()
            if page and page.startswith("dpl_") and page != target.id:
                return Ending.NOT_MOVED, f"the platform says that {now.domain} serves {target.id}, the page says {page}"
            self._notes.append("the platform is still at it: another domain may not have moved yet")
            return Ending.MOVED, f"{now.domain} serves {name_of(now.serving)}"
        says = f"{self._serves(now)} after {self.limit:.0f} s"
        if ours and ours.status in _LOOKS_LIKE_SUCCESS:
            says += f", although the platform says {ours.status}"
        elif ours and ours.pending:
            says += f", and the platform is still at it ({ours.status})"
        elif wrote.outcome is WriteOutcome.QUEUED:
            says += ", and it is still queued"
        return Ending.NOT_MOVED, says

    def _is_ours(self, asked: AliasRequest) -> bool:
        """By target and kind: the platform keeps one last request, whoever asked for it."""
        return asked.to == self.plan.target.id and asked.type in ("", str(self.plan.how))

    def _serves(self, now: Standing) -> str:
        if now.alias and now.alias.deployment != now.serving.id:
            return f"{now.domain} is between {now.serving.id} and {now.alias.deployment}"
        return f"{now.domain} serves {name_of(now.serving)}"

    def _asked_by(self, fresh: AliasRequest | None, ours: AliasRequest | None) -> str:
        return f": somebody asked for {words_of(fresh)}" if fresh and not ours else ": a new deploy"

    def _progress(self, told: str, now: Standing | None, before: Standing, left: float) -> str:
        """Say what is waited for, when it changes."""
        if now is None:
            says = f"the platform does not say what production is ({self._trouble})"
        else:
            asked = now.project.last_request
            fresh = asked and not same_request(asked, before.project.last_request)
            job = f" (the platform says: {asked.status})" if asked and fresh else ""
            says = f"waiting: {self._serves(now)}{job}"
        if says != told:
            self.say(f"{says}, at most {left:.0f} s more")
        return says

    # Afterwards ---------------------------------------------------------------------------------------------------------

    def _failed_domains(self) -> tuple[str, ...]:
        try:
            return failed_aliases(self.reading, self.plan.how)
        except PlatformError as error:
            self._notes.append(f"which domains failed is not known: {error.what}")
            return ()

    def _put_right(self) -> bool:
        """Switch the automatic assignment off again where a promotion switched on what somebody had switched off."""
        if not self.plan.restores_assignment:
            return False
        now = self._look()
        if now is None or now.project.auto_assign is None:
            self._notes.append("whether new builds get the domains by themselves is not known: it was off before, look")
            return False
        if now.project.auto_assign is False:
            return False
        self.say("switching the automatic assignment of domains off again")
        wrote = set_auto_assign(self.acting, value=False)
        now = self._look()
        if now and now.project.auto_assign is False:
            return True
        why = f" ({wrote.error})" if wrote.error else ""
        self._notes.append(
            f"the automatic assignment of domains was off, and is {on_or_off(now.project.auto_assign if now else None)} now{why}:"
            " switch it off in the project's settings, Environments, Production"
        )
        return False

    def _report(
        self, ending: Ending, says: str, at: int | None = None, failed: tuple[str, ...] = (), *, restored: bool = False
    ) -> RollbackReport:
        plan, left = self.plan, self.plan.standing.serving
        now = self._now or (plan.standing if ending in (Ending.REFUSED, Ending.UNSENT) else None)
        project = plan.standing.project
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
            requested_at=_iso(at or self.reading.clock.now()),
            moved_at=_iso(self._moved_at(now)) if ending is Ending.MOVED and now else None,
            serves=now.serving.id if now and not self._trouble else None,
            assignment=Assignment(project.auto_assign, now.project.auto_assign if now else None, restored),
            failed_domains=failed,
            not_restored=plan.not_restored,
            undo=plan.undo,
            notes=tuple(self._notes),
        )

    def _moved_at(self, now: Standing) -> int:
        known = now.alias.at if now.alias else None
        return known or now.at


def _iso(at: int) -> str:
    return times.iso(at).replace("+00:00", "Z")
