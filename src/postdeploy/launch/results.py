"""What an exit code and a verdict say of a step. Pure."""

from __future__ import annotations

from postdeploy.launch.steps import StepName, StepResult, StepState
from postdeploy.model import Decision, Reason, Recommendation
from postdeploy.record.document import VerdictDocument
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.system.exit_codes import ExitCode

_STOPS_THE_BASELINE = (Recommendation.HOLD, Recommendation.FIX_ENVIRONMENT)
"""What fails before the deploy and would fail after it, whatever is deployed."""
_PARTS = {StepName.ENVIRONMENT: "the environment", StepName.PREREQUISITES: "production"}


def of_run(code: int, document: VerdictDocument | None, evidence: tuple[str, ...], launched: str = "") -> StepResult:
    """A run of the suite. `launched`: the deployment that it must be about; empty: any."""
    if code == ExitCode.INTERRUPTED:
        return StepResult(state=StepState.INTERRUPTED, says="interrupted", evidence=evidence)
    if document is None or code != ExitCode.of(document.decision):
        return StepResult(
            state=StepState.STOPPED,
            says=f"the run ended with exit code {code} and without a verdict of its own",
            who="read its message, correct the cause, then --resume",
            evidence=evidence,
        )
    platform, page = document.deployment.platform, document.deployment.deployment_id
    about = platform.id if platform else page
    superseded = document.reason is Reason.SUPERSEDED or bool(launched and platform and platform.id != launched)
    if superseded:
        says = (
            document.summary if document.reason is Reason.SUPERSEDED else f"{about} serves production, not {launched}"
        )
        return StepResult(state=StepState.SUPERSEDED, says=says, evidence=evidence, deployment=about or "")
    if launched and page and page != launched:
        says = f"the page names {page}, not {launched}: caches may lag behind"
        return StepResult(state=StepState.STOPPED, says=says, evidence=evidence, who="look what is live, then --resume")
    return _of_verdict(document, evidence)


def _of_verdict(document: VerdictDocument, evidence: tuple[str, ...]) -> StepResult:
    states = {Decision.PASS: StepState.DONE, Decision.FAIL: StepState.FAILED}
    state = states.get(document.decision, StepState.STOPPED)
    return StepResult(
        state=state,
        says=f"{document.decision}: {document.summary}",
        evidence=evidence,
        who={
            StepState.FAILED: f"{document.recommendation}",
            StepState.STOPPED: "remove the obstacle, then --resume",
        }.get(state, ""),
        recommendation=document.recommendation,
        will_help=document.will_help,
        target=document.target.id if document.target else "",
    )


def of_baseline(result: StepResult) -> StepResult:
    """What is live may fail without a reason not to deploy: the deploy may be the repair."""
    if result.state is not StepState.FAILED or result.recommendation in _STOPS_THE_BASELINE:
        return result if result.state is not StepState.FAILED else _stopped(result)
    says = f"{result.says}; what is live fails already, so a rollback to it would not restore the inbox"
    return StepResult(state=StepState.WARNED, says=says, evidence=result.evidence)


def _stopped(result: StepResult) -> StepResult:
    who = f"{result.recommendation} before the deploy: it would fail as well; then --resume"
    return StepResult(state=StepState.STOPPED, says=result.says, evidence=result.evidence, who=who)


def of_audit(code: int) -> StepResult:
    """`postdeploy env`."""
    match code:
        case ExitCode.PASSED:
            return StepResult(state=StepState.DONE, says="every variable is as [variables] wants it")
        case ExitCode.FAILED:
            who = "the owner of the environment: the commands are above; then --resume"
            return StepResult(state=StepState.STOPPED, says="a variable is wrong", who=who)
        case ExitCode.INCONCLUSIVE:
            return StepResult(state=StepState.WARNED, says="not all variables could be proven")
        case _:
            return _without_answer(StepName.ENVIRONMENT, code)


def without_answer(code: int) -> StepResult:
    """`postdeploy deployments` that shows nothing."""
    return _without_answer(StepName.PREREQUISITES, code)


def _without_answer(name: StepName, code: int) -> StepResult:
    if code == ExitCode.INTERRUPTED:
        return StepResult(state=StepState.INTERRUPTED, says="interrupted")
    says = f"{_PARTS[name]} could not be read (exit code {code})"
    return StepResult(
        state=StepState.STOPPED, says=says, who="read the message above, correct the cause, then --resume"
    )


def of_plan(code: int, command: str) -> StepResult:
    """The rollback as a plan."""
    if code != ExitCode.PASSED:
        return StepResult(
            state=StepState.FAILED, says=f"there is no plan (exit code {code})", who="see the message above"
        )
    return StepResult(state=StepState.DONE, says="the plan is shown; nothing was sent", who=f"on call: {command}")


def of_rollback(code: int, report: RollbackReport | None, evidence: tuple[str, ...]) -> StepResult:
    """The rollback that was carried out. What is in doubt is never sent again."""
    if code == ExitCode.PASSED:
        return StepResult(state=StepState.DONE, says=report.says if report else "moved", evidence=evidence)
    says = report.says if report and report.says else f"the rollback ended with exit code {code}"
    who = "on call: postdeploy deployments says what production serves"
    in_doubt = report is not None and report.outcome in (Ending.UNFINISHED, Ending.UNPROVEN)
    state = StepState.STOPPED if in_doubt or code in (ExitCode.INCONCLUSIVE, ExitCode.INTERRUPTED) else StepState.FAILED
    return StepResult(state=state, says=says, evidence=evidence, who=who)
