"""Which checks a run consists of: the names in [checks], once for each of their subjects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

NO_SUBJECTS: Mapping[str, Collection[str]] = {}
CORE = ("login", "inbox", "workspaces", "session")
"""The parts without which no run is a PASS, whatever a runbook says: each needs a check that passed, or a reason for its absence."""
NEEDED = ("required", "configured")
"""The states of a part without which there is no PASS, unless it is left out."""


def function_name(check: str) -> str:
    """`test_x` of `test_x[variable]`."""
    return check.partition("[")[0]


def result_names(check: str, subjects: Mapping[str, Collection[str]]) -> list[str]:
    """The names of a check's results: `test_x[variable]` has one for each of the `subjects` of that kind."""
    function, _, kind = check.rstrip("]").partition("[")
    return [f"{function}[{subject}]" for subject in subjects.get(kind, ())] if kind else [function]


def required_checks(
    parts: Mapping[str, object],
    checks: Mapping[str, Collection[str]],
    without: Collection[str] = (),
    subjects: Mapping[str, Collection[str]] = NO_SUBJECTS,
) -> dict[str, str]:
    """Result name → part, for every part that is required, or required once it is configured, and not left out."""
    needed = [part for part in checks if parts.get(part) in NEEDED and part not in without]
    return {name: part for part in needed for check in checks[part] for name in result_names(check, subjects)}


def functions_in_order(checks: Mapping[str, Collection[str]], before: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The function names of all checks, in the order in which they run. `before`: part → checks of others that come before its own."""
    early = {function for names in before.values() for function in names}
    functions = {part: list(map(function_name, names)) for part, names in checks.items()}
    known = {function for names in functions.values() for function in names}
    for part, names in functions.items():
        yield from (function for function in before.get(part, ()) if function in known)
        yield from (function for function in names if function not in early)
