"""`postdeploy rollback`: shows the plan; with `--yes` carries it out and proves it. No other command moves a domain by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from postdeploy.cli.mistakes import mistakes_told
from postdeploy.model import Blocked
from postdeploy.production.changes import was_restored
from postdeploy.production.state import ProductionState, read
from postdeploy.readiness.inventory import changed_between
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.redaction import Redactor
from postdeploy.report import incident_note, note_file
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.act import Rollback
from postdeploy.rollback.candidates import default_target, find_deployment, named_target, read_record
from postdeploy.rollback.lock import alone
from postdeploy.rollback.plan import RollbackPlan, refuse, refuse_other_deployment, refuse_second_step
from postdeploy.rollback.report import Ending, RollbackReport
from postdeploy.runbook.environment import Environment, read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.system.exit_codes import ExitCode
from postdeploy.target.address import parse_base_url
from postdeploy.target.preflight import Target
from postdeploy.vercel.access import acting_access, platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.promotions import How
from postdeploy.vercel.retry import ONE_RETRY

_COLOURS = {ExitCode.PASSED: "bold green", ExitCode.FAILED: "bold red", ExitCode.INCONCLUSIVE: "bold yellow"}


def show(
    target: Annotated[
        str | None, typer.Argument(metavar="[TARGET]", help="dpl_… or its address; default: the last-good deployment.")
    ] = None,
    *,
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="The production address, https://…")
    ] = None,
    record: Annotated[
        str | None, typer.Option(metavar="WHERE", help="Earlier verdicts: FILE, DIR, or git:BRANCH.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="ID", help="Only if production serves this deployment.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Carry it out. Without it only the plan is shown.")] = False,
    pin: Annotated[
        bool, typer.Option("--pin", help="Use instant rollback: new builds stay staged until one is promoted.")
    ] = False,
    reports: Annotated[Path, typer.Option(metavar="DIR", help="Where rollback.json is written.")] = Path("reports"),
    runbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    ] = None,
) -> None:
    """Roll back to the last-good deployment: shows the plan; with --yes carries it out and proves it.

    Exit code 0: plan shown, or with --yes: the domain serves the target. 1: it does not. 10: nothing was sent, or nothing is proven.
    """
    with mistakes_told():
        book = read_runbook(Path.cwd(), runbook)
        environment = read_environment(Path.cwd() / ".env")
        url = parse_base_url(base_url or os.environ.get("PYTEST_BASE_URL"), "postdeploy rollback")
        command = _Command(book, environment, url, Redactor(environment.secrets))
        how = How.ROLL_BACK if pin else How.PROMOTE
        code = command.run(target, record, how, reports if yes else None, failed=from_)
    raise typer.Exit(code)


class _Command:
    """One call of the command."""

    def __init__(self, book: Runbook, environment: Environment, url: str, redact: Redactor) -> None:
        self._book = book
        self._environment = environment
        self._url = url
        self._redact = redact
        self._console = Console(highlight=False, soft_wrap=True)

    def run(
        self, target: str | None, record: str | None, how: How, reports: Path | None, failed: str | None = None
    ) -> int:
        """The exit code. `failed`: what production must serve, else nothing is sent."""
        access = platform_access(self._environment)
        with Vercel(access, ONE_RETRY) as vercel:
            state = read(vercel, self._url)
            if failed:
                refuse_other_deployment(state, failed)
            if target is None:
                refuse_second_step(state, _came_from(vercel, state))
            good = self._target(vercel, state, target, record)
            if isinstance(good, NoLastGood):
                raise Blocked(f"there is no rollback target: {good.why}", "Fix forward: deploy a correction.")
            plan = self._plan(vercel, state, good, how)
            if plan.nothing_to_do:
                return self._nothing_to_do(plan)
            self._show(plan)
            refuse(plan)
            if reports is None:
                self._print(f"\nNothing was sent. To carry it out:\n  {plan.command}")
                return ExitCode.PASSED
            with alone(access.project):
                try:
                    return self._act(vercel, plan, reports)
                except KeyboardInterrupt:
                    raise Blocked(
                        "interrupted: it may have been sent, and may still take effect",
                        f"Check first: postdeploy deployments --base-url={self._url}",
                    ) from None

    def _target(
        self, vercel: Vercel, state: ProductionState, target: str | None, record: str | None
    ) -> LastGood | NoLastGood:
        """The rollback target, with what is known of it."""
        known = read_record(record, self._book, Path.cwd())
        for note in known.notes if known else ():
            self._print(f"record: {note}", "yellow")
        if target:
            return named_target(find_deployment(vercel, target), state, known)
        return default_target(vercel, state, known)

    def _plan(self, vercel: Vercel, state: ProductionState, good: LastGood, how: How) -> RollbackPlan:
        found = find(vercel, good.id)
        scope = found.team or state.serving.team or vercel.access.team or ""
        return RollbackPlan(self._url, state, found, good, how, scope, self._changed(vercel, found))

    def _changed(self, vercel: Vercel, target: PlatformDeployment) -> tuple[str, ...]:
        """The listed variables that were changed after the target was built; empty if they can't be read."""
        try:
            return changed_between(vercel, self._book.variables, target.created_at, vercel.clock.latest())
        except PlatformError:
            return ()

    def _nothing_to_do(self, plan: RollbackPlan) -> int:
        page = self._served()
        if is_deployment_id(page) and page != plan.target.id:
            raise Blocked(
                f"{plan.state.host} serves {plan.target.id} according to Vercel, but the page names {page}",
                "Re-run in a minute: caches may lag behind.",
            )
        self._print(f"{plan.state.host} serves {plan.target.id} already: nothing was sent.", "bold green")
        return ExitCode.PASSED

    def _show(self, plan: RollbackPlan) -> None:
        self._print("ROLLBACK: the plan", "bold")
        for name, says in plan.lines():
            self._print(f"  {name:<13} {says}")

    def _act(self, vercel: Vercel, plan: RollbackPlan, reports: Path) -> int:
        with Vercel(acting_access(self._environment), ONE_RETRY, clock=vercel.clock) as acting, self._progress() as say:
            report = Rollback(
                plan,
                vercel,
                acting,
                self._served,
                self._book.rollback.moved,
                say=say,
                keep=lambda report: self._keep(reports, report),
            ).run()
        self._end(report, reports)
        return report.exit_code

    def _keep(self, reports: Path, report: RollbackReport) -> None:
        try:
            rollback_report.write(reports, report, self._redact)
        except OSError as error:
            self._print(f"{reports / rollback_report.FILE} can't be written: {error.strerror}", "yellow")

    def _served(self) -> str | None:
        """The deployment that the production page names, over plain HTTP and with a clean cookie jar."""
        target = Target(self._url, self._book, self._environment.bypass)
        try:
            found = target.identity()
        finally:
            target.close()
        return found.deployment_id if found else None

    @contextmanager
    def _progress(self) -> Iterator[Callable[[str], None]]:
        """Progress, line by line; on a terminal with a spinner."""
        if not self._console.is_terminal:
            yield lambda says: print(f"  {self._redact(says)}", flush=True)
            return
        with self._console.status("") as status:

            def say(says: str) -> None:
                self._console.print(f"  {escape(self._redact(says))}")
                status.update(escape(self._redact(says)))

            yield say

    def _end(self, report: RollbackReport, reports: Path) -> None:
        headline = "MOVED" if report.outcome is Ending.MOVED else report.outcome.upper()
        self._print(f"\n{headline}: {report.says}", _COLOURS[report.exit_code])
        for note in report.notes:
            self._print(f"  note          {note}")
        if report.assignment.restored:
            self._print("  domains       automatic assignment was switched off again, as it was before")
        for next_ in self._next(report):
            self._print(f"  next          {next_}")
        if report.outcome is Ending.MOVED:
            self._print(f"  to undo it    {report.undo[0]}")
        self._print(f"  written to    {reports / rollback_report.FILE}")
        self._note(report, reports)

    def _note(self, report: RollbackReport, reports: Path) -> None:
        """Append what was done to the incident note."""
        try:
            text = incident_note.after_rollback(note_file.read(reports), report)
            path = note_file.write(reports, text, self._redact)
        except OSError as error:
            self._print(f"{reports / note_file.FILE} can't be written: {error.strerror}", "yellow")
        else:
            self._print(f"  to paste      {path}")

    def _next(self, report: RollbackReport) -> Iterator[str]:
        if report.outcome is Ending.MOVED:
            yield f"verify that it helped: pytest -m rollback --base-url={self._url}"
        elif report.outcome is Ending.SUPERSEDED:
            yield f"verify what serves now: pytest -m smoke --base-url={self._url}"
        elif report.outcome in (Ending.FAILED, Ending.NOT_MOVED):
            yield "check `postdeploy deployments` and Vercel's status page; the dashboard can move single domains"

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(escape(self._redact(text)), style=style or None)


def _came_from(vercel: Vercel, state: ProductionState) -> PlatformDeployment | None:
    """The deployment that the last promotion or rollback left; None: there was none, or it is gone."""
    last = state.project.last_request
    if not was_restored(state) or last is None or last.from_ is None:
        return None
    try:
        return find(vercel, last.from_)
    except PlatformError as error:
        if error.status == 404:
            return None
        raise
