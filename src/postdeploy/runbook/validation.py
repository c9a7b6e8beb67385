"""What is wrong with a runbook, in a sentence that names the key and the cure."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec

from postdeploy.runbook import inbox_lines
from postdeploy.runbook.checks import CORE, function_name
from postdeploy.runbook.log_tables import DERIVED
from postdeploy.runbook.tables import Off, Runbook, Workspace

_NOT_NEGATIVE = ("logs", "threshold", "deployments", "comparison", "rollback", "canary", "workspaces")
_OF_NOTES = ("before_notes", "behind_notes", "not_notes")
_LINES = (
    *_OF_NOTES,
    "tries_again",
    "gave_up",
    "own_sessions",
    "warnings",
    "successes",
    "not_successes",
    "sign_ins",
    "wrong_credentials",
    "not_wrong",
)
_DAY, _HOUR = 24 * 3600, 3600
_MOST = 10**12


def convert(tables: dict[str, Any], sound: Collection[str] = ()) -> Runbook | str:
    """The runbook, or the first thing that is wrong with it. `sound`: patterns of log lines that are known to be right."""
    try:
        runbook = msgspec.convert(tables, Runbook)
    except msgspec.ValidationError as error:
        from postdeploy.runbook.wrong_types import type_error  # noqa: PLC0415 - a runbook that is right does without

        return type_error(error, tables)
    shown = tuple(_as_shown(each) for each in runbook.workspace)
    runbook = msgspec.structs.replace(runbook, workspace=shown)
    return next(_problems(runbook, sound), runbook)


def unknown_keys(value: object, kind: Any = Runbook, where: str = "") -> Iterator[str]:
    """Each key that `kind` does not have, as a sentence that names the nearest one."""
    if get_origin(kind) is tuple and isinstance(value, list):
        for item in value:
            yield from unknown_keys(item, get_args(kind)[0], f"{where}[]")
        return
    if get_origin(kind) is dict and isinstance(value, dict):
        for key, item in value.items():
            yield from unknown_keys(item, get_args(kind)[1], f"{where}.{key}")
        return
    if not (isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return
    fields = _fields(kind)
    for key, item in value.items():
        if key not in fields:
            yield f"unknown key {where + '.' if where else ''}{key}. Did you mean {nearest(key, fields)}?"
        else:
            yield from unknown_keys(item, fields[key], f"{where}.{key}" if where else key)


def nearest(name: str, known: Iterable[str]) -> str:
    """Which of the known names is meant most likely. There must be one."""
    from difflib import get_close_matches  # noqa: PLC0415 - a runbook that is right does without

    return get_close_matches(name, list(known), n=1, cutoff=0.0)[0]


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Names and types; read once, for to resolve annotations takes longer than all else here."""
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def _as_shown(workspace: Workspace) -> Workspace:
    """With its name as a page shows it: every run of white space is one space."""
    return msgspec.structs.replace(workspace, name=" ".join(workspace.name.split()))


def _problems(runbook: Runbook, sound: Collection[str]) -> Iterator[str]:
    yield from _bad_patterns(runbook, sound)
    yield from _bad_amounts(runbook)
    yield from _bad_names(runbook)
    yield from _bad_parts(runbook)


def _bad_patterns(runbook: Runbook, sound: Collection[str]) -> Iterator[str]:
    for key in ("login_path", "inbox_path", "list_path", "database_route"):
        path = getattr(runbook.app, key)
        if path and (not path.startswith("/") or path.startswith(("//", "/\\"))):
            yield f"app.{key} is {path!r}, and must be a path of the app: /…"
    for key in ("assets", "not_pages"):
        everything = [one for one in getattr(runbook.logs, key) if _matches(one, runbook.app.inbox_path)]
        yield from (f"logs.{key}: {one!r} matches {runbook.app.inbox_path}, the inbox itself." for one in everything)
    patterns = {
        "smoke_user.session_cookie": (runbook.smoke_user.session_cookie,),
        "ignore.paths": runbook.ignore.paths,
        "ignore.console": runbook.ignore.console,
        "logs.assets": runbook.logs.assets,
        "logs.not_pages": runbook.logs.not_pages,
        "logs.machines": runbook.logs.machines,
        "logs.inbound": runbook.logs.inbound,
    }
    for key, values in patterns.items():
        for value in values:
            try:
                re.compile(value)
            except re.error as error:
                yield f"{key}: {value!r} is not a regular expression: {error}."
    import re2  # noqa: PLC0415 - a run that ends before its runbook is read does not pay for it

    options = re2.Options()
    options.log_errors = False
    for key, value in ((key, value) for key, value in _line_patterns(runbook) if value not in sound):
        try:
            re2.compile(value, options=options)
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
            yield f"{key}: {value!r} is not a regular expression (RE2): {reason}."


def _matches(pattern: str, path: str) -> bool:
    try:
        return re.search(pattern, path) is not None
    except re.error:
        return False


def _line_patterns(runbook: Runbook) -> Iterator[tuple[str, str]]:
    """What is searched for in log lines: with RE2, so that no pattern can hang the run."""
    for name, signal in runbook.signals.items():
        lists = (getattr(signal, field) for field in signal.__struct_fields__)
        yield from ((f"signals.{name}", pattern) for one in lists if isinstance(one, tuple) for pattern in one)
    yield from (("logs.inbox_failures", pattern) for pattern in inbox_lines.of_reads(runbook.logs))
    yield from (("logs.action_failures", pattern) for pattern in inbox_lines.of_actions(runbook.logs))
    yield "logs.failing_words", runbook.logs.failing_words
    yield "logs.note_lead", runbook.logs.note_lead
    yield from (("logs.notes", pattern) for pattern in inbox_lines.of_notes(runbook.logs))
    for key in _LINES:
        yield from ((f"logs.{key}", pattern) for pattern in getattr(runbook.logs, key))
    for table in ("services", "unclear", "packages", "addresses"):
        for name, patterns in getattr(runbook, table).items():
            yield from ((f"{table}.{name}", pattern) for pattern in patterns)
    for key in ("path", "deadline"):
        yield from ((f"canary.{key}", pattern) for pattern in getattr(runbook.canary, key))
    for own in runbook.signal:
        yield f"signal {own.name}", own.pattern
    for known in runbook.known:
        yield f"known ({known.owner})", known.pattern


def _bad_amounts(runbook: Runbook) -> Iterator[str]:
    yield from _bad_numbers(msgspec.to_builtins(runbook), "")
    yield from _negative(runbook)
    for name in runbook.budgets.__struct_fields__:
        if not 0 < getattr(runbook.budgets, name) <= _HOUR:
            yield f"budgets.{name} must be more than 0 and at most {_HOUR} seconds."
    for name in ("watch", "poll", "looks", "level", "tries", "statement_timeout", "most_attempts"):
        if not getattr(runbook.canary, name) > 0:
            yield f"canary.{name} must be more than 0."
    if not 0 < runbook.threshold.window <= _DAY:
        yield f"threshold.window must be more than 0 and at most {_DAY} seconds."


def _negative(runbook: Runbook) -> Iterator[str]:
    tables = {name: getattr(runbook, name) for name in _NOT_NEGATIVE}
    for table, values in (tables | {f"amounts.{name}": one for name, one in runbook.amounts.items()}).items():
        for name, value in msgspec.structs.asdict(values).items():
            if isinstance(value, int | float) and value < 0:
                yield f"{table}.{name} must not be negative."


def _bad_numbers(value: object, where: str) -> Iterator[str]:
    """What no number of a runbook may be, wherever it stands."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _bad_numbers(item, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _bad_numbers(item, where)
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where} must be a number, not {value}."
    elif isinstance(value, int | float) and abs(value) > _MOST:
        yield f"{where} must be at most {_MOST:,}."
    elif isinstance(value, int | float) and re.search(r"(?:^|[._])share$", where) and not 0 <= value <= 1:
        yield f"{where} is a share, so it must be from 0 to 1."


def _bad_names(runbook: Runbook) -> Iterator[str]:
    for part in sorted(set(runbook.checks) - set(runbook.parts)):
        yield f"[checks] names the part {part!r}, which [parts] does not have. Add it there."
    for part in sorted(set(runbook.parts) - set(runbook.checks)):
        yield f"unknown part parts.{part}: [checks] has no checks of it. Did you mean {nearest(part, runbook.checks)}?"
    for part in sorted(set(runbook.checks_before) - set(runbook.checks)):
        yield f"[checks_before] names the part {part!r}, which [checks] does not have."
    names = [workspace.name for workspace in runbook.workspace]
    if len(set(names)) < len(names):
        yield "two [[workspace]] tables have the same name. Name each once."
    taken = set(runbook.signals) | DERIVED
    for own in runbook.signal:
        if own.name in taken:
            yield f"the name of [[signal]] {own.name!r} is taken. Give it another one."
        taken.add(own.name)


def _unproven(part: str, checks: Iterable[str]) -> Iterator[str]:
    """Of the suite's checks each proves the part that it was written for; a project's own ones prove what it says."""
    names = set(map(function_name, checks))
    if names & CORE[part]:
        return
    shipped = {function_name(name) for listed in _defaults()["checks"].values() for name in listed}
    if names and names <= shipped:
        yield f"checks.{part} names no check that proves it, for example {max(CORE[part])}. Add one."


@cache
def _defaults() -> dict[str, dict[str, list[str]]]:
    file = Path(__file__).parent / "defaults" / "checks.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _bad_parts(runbook: Runbook) -> Iterator[str]:
    """A runbook can't make a green of nothing."""
    for part, state in runbook.parts.items():
        if isinstance(state, Off) and not (state.off.isprintable() and any(map(str.isalnum, state.off))):
            yield f"parts.{part}: off needs a reason, which the verdict shows. Write one, in a line."
    for part in CORE:
        state = runbook.parts.get(part, "off")
        if state != "required" and not isinstance(state, Off):
            cure = f'Say why: {part} = {{ off = "reason" }}, or leave it out with --without {part}.'
            yield f"parts.{part} = {state!r} drops a part without which nothing is proven. {cure}"
        if not runbook.checks.get(part):
            yield f'checks.{part} names no check, so {part} can\'t be proven. Name one, or write {part} = {{ off = "reason" }}.'
    owners: dict[str, str] = {}
    for part, checks in runbook.checks.items():
        for function in dict.fromkeys(map(function_name, checks)):
            if function in owners:
                yield f"checks.{part} names {function}, which belongs to {owners[function]}. A check proves one part."
            owners[function] = part
    for part in CORE:
        yield from _unproven(part, runbook.checks.get(part, ()))
