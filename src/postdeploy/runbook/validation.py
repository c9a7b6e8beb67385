"""What is wrong with a runbook, in a sentence that names file, key and cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import re2

from postdeploy.model import UsageError
from postdeploy.runbook.log_tables import DERIVED
from postdeploy.runbook.tables import Runbook


def _unknown_keys(value: object, kind: Any, where: str) -> Iterator[str]:
    """Each key that `kind` does not have, as a sentence that names the nearest one."""
    if get_origin(kind) is tuple and isinstance(value, list):
        for item in value:
            yield from _unknown_keys(item, get_args(kind)[0], f"{where}[]")
        return
    if not (isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, item in value.items():
        if key not in fields:
            nearest = difflib.get_close_matches(key, fields, n=1, cutoff=0.0)
            yield f"unknown key {where + '.' if where else ''}{key}. Did you mean {nearest[0]}?"
        else:
            yield from _unknown_keys(item, fields[key], f"{where}.{key}" if where else key)


def _readable(error: msgspec.ValidationError) -> str:
    what, _, where = str(error).partition(" - at ")
    key = where.strip("`").removeprefix("$.")
    return (
        f"{key}: {what}. Correct this key."
        if key and key != "$"
        else f"{what}. Add it; the runbook.toml of the project shows how."
    )


def _check_patterns(runbook: Runbook, source: Path) -> None:
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
                raise UsageError(f"{source}: {key}: {value!r} is not a regular expression: {error}.") from None
    options = re2.Options()
    options.log_errors = False
    for key, value in _patterns_of_lines(runbook):
        try:
            re2.compile(value, options=options)
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
            raise UsageError(f"{source}: {key}: {value!r} is not a regular expression (RE2): {reason}.") from None


def _patterns_of_lines(runbook: Runbook) -> Iterator[tuple[str, str]]:
    """What is looked for in log lines: by RE2, so that no pattern can hang the run."""
    for name, meaning in runbook.signals.items():
        yield from ((f"signals.{name}", pattern) for pattern in (*meaning.any, *meaning.unless))
    for own in runbook.signal:
        yield f"signal {own.name}", own.pattern
    for known in runbook.known:
        yield f"known ({known.owner})", known.pattern


def _check_log_tables(runbook: Runbook, source: Path) -> None:
    for table in (runbook.logs, runbook.threshold, runbook.deployments, runbook.trial, runbook.rollback):
        for name in table.__struct_fields__:
            value = getattr(table, name)
            if isinstance(value, int | float) and value < 0:
                raise UsageError(f"{source}: {type(table).__name__.lower()}.{name} must not be negative.")
    if not 0 < runbook.threshold.window <= 24 * 3600:
        raise UsageError(f"{source}: threshold.window must be more than 0 and at most 86400 seconds.")
    taken = set(runbook.signals) | DERIVED
    for own in runbook.signal:
        if own.name in taken:
            raise UsageError(f"{source}: the name of [[signal]] {own.name!r} is taken. Give it another one.")
        taken.add(own.name)


def _check_amounts(runbook: Runbook, source: Path) -> None:
    for name in runbook.budgets.__struct_fields__:
        if not 0 < getattr(runbook.budgets, name) <= 3600:
            raise UsageError(f"{source}: budgets.{name} must be more than 0 and at most 3600 seconds.")
    unknown = sorted(set(runbook.checks) - set(runbook.parts))
    if unknown:
        raise UsageError(
            f"{source}: [checks] names the part {unknown[0]!r}, which [parts] does not have. Add it there."
        )
    names = [workspace.name for workspace in runbook.workspace]
    if len(set(names)) < len(names):
        raise UsageError(f"{source}: two [[workspace]] tables have the same name. Name each once.")
