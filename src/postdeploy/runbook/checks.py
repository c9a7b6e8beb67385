"""Which checks a run consists of: the names in [checks], once for each of their subjects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

NO_SUBJECTS: Mapping[str, Collection[str]] = {}
CORE = {
    "login": {
        "test_login_with_the_form_works",
        "test_an_unauthenticated_client_is_redirected_to_the_login_page",
    },
    "inbox": {"test_the_master_inbox_renders_after_login"},
    "workspaces": {
        "test_the_workspaces_load",
        "test_selecting_a_workspace_loads_its_conversations",
        "test_switching_back_and_forth_leaves_no_error",
    },
    "session": {
        "test_an_expired_access_token_is_renewed",
        "test_the_inbox_stays_loaded",
        "test_the_session_survives_a_reload",
    },
}
"""The parts without which no run is a PASS, whatever a runbook says: each needs a check that passed, or a reason for its absence.
With each which of the suite's own checks prove it."""
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
