"""The command line: ``python -m sandbox``."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated, Literal, cast, get_args

import typer
from rich.console import Console
from rich.table import Table

from sandbox import judging, processes
from sandbox.attached import Attached, NotRunningError, RefusedError
from sandbox.builds import MissingNodeError, Variant
from sandbox.database import ForeignDatabaseError
from sandbox.faults import FAULTS
from sandbox.platform import Acts
from sandbox.platform.acts import Answer, Moves
from sandbox.platform.exports import FORMATS, Format
from sandbox.sandbox import AlreadyRunningError, Sandbox
from sandbox.shapes import ODDITIES, App, Shape
from sandbox.visitor import UnhealthyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

UNDERSTOOD = (
    AlreadyRunningError,
    ForeignDatabaseError,
    MissingNodeError,
    NotRunningError,
    RefusedError,
    UnhealthyError,
    processes.ChildError,
    ValueError,
)
"""Errors that are not bugs: shown in one line, without a stack trace."""

NO_COMMAND = 127

RUNBOOKS: dict[App, str] = {"inbox": "sandbox/runbook.toml", "desk": "sandbox/other-app.toml"}
"""What a verification needs to know of each app."""

cli = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


AppName = Annotated[str, typer.Option("--app", help="inbox: the Master Inbox; desk: the other app.")]
OddityNames = Annotated[list[str] | None, typer.Option("--oddity", help="What is unusual about it; may be repeated.")]
WithAll = Annotated[bool, typer.Option("--every-oddity", help="All that this app can have.")]


@cli.command()
def up(*, app: AppName = "inbox", oddity: OddityNames = None, every_oddity: WithAll = False) -> None:
    """Start a sandbox and keep it up until Ctrl-C."""
    shape = _shape(app, oddity, every=every_oddity)
    with Sandbox.start() as sandbox:
        python = judging.interpreter()
        if shape != Shape():
            sandbox.become(shape.app, *shape.oddities)
        print(
            f"""
    {sandbox.url}

    user      {sandbox.email}
    password  {sandbox.password}

    break it  {python} -m sandbox break {next(iter(FAULTS))}    (all: {python} -m sandbox faults)
    judge it  {python} -m sandbox judge{"" if shape.app == "inbox" else f" --app {shape.app}"}
    heal it   {python} -m sandbox heal
    stop it   Ctrl-C, or {python} -m sandbox down
""",
            flush=True,
        )
        with contextlib.suppress(KeyboardInterrupt):
            sandbox.asked_to_stop.wait()


@cli.command(context_settings={"ignore_unknown_options": True})
def run(
    command: Annotated[
        list[str], typer.Argument(metavar="-- COMMAND…", help="{url} is replaced with the sandbox's URL.")
    ],
    *,
    platform: Annotated[bool, typer.Option("--platform", help="Also set the platform's variables (VERCEL_…).")] = False,
) -> None:
    """Run a command against a sandbox, started for it unless one is up, and pass its exit code on."""
    with _any() as sandbox:
        environment = os.environ | sandbox.environment() | (sandbox.platform_environment() if platform else {})
        try:
            raise typer.Exit(_run([part.replace("{url}", sandbox.url) for part in command], environment))
        except FileNotFoundError:
            print(f"sandbox: command not found: {command[0]}", file=sys.stderr)
            raise typer.Exit(NO_COMMAND) from None


@cli.command()
def prepare() -> None:
    """Install and build what a sandbox needs, if one is not up already; the next start takes seconds."""
    with contextlib.suppress(AlreadyRunningError):
        Sandbox.prepare()


@cli.command()
def judge(*, app: AppName = "inbox") -> None:
    """Verify the sandbox that is up, broken or not, and pass the exit code on."""
    with Attached.find() as sandbox:
        raise typer.Exit(judging.judge(sandbox, RUNBOOKS[Shape.of(app, ()).app], ("--logs=vercel",)))


@cli.command()
def demo(fault: str) -> None:
    """Break a sandbox, verify it, and stop it: what the suite says of this fault."""
    with Sandbox.start() as sandbox:
        sandbox.break_(fault)
        raise typer.Exit(judging.judge(sandbox, RUNBOOKS["inbox"], ("--logs=vercel",)))


@cli.command()
def selftest() -> None:
    """Let the gate catch twelve faults, one after the other. Exit code 1: it missed one."""
    with Sandbox.start() as sandbox:
        raise typer.Exit(judging.selftest(sandbox, RUNBOOKS["inbox"]))


@cli.command(name="break")
def break_(name: str) -> None:
    """Switch a fault on."""
    with Attached.find() as sandbox:
        sandbox.break_(name)
        print(f"{sandbox.url} is broken: {', '.join(sandbox.active)}")


@cli.command()
def heal() -> None:
    """Switch all faults off."""
    with Attached.find() as sandbox:
        sandbox.heal()
        print(f"{sandbox.url} is healthy")


@cli.command()
def faults() -> None:
    """List the faults and what a verification must decide."""
    table = Table(box=None)
    for heading in ("fault", "decision", "what is broken"):
        table.add_column(heading, no_wrap=heading == "fault")
    for fault in FAULTS.values():
        table.add_row(fault.name, fault.decision, fault.description)
    Console().print(table)


@cli.command()
def become(
    app: Annotated[str, typer.Argument(metavar="APP", help="inbox: the Master Inbox; desk: the other app.")],
    *,
    oddity: OddityNames = None,
    every_oddity: WithAll = False,
) -> None:
    """Be another app, or one with other oddities, and healthy. Heal leaves it so."""
    shape = _shape(app, oddity, every=every_oddity)
    with Attached.find() as sandbox:
        sandbox.become(shape.app, *shape.oddities)
        print(f"{sandbox.url}{shape.places.inbox} is the {app}: {', '.join(sorted(shape.oddities)) or 'nothing odd'}")


@cli.command()
def oddities() -> None:
    """List what can be unusual about a healthy app."""
    table = Table(box=None)
    for heading in ("oddity", "app", "what is unusual"):
        table.add_column(heading, no_wrap=heading == "oddity")
    for each in ODDITIES.values():
        table.add_row(each.name, each.only or "both", each.description)
    Console().print(table)


def _shape(app: str, named: list[str] | None, *, every: bool) -> Shape:
    fitting = (each.name for each in ODDITIES.values() if each.only in (None, app))
    return Shape.of(app, tuple(fitting if every else named or ()))


@cli.command()
def status() -> None:
    """Say whether a sandbox is up, and what is broken."""
    with Attached.find() as sandbox:
        print(f"{sandbox.url} is {'broken: ' + ', '.join(sandbox.active) if sandbox.active else 'healthy'}")


@cli.command()
def deployments() -> None:
    """List the deployments, newest first."""
    with Attached.find() as sandbox:
        for each in sandbox.deployments():
            print(f"{'live' if each.live else '':4}  {each.id}  {each.substate:8}  {each.url}  {each.commit}")


@cli.command()
def deploy(
    variant: Annotated[str, typer.Argument(help=f"One of {', '.join(get_args(Variant))}.")] = "good",
    *,
    fault: Annotated[list[str] | None, typer.Option(help="A fault of its code; may be repeated.")] = None,
    unset: Annotated[list[str] | None, typer.Option(help="A variable to leave out; may be repeated.")] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Leave it staged, at its own host.")] = False,
) -> None:
    """Make a new deployment; the others stay as they are. Heal removes it."""
    if variant not in get_args(Variant):
        raise ValueError(f"sandbox: unknown variant {variant}. Known: {', '.join(get_args(Variant))}")
    with Attached.find() as sandbox:
        built = cast("Variant", variant)
        made = sandbox.deploy(built, *(fault or ()), environment=dict.fromkeys(unset or ()), staged=staged)
        print(f"{made} at {sandbox.url_of(made)}")


@cli.command()
def promote(deployment: Annotated[str, typer.Argument(metavar="DEPLOYMENT|VARIANT")]) -> None:
    """Make a deployment live."""
    with Attached.find() as sandbox:
        sandbox.promote(deployment)
        print(f"{sandbox.url} is served by {next(each.id for each in sandbox.deployments() if each.live)}")


@cli.command()
def acts(
    moves: Annotated[Moves, typer.Option(help="What a promotion or rollback does to the domains.")] = "at once",
    after: Annotated[float, typer.Option(help="Seconds until the domains move, if late.")] = 0.0,
    answer: Annotated[Answer, typer.Option(help="How the request is answered.")] = "normal",
    plan: Annotated[Literal["pro", "hobby"], typer.Option(help="The account's plan.")] = "pro",
) -> None:
    """Set how the platform reacts to a promotion or rollback from now on."""
    with Attached.find() as sandbox:
        sandbox.disturb_acts(Acts(plan=plan, moves=moves, after=after, answer=answer))
        print(f"{sandbox.url}: domains move {moves}, the answer is {answer}, the plan is {plan}")


@cli.command()
def logs(
    kind: Annotated[Format, typer.Option("--as", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],
) -> None:
    """Print the platform's logs as a file."""
    with Attached.find() as sandbox:
        sys.stdout.buffer.write(sandbox.export_logs(kind))


@cli.command()
def down() -> None:
    """Stop the sandbox that is up."""
    with Attached.find() as sandbox:
        sandbox.stop()


@contextlib.contextmanager
def _any() -> Iterator[Sandbox | Attached]:
    """The sandbox that is up, if it is healthy; otherwise one for us alone."""
    try:
        attached = Attached.find()
    except NotRunningError:
        with Sandbox.start() as sandbox:
            yield sandbox
        return
    with attached:
        if attached.active:
            raise AlreadyRunningError(
                f"sandbox: the one that is up is broken ({', '.join(attached.active)}). Heal it: python -m sandbox heal"
            )
        yield attached


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in our terminal: Ctrl-C is for the command, other signals are passed on to it."""
    with subprocess.Popen(command, env=environment) as process:
        processes.reaper().remember_process(process.pid)

        def pass_on(signum: int, _frame: FrameType | None) -> None:
            process.send_signal(signum)

        before = {signum: signal.signal(signum, pass_on) for signum in (signal.SIGTERM, signal.SIGHUP)}
        before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        finally:
            for signum, handler in before.items():
                signal.signal(signum, handler)
            processes.reaper().forget_process(process.pid)
    return code if code >= 0 else 128 - code


def _stop(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line; every signal to stop is handled like Ctrl-C."""
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _stop)
    try:
        cli()
    except UNDERSTOOD as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
