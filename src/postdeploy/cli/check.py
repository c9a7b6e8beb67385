"""Vercel's Deployment Checks: a deployment gets the domains only after this check of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from postdeploy.cli import smoke
from postdeploy.cli.child import Child
from postdeploy.cli.mistakes import mistakes_told
from postdeploy.cli.verdict import answered
from postdeploy.gate.notification import page_of_run
from postdeploy.model import Blocked, Decision, UsageError
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.reading import Unreadable, read_file
from postdeploy.redaction import Redactor
from postdeploy.runbook.environment import read_environment
from postdeploy.system import times
from postdeploy.system.exit_codes import ExitCode
from postdeploy.vercel import checks
from postdeploy.vercel.access import acting_access, platform_access
from postdeploy.vercel.checks import Check, CheckRun, Conclusion
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find
from postdeploy.vercel.retry import ONE_RETRY
from postdeploy.vercel.writes import WriteResult

SETTINGS = smoke.SETTINGS
"""What `run` does not know itself is an option of the run."""
_NAME = "postdeploy"
_Name = Annotated[str, typer.Option(metavar="NAME", help="The check's name at Vercel.")]


def install(
    *,
    name: _Name = _NAME,
    timeout: Annotated[str, typer.Option(metavar="DURATION", help="How long Vercel waits for the check.")] = "10m",
    yes: Annotated[bool, typer.Option("--yes", help="Define it. Without it only the plan is shown.")] = False,
) -> None:
    """Define the check at Vercel: from then on each production deployment waits for it before it gets the domains.

    Exit code 0: plan shown, or the check is defined. 10: Vercel refuses, or does not answer.
    """
    with mistakes_told():
        seconds = times.seconds_in(timeout)
        access = acting_access(read_environment(Path.cwd() / ".env"))
        with Vercel(access, ONE_RETRY) as vercel:
            found = checks.find_check(vercel, name)
            if found:
                print(f"{name} is defined already ({found.id}, {found.timeout / 1000:.0f} s)")
                return
            print(
                f"plan: every production deployment of {access.project} waits for the check {name}, at most {timeout}"
            )
            print("      no pipeline that reports it: each deployment waits until then, and does not get the domains")
            if not yes:
                print(
                    f"Nothing was sent. To carry it out:\n  postdeploy check install --name={name} --timeout={timeout} --yes"
                )
                return
            _demand(checks.define(vercel, name, seconds))
            print(f"{name} is defined. Report it on vercel.deployment.ready: postdeploy check run DEPLOYMENT")


def run(
    context: typer.Context,
    deployment: Annotated[str, typer.Argument(metavar="DEPLOYMENT", help="dpl_… or its address.")],
    *,
    name: _Name = _NAME,
    on_inconclusive: Annotated[
        str, typer.Option(metavar="fail|neutral", help="What INCONCLUSIVE is to Vercel.")
    ] = "fail",
) -> None:
    """Verify a deployment at its own address before it gets the domains, and report the verdict to Vercel.

    Options of the run follow, as for `postdeploy smoke`. There is no user traffic yet: no log of it, no window.

    Exit code: that of the verdict. 10 if the report did not reach Vercel.
    """
    with mistakes_told():
        if on_inconclusive not in ("fail", "neutral"):
            raise UsageError(f"--on-inconclusive: {on_inconclusive!r}. Write fail or neutral.")
        environment = read_environment(Path.cwd() / ".env")
        file = smoke.reports_folder(Path.cwd(), context.args) / VERDICT
        child = Child()
        with child.signals_passed_on(), Vercel(platform_access(environment), ONE_RETRY) as vercel:
            found, check_run = _announced(vercel, deployment, name)
            try:
                before = _written(file)
                code = child.run(smoke.command(found.address, Path.cwd(), "smoke", *context.args))
                document = _written(file)
                if before and document and before.run_id == document.run_id:
                    document = None
                conclusion, text = _concluded(document, found, code, neutral=on_inconclusive == "neutral")
            except BaseException:
                checks.conclude(vercel, found.id, check_run, Conclusion.FAILED, "the run was interrupted")
                raise
            redact = Redactor(environment.secrets)
            _demand(checks.conclude(vercel, found.id, check_run, conclusion, redact(text)))
        print(f"reported to Vercel: {name} {conclusion}")
        raise typer.Exit(code)


COMMANDS: dict[str, Callable[..., Any]] = {"install": install, "run": run}


def _announced(vercel: Vercel, deployment: str, name: str) -> tuple[PlatformDeployment, CheckRun]:
    """The deployment, and the run of the check, announced as running.

    Raises:
        Blocked: the check is not defined, or Vercel does not answer.
    """
    found = find(vercel, deployment.partition("://")[2].strip("/") or deployment)
    check: Check | None = checks.find_check(vercel, name)
    if check is None:
        raise Blocked(f"the project has no check {name}", f"Define it: postdeploy check install --name={name} --yes")
    check_run = checks.find_run(vercel, found.id, check)
    if check_run is None:
        _demand(checks.begin(vercel, found.id, check))
        check_run = checks.find_run(vercel, found.id, check)
    if check_run is None:
        raise Blocked(f"Vercel shows no run of the check {name} on {found.id}", "Re-run it.")
    _demand(checks.running(vercel, found.id, check_run, page_of_run(os.environ)))
    return found, check_run


def _written(file: Path) -> VerdictDocument | None:
    try:
        return read_file(file)
    except (OSError, Unreadable):
        return None


def _concluded(
    document: VerdictDocument | None, found: PlatformDeployment, code: int, *, neutral: bool
) -> tuple[Conclusion, str]:
    """The report to Vercel. Only a PASS that this very run has written, of this very deployment, lets it through."""
    if document is None:
        return Conclusion.FAILED, f"no verdict: pytest ended with exit code {code}"
    served = document.deployment
    if served.url != found.address or (served.deployment_id and not document.names(found.id)):
        return Conclusion.FAILED, f"the run verified {served.url} ({served.deployment_id}), not {found.id}"
    text = text_of(document)
    if code == answered(document) == ExitCode.PASSED:
        return Conclusion.SUCCEEDED, text
    unproven = document.decision is Decision.INCONCLUSIVE and code == ExitCode.INCONCLUSIVE
    return (Conclusion.NEUTRAL if unproven and neutral else Conclusion.FAILED), text


def text_of(document: VerdictDocument) -> str:
    """What Vercel shows of a verdict."""
    return f"{document.headline}: {document.summary}"


def _demand(written: WriteResult) -> None:
    """Raise what Vercel refused."""
    if written.error:
        raise written.error
