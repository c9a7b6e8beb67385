"""A variable of the list, against what Production has."""

from __future__ import annotations

import pytest

from postdeploy.readiness.audit import Inventory, ListedVariable, Setting, Unread, audit, public_secrets
from postdeploy.redaction import Secret
from postdeploy.runbook.readiness_tables import Variable

PRODUCTION = frozenset({"production"})
PREVIEW = frozenset({"preview"})
VALUE = Secret("c3b9a8f7e6d5c4b3a291")
SECRET = Variable("secret")
FLAG = Variable("feature-flag", safe=("0",), unset_is_safe=True)
REVISION = Variable("feature-flag", safe=("1",))


def about(expected: Variable, *entries: ListedVariable, **known: object) -> Setting:
    return audit("A", expected, Inventory(entries, **known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expected", "entries", "problem"),
    [
        pytest.param(SECRET, [], "A is missing in Production", id="missing"),
        pytest.param(
            SECRET, [ListedVariable("A", PREVIEW)], "A is set for Preview only, not for Production", id="Preview only"
        ),
        pytest.param(SECRET, [ListedVariable("A", PRODUCTION, value=Secret(""))], "A is empty", id="empty"),
        pytest.param(REVISION, [], "A is missing in Production", id="a feature flag that is unsafe when unset"),
        pytest.param(
            REVISION,
            [ListedVariable("A", PRODUCTION, value=Secret("0"))],
            "A does not have its safe value (1)",
            id="unsafe",
        ),
    ],
)
def test_what_is_wrong_names_the_variable(expected: Variable, entries: list[ListedVariable], problem: str) -> None:
    assert about(expected, *entries).problem == problem


@pytest.mark.parametrize(
    ("expected", "entries"),
    [
        pytest.param(SECRET, [ListedVariable("A", PRODUCTION, value=VALUE)], id="read and good"),
        pytest.param(
            SECRET,
            [ListedVariable("A", PREVIEW), ListedVariable("A", PRODUCTION, value=VALUE)],
            id="and another value for Preview",
        ),
        pytest.param(SECRET, [ListedVariable("A", PRODUCTION)], id="present, not read"),
        pytest.param(
            SECRET, [ListedVariable("A", PRODUCTION, value=Unread.SENSITIVE)], id="present, not readable, not empty"
        ),
        pytest.param(FLAG, [], id="a feature flag that is safe when unset"),
        pytest.param(
            FLAG, [ListedVariable("A", PREVIEW, value=Secret("1"))], id="a feature flag that is set in Preview only"
        ),
    ],
)
def test_what_is_in_order(expected: Variable, entries: list[ListedVariable]) -> None:
    found = about(expected, *entries)
    assert (found.problem, found.unproven, found.warnings) == (None, None, ())


def test_hidden_variables_make_missing_unproven() -> None:
    found = about(SECRET, hidden=2)
    assert found.problem is None
    assert found.unproven == "A was not found; 2 variable(s) of Production are hidden from this token"


def test_the_list_of_origins_is_needed_for_custom_domains_only() -> None:
    expected = Variable("origins", custom_domains=True)
    assert about(expected, domains=("inbox.vercel.app",)).problem is None
    assert about(expected, domains=("app.example.com",)).problem == "A is missing in Production"


def test_a_feature_flag_that_cannot_be_read_is_a_warning() -> None:
    assert about(REVISION, ListedVariable("A", PRODUCTION)).warnings == ("A is set, but its value was not read",)


@pytest.mark.parametrize(
    ("name", "says"),
    [("A", "it takes effect with the next deployment"), ("NEXT_PUBLIC_A", "redeploy to build it in")],
)
def test_a_change_after_the_build_is_a_warning(name: str, says: str) -> None:
    inventory = Inventory((ListedVariable(name, PRODUCTION, changed_at=2, value=VALUE),), built_at=1)
    assert audit(name, SECRET, inventory).warnings == (f"{name} was changed after the running build: {says}",)


@pytest.mark.parametrize(
    ("entries", "commands"),
    [
        ([], ("vercel env add A production",)),
        (
            [ListedVariable("A", PRODUCTION, value=Secret(""))],
            ("vercel env rm A production --yes", "vercel env add A production"),
        ),
    ],
)
def test_the_commands_that_mend_it_hold_no_value(entries: list[ListedVariable], commands: tuple[str, ...]) -> None:
    assert about(SECRET, *entries).commands == commands


def test_secrets_under_public_names_are_found() -> None:
    names = ("NEXT_PUBLIC_SUPABASE_ANON_KEY", "NEXT_PUBLIC_APP_URL", "NEXT_PUBLIC_OPENAI_API_KEY", "CRON_SECRET")
    inventory = Inventory(tuple(ListedVariable(name, PRODUCTION) for name in names))
    assert public_secrets(inventory) == ("NEXT_PUBLIC_OPENAI_API_KEY",)


def test_no_value_is_shown_by_accident() -> None:
    entry = ListedVariable("A", PRODUCTION, value=Secret("x7x7x7x7"))
    assert "x7x7x7x7" not in repr(audit("A", SECRET, Inventory((entry,))))
