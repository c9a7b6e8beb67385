"""By whose decision a rollback may be carried out: the step of rollback.yml that asks, before the plan and again before the act."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from postdeploy.cli.workflow_mistakes import mistakes_are_usage
from postdeploy.gate import earlier
from postdeploy.gate.artifacts import GitHub, Unanswered
from postdeploy.gate.permission import Request, RollbackMode, Situation, Starter, decide
from postdeploy.model import Blocked, UsageError
from postdeploy.production.state import read as read_state
from postdeploy.report import github
from postdeploy.runbook.environment import read_environment
from postdeploy.system.exit_codes import ExitCode
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.retry import ONE_RETRY

_VERDICTS = "postdeploy-smoke-verdict postdeploy-window-verdict postdeploy-verdict"
_ROLLBACKS = "postdeploy-rollback"


def rollback_permission(
    *,
    failed: Annotated[str, typer.Option(metavar="ID", help="The deployment that failed.")],
    base_url: Annotated[str, typer.Option("--base-url", metavar="URL", help="The production address.")],
    environment: Annotated[str, typer.Option(metavar="NAME", help="The GitHub environment that approves.")],
    verdicts: Annotated[str, typer.Option(metavar="NAMES", help="Artifacts that hold verdicts.")] = _VERDICTS,
    rollbacks: Annotated[str, typer.Option(metavar="NAME", help="The one that holds earlier rollbacks.")] = _ROLLBACKS,
    target: Annotated[str, typer.Option(metavar="ID", help="Where to roll back to; empty: not decided yet.")] = "",
    starter: Annotated[Starter, typer.Option(help="Who asks for it.")] = Starter.PERSON,
    automatic: Annotated[str, typer.Option(metavar="true|false", help="Whether it may happen without asking.")] = "",
    without_verdict: Annotated[str, typer.Option(metavar="true|false", help="A person decides without one.")] = "",
    require: Annotated[
        RollbackMode | None, typer.Option(help="Refuse, unless this is still the answer.", show_default=False)
    ] = None,
) -> None:
    """By whose decision a rollback may be carried out: a reviewer's, automatically, or not at all. Sets the output mode.

    Exit code 0: the mode is set. 10: refused, the message says why.
    """
    request = Request(failed, starter, target, automatic == "true", without_verdict != "true")
    with mistakes_are_usage():
        try:
            situation = _situation(request, base_url, environment, verdicts, rollbacks)
        except (Unanswered, Blocked) as error:
            _refuse_rollback([str(error)])
        answer = decide(request, situation)
    if answer.mode is RollbackMode.REFUSED or (require and answer.mode is not require):
        changed = [f"{require} was the answer before, and now it is {answer.mode}"] if require else []
        _refuse_rollback([*answer.why, *(changed if answer.mode is not RollbackMode.REFUSED else [])])
    github.output({"mode": answer.mode})
    level = "warning" if answer.mode is RollbackMode.PLAN else "notice"
    print(github.line(level, f"rollback: {answer.mode}", "; ".join(answer.why) or "a reviewer decides"))


def _situation(request: Request, base_url: str, environment: str, verdicts: str, rollbacks: str) -> Situation:
    """What is known now.

    Raises:
        Unanswered: GitHub does not say what must be known.
        Blocked: Vercel does not.
    """
    hub = GitHub.of_job()
    if hub is None:
        raise UsageError("GITHUB_TOKEN and GITHUB_REPOSITORY are not set: this is a step of a GitHub workflow.")
    needed = request.needs_verdict or request.starter is Starter.GATE
    done, unknown = None, ""
    try:
        done = tuple(earlier.rollbacks(hub, rollbacks)) if request.automatic else ()
    except Unanswered as error:
        unknown = str(error)
    with Vercel(platform_access(read_environment(Path.cwd() / ".env")), ONE_RETRY) as vercel:
        return Situation(
            dt.datetime.now(dt.UTC),
            read_state(vercel, base_url),
            earlier.verdict_on(hub, verdicts.split(), request.failed) if needed else None,
            hub.reviewers_required(environment),
            done,
            unknown,
        )


def _refuse_rollback(reasons: list[str]) -> NoReturn:
    github.output({"mode": RollbackMode.REFUSED})
    print(github.line("error", "rollback refused", "; ".join(reasons)))
    raise typer.Exit(ExitCode.INCONCLUSIVE)
