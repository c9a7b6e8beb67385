"""launch.json, which a launch goes on from, and launch.md, which people read. Both are written anew at each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec

from postdeploy.launch import course
from postdeploy.launch.steps import SCHEMA, Launch, LaunchEnding, LaunchStep, StepState
from postdeploy.model import UsageError
from postdeploy.redaction import Redactor, blot
from postdeploy.system import files, times

FILE = "launch.json"
PAGE = "launch.md"
_MARKS = {
    StepState.PENDING: "[ ]",
    StepState.RUNNING: "[…]",
    StepState.DONE: "[x]",
    StepState.WARNED: "[!]",
    StepState.SKIPPED: "[-]",
    StepState.FAILED: "[✗]",
    StepState.STOPPED: "[?]",
    StepState.SUPERSEDED: "[?]",
    StepState.INTERRUPTED: "[?]",
}
_ENDINGS = {
    None: "in progress",
    LaunchEnding.LAUNCHED: "LAUNCHED",
    LaunchEnding.FAILED: "LAUNCH FAILED",
    LaunchEnding.RECOVERED: "LAUNCH FAILED, and was rolled back: production has recovered",
    LaunchEnding.STOPPED: "LAUNCH STOPPED: nothing more is proven",
    LaunchEnding.SUPERSEDED: "LAUNCH SUPERSEDED by another deployment",
    LaunchEnding.INTERRUPTED: "LAUNCH INTERRUPTED",
}


def headline(launch: Launch) -> str:
    """Where the launch is, in a line."""
    return _ENDINGS[launch.ending]


def write(directory: Path, launch: Launch, redact: Redactor) -> None:
    """Replace both files.

    Raises:
        OSError: they can't be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    document = blot(msgspec.to_builtins(launch), redact)
    files.replace(directory / FILE, msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n", durable=True)
    files.replace(directory / PAGE, redact(markdown(launch)).encode())


def read(directory: Path) -> Launch:
    """The launch of which the checklist stands there.

    Raises:
        UsageError: there is none, or it can't be read.
    """
    path = directory / FILE
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Launch)
    except FileNotFoundError:
        raise UsageError(f"there is no launch in {directory}. Begin one: --base-url=URL --commit=SHA") from None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}. Begin the launch again, without --resume.") from None
    if found.schema > SCHEMA:
        raise UsageError(f"{path} was written by a newer version. Begin the launch again, without --resume.")
    try:
        _demand_sense(found)
    except UsageError as error:
        raise UsageError(f"{path} can't be read: {error} Begin the launch again, without --resume.") from None
    return found


def _demand_sense(launch: Launch) -> None:
    """Raise where a value is none of those that a launch writes.

    Raises:
        UsageError: a time, a duration, or a list of steps that is none.
    """
    if not course.is_whole(launch):
        raise UsageError("steps of a launch are missing.")
    moments = [launch.started, launch.seen]
    moments += [at for gap in launch.gaps for at in (gap.since, gap.until)]
    moments += [at for step in launch.steps for at in (step.started, step.finished) if at]
    for at in moments:
        times.from_text(at)
    for duration in (launch.plan.watch, launch.plan.wait):
        times.seconds_in(duration)


def markdown(launch: Launch) -> str:
    """The checklist for people."""
    return "\n".join(_lines(launch)) + "\n"


def _lines(launch: Launch) -> Iterator[str]:
    yield f"# Launch of {launch.plan.wanted} at {launch.plan.url}"
    yield ""
    yield f"**{headline(launch)}**" + (f" · deployment {launch.deployment}" if launch.deployment else "")
    yield ""
    yield "| | step | state | UTC | what is known | who acts |"
    yield "|---|---|---|---|---|---|"
    for one in launch.steps:
        known = " · ".join([one.result.says, *one.result.evidence]) if one.result.evidence else one.result.says
        yield f"| {_MARKS[one.state]} | {one.name} | {one.state} | {_when(one)} | {_cell(known)} | {_cell(one.result.who)} |"
    if launch.gaps:
        yield ""
        yield "Gaps, in which the launch did not run:"
        yield ""
        for gap in launch.gaps:
            yield f"- {_time(gap.since)} to {_time(gap.until)} ({_span(gap.since, gap.until)}), during {gap.step}"


def _when(step: LaunchStep) -> str:
    if not step.started:
        return ""
    attempts = f" (attempt {step.attempts})" if step.attempts > 1 else ""
    return f"{_time(step.started)}" + (f"–{_time(step.finished)}" if step.finished else "") + attempts


def _time(iso: str) -> str:
    return times.time_of_day(dt.datetime.fromisoformat(iso))


def _span(since: str, until: str) -> str:
    return times.span((dt.datetime.fromisoformat(until) - dt.datetime.fromisoformat(since)).total_seconds())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
