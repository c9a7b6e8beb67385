"""The steps of the GitHub Action, one command each (action.yml, .github/workflows)."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from postdeploy.cli import smoke
from postdeploy.gate import earlier
from postdeploy.gate.artifacts import GitHub, Unanswered
from postdeploy.gate.ending import Policy, policy_of
from postdeploy.gate.event import NotVerified, Subject, address_to_verify, subject_of
from postdeploy.gate.liveness import identify, is_address_of, wait_until_live
from postdeploy.gate.permission import Request, RollbackMode, Situation, Starter, decide
from postdeploy.model import Blocked, UsageError
from postdeploy.production.state import read as read_state
from postdeploy.record.document import VerdictDocument
from postdeploy.record.reading import Unreadable, read_file
from postdeploy.report import github
from postdeploy.runbook.environment import read_environment
from postdeploy.system import files
from postdeploy.system.exit_codes import ExitCode
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.retry import ONE_RETRY

_REPORTS = Path("reports")
_VERDICTS = "postdeploy-smoke-verdict postdeploy-window-verdict postdeploy-verdict"
_ROLLBACKS = "postdeploy-rollback"
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
    with _mistakes_are_usage():
        policy = policy_of(enforce, on_inconclusive)
        try:
            subject, address = _subject(url)
        except NotVerified as why:
            _skip(str(why))
            return
        hub = GitHub.of_job()
        answered = _answered(hub, artifact, subject) if hub and artifact and subject.url else None
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
    with _mistakes_are_usage():
        policy = policy_of(enforce, on_inconclusive)
        options = ["--junitxml=reports/junit.xml"]
        options += [f"--runbook={runbook}"] if runbook else []
        options += [f"--record={record}"] if record.is_dir() else []
        options += _log_options(watch)
    before = _verdict()
    code = _run(smoke.command(url, Path.cwd(), mark, *options))
    document = _verdict()
    if document is None or (before and before.run_id == document.run_id):
        github.publish_refusal()
        document = None
    else:
        _publish(document, policy)
    decision = document.decision if document else None
    ends = policy.exit_code(decision, code)
    if decision is None or code != ExitCode.of(decision):
        says = f"pytest ended with exit code {code}: the log of this step says why"
        print(github.line("error" if ends else "warning", "postdeploy", says))
    raise typer.Exit(ends)


def rollback_permission(
    *,
    failed: Annotated[str, typer.Option(metavar="ID", help="The deployment that failed.")],
    base_url: Annotated[str, typer.Option("--base-url", metavar="URL", help="The production address.")],
    environment: Annotated[str, typer.Option(metavar="NAME", help="The GitHub environment that approves.")],
    verdicts: Annotated[str, typer.Option(metavar="NAMES", help="Artifacts that hold verdicts.")] = _VERDICTS,
    rollbacks: Annotated[str, typer.Option(metavar="NAME", help="The one that holds earlier rollbacks.")] = _ROLLBACKS,
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
    request = Request(failed, starter, automatic == "true", without_verdict != "true")
    with _mistakes_are_usage():
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


COMMANDS: dict[str, Callable[..., Any]] = {
    "event": event,
    "verify": verify,
    "rollback-permission": rollback_permission,
}


@contextmanager
def _mistakes_are_usage() -> Iterator[None]:
    """A mistake of the workflow ends with 4 and its message."""
    try:
        yield
    except UsageError as error:
        print(github.line("error", "postdeploy", str(error)))
        print(f"postdeploy: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None


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


def _answered(hub: GitHub, artifact: str, subject: Subject) -> VerdictDocument | None:
    """The verdict of an earlier run on the same deployment, if this event is not the first that announces it."""
    if os.environ.get("GITHUB_RUN_ATTEMPT", "1") != "1":  # a person asked for it again
        return None
    try:
        found = earlier.answer_to(hub, artifact, subject, earlier.happened(hub, subject))
    except Unanswered as error:
        print(github.line("notice", "postdeploy", f"{error}: this run may repeat an earlier one"))
        return None
    return found.document if found else None


def _repeat(document: VerdictDocument, policy: Policy) -> None:
    """End as the run that verified this deployment already. It has sent its message."""
    github.output({**github.outputs(document), "skipped": "verified already"})
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


def _run(command: list[str]) -> int:
    """The exit code of the run. What it prints is not taken for commands to GitHub."""
    token = secrets.token_hex(16)
    environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    print(f"::stop-commands::{token}", flush=True)
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        print(f"::{token}::", flush=True)


def _verdict() -> VerdictDocument | None:
    try:
        return read_file(_REPORTS / earlier.VERDICT)
    except (OSError, Unreadable):
        return None


def _publish(document: VerdictDocument, policy: Policy) -> None:
    title = policy.title(document.decision)
    try:
        markdown = (_REPORTS / "verdict.md").read_text(encoding="utf-8")
    except OSError:
        markdown = f"**{document.headline}**\n\n{document.summary}\n"
    for shown in github.publish(document, markdown, title="" if title == document.decision else title):
        print(shown)


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
    try:
        done = tuple(earlier.rollbacks(hub, rollbacks)) if request.automatic else ()
    except Unanswered:
        done = None
    with Vercel(platform_access(read_environment(Path.cwd() / ".env")), ONE_RETRY) as vercel:
        return Situation(
            dt.datetime.now(dt.UTC),
            read_state(vercel, base_url),
            earlier.verdict_on(hub, verdicts.split(), request.failed) if needed else None,
            hub.reviewers_required(environment),
            done,
        )


def _refuse_rollback(reasons: list[str]) -> NoReturn:
    github.output({"mode": RollbackMode.REFUSED})
    print(github.line("error", "rollback refused", "; ".join(reasons)))
    raise typer.Exit(ExitCode.INCONCLUSIVE)
