"""Which tests a run is: the `-m` expression decides."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

MARKS = {
    "smoke": "verify a deployment now",
    "watch": "watch it: its log, and the inbox by journeys",
    "rollback": "prove a rollback",
    "canary": "watch the canary",
}
"""The marks of checks. A run with one of them imports nothing from tests/, any other nothing from smoke/."""


def marks_in(expression: str) -> frozenset[str]:
    """Our marks, as far as a `-m` expression selects what carries one of them alone. None where it selects unmarked tests, too."""
    if not expression:
        return frozenset()
    try:
        compiled = Expression.compile(expression)
        if compiled.evaluate(_Only(None)):
            return frozenset()
        return frozenset(mark for mark in MARKS if compiled.evaluate(_Only(mark)))
    except Exception:  # noqa: BLE001 - pytest itself says what is wrong with the expression
        return frozenset()


def belongs_to_another_run(file: Path, marks: Collection[str]) -> bool:
    """Whether a file's checks have only marks of ours that a run with these marks does not select: it need not be imported."""
    text = file.read_text(encoding="utf-8", errors="replace")
    line = re.search(r"^pytestmark\b.*", text, re.MULTILINE)
    own = MARKS.keys() & set(re.findall(r"\bmark\.(\w+)", line[0])) if line else ()
    return bool(own) and not any(f"mark.{mark}" in text for mark in marks)


class _Only:
    """Matches one mark and no other."""

    def __init__(self, mark: str | None) -> None:
        self._mark = mark

    def __call__(self, name: str, /, **_: str | int | bool | None) -> bool:
        return name == self._mark


def function_of(item: pytest.Item) -> str:
    """The check's name, without what a parameter appends."""
    return str(getattr(item, "originalname", item.name))


def subject_of(item: pytest.Item, kinds: Collection[str]) -> str | None:
    """The variable, route or endpoint that this check is made for, or None."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    return next((str(params[kind]) for kind in kinds if kind in params), None)


def name_of(item: pytest.Item, kinds: Collection[str]) -> str:
    """The check's name, with its subject where it is made once for each of several."""
    subject = subject_of(item, kinds)
    return function_of(item) + (f"[{subject}]" if subject else "")


def refuse_unmarked_checks(config: pytest.Config, checks: Path) -> None:
    """A file of `checks`, their folder, that is named without `-m` would be a check of nothing."""
    for argument in config.args:
        path = (config.invocation_params.dir / argument.split("::")[0]).resolve()
        if path == checks or checks in path.parents:
            raise pytest.UsageError(
                f"{argument} verifies a deployment. Say so, and which: pytest -m smoke --base-url=https://… {argument}"
            )


def refuse_other_tests(config: pytest.Config, checks: Path) -> None:
    """A file outside `checks`, their folder, proves nothing, whatever its tests are called: pytest collects what is named."""
    for argument in config.args:
        path = (config.invocation_params.dir / argument.split("::")[0]).resolve()
        if path.exists() and path != checks and checks not in path.parents and path not in checks.parents:
            raise pytest.UsageError(f"{argument} is not one of the checks: those are in {checks}. Leave it out.")


def nothing_of_ours(config: pytest.Config, options: Collection[str]) -> str | None:
    """Why a call that is about verifying does not verify, or None: it is not about that. `-m` selects none of our marks alone.

    `options`: those of ours that are given. What `addopts` says of them is for the runs that verify, and this may be another.
    """
    expression = config.option.markexpr.strip()
    typed = [str(one) for one in config.invocation_params.args]
    names = {one.partition("=")[0] for one in typed}
    if ours := [one for one in options if one in names]:
        return f"{', '.join(ours)} are options of a run that verifies, and -m {expression!r} selects none of its checks"
    if "--base-url" not in names:
        return None
    if not expression and "-m" in typed:
        return "-m is empty"
    if any(word in MARKS and _is_selected(expression, word) for word in re.findall(r"\w+", expression)):
        return f"-m {expression!r} also selects tests without a mark"
    return None


def _is_selected(expression: str, mark: str) -> bool:
    try:
        return Expression.compile(expression).evaluate(_Only(mark))
    except Exception:  # noqa: BLE001 - pytest itself says what is wrong with the expression
        return False


def refuse_unknown_marks(config: pytest.Config) -> None:
    """A misspelt mark would select nothing."""
    known = {line.split(":")[0].split("(")[0].strip() for line in config.getini("markers")}
    for name in re.findall(r"[A-Za-z_]\w*", config.option.markexpr):
        if name not in known | {"and", "or", "not", "True", "False"}:
            raise pytest.UsageError(f"-m {config.option.markexpr!r}: unknown mark {name!r}. Known: {', '.join(MARKS)}")


def refuse_unknown_checks(required: Mapping[str, str], checks: Path) -> None:
    """A required check that no file of `checks` defines could never run: the name is misspelt.

    `required`: the part of each, as the runbook names it.
    """
    from postdeploy.runbook.checks import function_name
    from postdeploy.runbook.validation import nearest

    texts = (file.read_text(encoding="utf-8", errors="replace") for file in checks.rglob("*.py"))
    defined = {name for text in texts for name in re.findall(r"\btest_\w+", text)}
    for name, part in required.items():
        function = function_name(name)
        if function not in defined:
            meant = f" Did you mean {nearest(function, sorted(defined))}?" if defined else ""
            raise pytest.UsageError(f"checks.{part} names {function}, and no check is called so.{meant}")
