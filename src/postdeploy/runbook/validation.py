"""What is wrong with a runbook, in a sentence that names the key and the cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args, get_origin

import msgspec

from postdeploy.runbook.checks import CORE, function_name
from postdeploy.runbook.log_tables import DERIVED
from postdeploy.runbook.tables import Off, Runbook, Workspace

_NOT_NEGATIVE = ("logs", "threshold", "deployments", "comparison", "rollback", "canary")
_DAY, _HOUR = 24 * 3600, 3600


def convert(tables: dict[str, Any]) -> Runbook | str:
    """The runbook, or the first thing that is wrong with it."""
    try:
        runbook = msgspec.convert(tables, Runbook)
    except msgspec.ValidationError as error:
        from postdeploy.runbook.wrong_types import type_error  # noqa: PLC0415 - a runbook that is right does without

        return type_error(error, tables)
    shown = tuple(_as_shown(each) for each in runbook.workspace)
    runbook = msgspec.structs.replace(runbook, workspace=shown)
    return next(_problems(runbook), runbook)


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
    return difflib.get_close_matches(name, list(known), n=1, cutoff=0.0)[0]


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Names and types; read once, for to resolve annotations takes longer than all else here."""
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


def _as_shown(workspace: Workspace) -> Workspace:
    """With its name as a page shows it: every run of white space is one space."""
    return msgspec.structs.replace(workspace, name=" ".join(workspace.name.split()))


def _problems(runbook: Runbook) -> Iterator[str]:
    yield from _bad_patterns(runbook)
    yield from _bad_amounts(runbook)
    yield from _bad_names(runbook)
    yield from _bad_parts(runbook)


def _bad_patterns(runbook: Runbook) -> Iterator[str]:
    patterns = {
        "smoke_user.session_cookie": (runbook.smoke_user.session_cookie,),
        "ignore.paths": runbook.ignore.paths,
        "ignore.console": runbook.ignore.console,
        "logs.assets": runbook.logs.assets,
        "logs.not_pages": runbook.logs.not_pages,
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
    for key, value in _line_patterns(runbook):
        try:
            re2.compile(value, options=options)
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
            yield f"{key}: {value!r} is not a regular expression (RE2): {reason}."


def _line_patterns(runbook: Runbook) -> Iterator[tuple[str, str]]:
    """What is searched for in log lines: with RE2, so that no pattern can hang the run."""
    for name, signal in runbook.signals.items():
        yield from (
            (f"signals.{name}", pattern) for pattern in (*signal.any, *signal.unless, *signal.shared, *signal.common)
        )
    for name, patterns in runbook.services.items():
        yield from ((f"services.{name}", pattern) for pattern in patterns)
    for key in ("path", "deadline"):
        yield from ((f"canary.{key}", pattern) for pattern in getattr(runbook.canary, key))
    for own in runbook.signal:
        yield f"signal {own.name}", own.pattern
    for known in runbook.known:
        yield f"known ({known.owner})", known.pattern


def _bad_amounts(runbook: Runbook) -> Iterator[str]:
    for name in runbook.budgets.__struct_fields__:
        if not 0 < getattr(runbook.budgets, name) <= _HOUR:
            yield f"budgets.{name} must be more than 0 and at most {_HOUR} seconds."
    for table in _NOT_NEGATIVE:
        values = msgspec.structs.asdict(getattr(runbook, table))
        for name, value in values.items():
            if isinstance(value, int | float) and value < 0:
                yield f"{table}.{name} must not be negative."
    for name in ("watch", "poll", "looks", "level", "tries", "statement_timeout", "most_attempts"):
        if not getattr(runbook.canary, name) > 0:
            yield f"canary.{name} must be more than 0."
    if not 0 < runbook.threshold.window <= _DAY:
        yield f"threshold.window must be more than 0 and at most {_DAY} seconds."


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
