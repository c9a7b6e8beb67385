"""The steps of the GitHub Action, one command each (action.yml, .github/workflows)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from postdeploy.cli import smoke
from postdeploy.cli.child import Child
from postdeploy.cli.github_rollback import rollback_permission
from postdeploy.cli.workflow_mistakes import mistakes_are_usage
from postdeploy.gate import earlier
from postdeploy.gate.artifacts import GitHub, Unanswered
from postdeploy.gate.ending import Policy, policy_of
from postdeploy.gate.event import NotVerified, Subject, address_to_verify, subject_of
from postdeploy.gate.liveness import identify, is_address_of, wait_until_live
from postdeploy.model import Decision, Reason, Recommendation
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.reading import Unreadable, read_file
from postdeploy.report import github
from postdeploy.runbook.environment import read_environment
from postdeploy.system import files
from postdeploy.system.exit_codes import ExitCode
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.retry import ONE_RETRY

_REPORTS = Path("reports")
_Enforce = Annotated[str, typer.Option(metavar="true|false", help="false: observe, the job stays green.")]
_OnInconclusive = Annotated[str, typer.Option(metavar="fail|warn", help="What INCONCLUSIVE does to the job.")]


def event(
    *,
    url: Annotated[str, typer.Option(metavar="URL", help="The address to verify; empty: the event's.")] = "",
    artifact: Annotated[str, typer.Option(metavar="NAME", help="The artifact that holds the verdict.")] = "",
    record: Annotated[str, typer.Option(metavar="NAMES", help="Artifacts with earlier verdicts.")] = "",
    into: Annotated[
        Path, typer.Option(metavar="DIR", help="Where earlier verdicts are put.", show_default=False)
    ] = Path("earlier-verdicts"),
    enforce: _Enforce = "true",
    on_inconclusive: _OnInconclusive = "fail",
) -> None:
    """Which deployment the event is about, and whether to verify it. Sets the outputs url, deployment and skipped.

    Exit code 0, or that of the verdict which an earlier run reached for the same deployment. 4: no address to verify.
    """
    with mistakes_are_usage():
        policy = policy_of(enforce, on_inconclusive)
        try:
            subject, address = _subject(url)
        except NotVerified as why:
            _skip(str(why))
            return
        hub = GitHub.of_job()
        question = earlier.EventQuestion(subject, address)
        answered = _answered(hub, artifact, record.split(), question) if hub and artifact and subject.url else None
        if answered:
            _repeat(answered, policy)
        _REPORTS.mkdir(exist_ok=True)
        files.replace(_REPORTS / earlier.GATE, earlier.written(subject, os.environ.get("GITHUB_RUN_ID", "")))
        if hub and record:
            trouble = earlier.keep(hub, record.split(), into)
            if trouble:
                print(github.line("notice", "Earlier verdicts", trouble))
        if not url and subject.url:
            says = f"{address} is the deployment's own address: give the action the input url, the production domain"
            print(github.line("notice", "postdeploy", says))
        github.output({"url": address, "deployment": subject.deployment or subject.host, "skipped": ""})
        print(f"to verify: {address}")


def verify(
    url: Annotated[str, typer.Argument(metavar="URL", help="The deployment.")],
    *,
    mark: Annotated[str, typer.Option(metavar="MARK", help="smoke, or rollback to prove one.")] = "smoke",
    watch: Annotated[str, typer.Option(metavar="DURATION", help="Wait for the log's window; empty: no wait.")] = "",
    runbook: Annotated[str, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml.")] = "",
    record: Annotated[
        Path, typer.Option(metavar="DIR", help="Earlier verdicts, if it exists.", show_default=False)
    ] = Path("earlier-verdicts"),
    enforce: _Enforce = "true",
    on_inconclusive: _OnInconclusive = "fail",
) -> None:
    """Run the suite, and publish its verdict in the job: summary, annotations, outputs.

    Exit code: the run's, or 0 where the job only observes, or INCONCLUSIVE is only a warning.
    """
    with mistakes_are_usage():
        policy = policy_of(enforce, on_inconclusive)
        options = ["--junitxml=reports/junit.xml"]
        options += [f"--runbook={runbook}"] if runbook else []
        options += [f"--record={record}"] if record.is_dir() else []
        options += _log_options(watch)
    github.publish_refusal()  # whatever ends this step: a later output of the same name replaces it
    before = _verdict()
    child = Child()
    with child.signals_passed_on():
        code = _run(child, smoke.command(url, Path.cwd(), mark, *options))
        found = _verdict()
        measured = found if found and not (before and before.run_id == found.run_id) else None
        document = _of_the_event(measured) if measured and mark == "smoke" else measured
        if document:
            _publish(document, policy, _markdown(document, measured))
    decision = document.decision if document else None
    ends = policy.exit_code(decision, code)
    if document is measured and (decision is None or code != ExitCode.of(decision)):
        says = f"pytest ended with exit code {code}: the log of this step says why"
        print(github.line("error" if ends else "warning", "postdeploy", says))
    raise typer.Exit(ends)


COMMANDS: dict[str, Callable[..., Any]] = {
    "event": event,
    "verify": verify,
    "rollback-permission": rollback_permission,
}


def _subject(url: str) -> tuple[Subject, str]:
    """The deployment of the event, and the address to verify.

    Raises:
        NotVerified: the event leads to no run.
        UsageError: there is no address.
    """
    name = os.environ.get("GITHUB_EVENT_NAME", "")
    try:
        payload = _json(Path(os.environ.get("GITHUB_EVENT_PATH", "")).read_bytes())
    except (OSError, ValueError):
        payload = {}
    environment = read_environment(Path.cwd() / ".env")
    subject = subject_of(name, payload, os.environ.get("VERCEL_PROJECT_ID", ""))
    if environment.platform is None or not subject.url:
        return subject, address_to_verify(url, subject, known=False)
    with Vercel(platform_access(environment), ONE_RETRY) as vercel:
        found = identify(vercel, subject)
        address = address_to_verify(url, subject, known=found is not None and is_address_of(subject, found))
        if found:
            wait_until_live(vercel, address, found)
    return subject, address


def _json(content: bytes) -> object:
    import json

    return json.loads(content)


def _answered(
    hub: GitHub, artifact: str, others: Sequence[str], question: earlier.EventQuestion
) -> VerdictDocument | None:
    """The verdict of an earlier run on the same deployment, if this event is not the first that announces it."""
    if os.environ.get("GITHUB_RUN_ATTEMPT", "1") != "1":  # a person asked for it again
        return None
    try:
        found = earlier.answer_to(hub, artifact, others, question)
    except Unanswered as error:
        print(github.line("notice", "postdeploy", f"{error}: this run may repeat an earlier one"))
        return None
    return found.document if found else None


def _repeat(document: VerdictDocument, policy: Policy) -> None:
    """End as the run that verified this deployment already. It has sent its message."""
    logs = "false" if read_environment(Path.cwd() / ".env").platform_missing else "true"
    github.output({**github.outputs(document), "logs": logs, "skipped": earlier.ANSWERED})
    says = f"verified already by run {document.run_id}: {document.headline}"
    print(github.line("notice", policy.title(document.decision), says))
    raise typer.Exit(policy.exit_code(document.decision, 0))


def _skip(why: str) -> None:
    """A run that is not needed: the job stays green, and says that nothing is proven."""
    github.output({"url": "", "deployment": "", "decision": "", "skipped": why})
    print(github.line("notice", "not verified", why))


def _log_options(watch: str) -> list[str]:
    """With a token the log is read, too."""
    missing = read_environment(Path.cwd() / ".env").platform_missing
    github.output({"logs": "false" if missing else "true"})
    if missing:
        says = f"{' and '.join(missing)} not set: the runtime log is not read"
        print(github.line("notice", "No log", says))
        return []
    return ["--logs=vercel", *([f"--watch={watch}"] if watch else [])]


def _run(child: Child, command: list[str]) -> int:
    """The exit code of the run. What it prints is not taken for commands to GitHub."""
    token = secrets.token_hex(16)
    environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    print(f"::stop-commands::{token}", flush=True)
    try:
        return child.run(command, environment)
    finally:
        print(f"::{token}::", flush=True)


def _verdict() -> VerdictDocument | None:
    try:
        return read_file(_REPORTS / VERDICT)
    except (OSError, Unreadable):
        return None


def _of_the_event(document: VerdictDocument) -> VerdictDocument:
    """The run's verdict; a PASS of another deployment than the event's proves nothing of that one."""
    subject = earlier.subject_in(_REPORTS / earlier.GATE)
    if (
        document.decision is not Decision.PASS
        or earlier.is_part_of_release(document)
        or earlier.measured(document, subject)
    ):
        return document
    wanted, served = subject.deployment or subject.host, document.deployment.deployment_id
    return msgspec.structs.replace(
        document,
        decision=Decision.INCONCLUSIVE,
        reason=Reason.SUPERSEDED,
        recommendation=Recommendation.MEASURE_AGAIN,
        command=None,
        headline=f"INCONCLUSIVE: {wanted} was not verified",
        summary=f"the event is about {wanted}, and {document.deployment.url} serves {served}, which passed",
    )


def _markdown(document: VerdictDocument, measured: VerdictDocument | None) -> str:
    says = f"**{document.headline}**\n\n{document.summary}\n"
    try:
        written = (_REPORTS / "verdict.md").read_text(encoding="utf-8")
    except OSError:
        return says
    return written if document is measured else f"{says}\n---\n\n{written}"


def _publish(document: VerdictDocument, policy: Policy, markdown: str) -> None:
    title = policy.title(document.decision)
    for shown in github.publish(document, markdown, title="" if title == document.decision else title):
        print(shown)
