"""Texts that differ in one place may be one error; never where a code, a class, a status or a name of the code stands."""

from __future__ import annotations

import pytest

from postdeploy.analysis import grouping


def counts(*texts: str) -> list[int]:
    return [len(group.texts) for group in grouping.groups(texts)]


@pytest.mark.parametrize(
    "template",
    [
        "Error: tag {} is not known here",
        "Error: the template {} holds no text",
        "⨯ Error: nobody answers in {} today",
        "Error: campaign mail for {} bounced",
    ],
)
def test_four_texts_that_differ_in_one_name_may_be_one_error(template: str) -> None:
    assert counts(*(template.format(name) for name in ("Anna", "Ben", "Cem", "Dora"))) == [4]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([f"Error: query failed with code {c} here" for c in ("P2002", "P2024", "P2025", "P1001")], id="codes"),
        pytest.param([f"Error: the service answered {c} again" for c in (401, 404, 502, 503)], id="statuses"),
        pytest.param([f"{c}: the lead is not valid" for c in ("TypeError", "RangeError", "SyntaxError", "Error")], id="classes"),
        pytest.param([f"Cannot find module {c} in bundle" for c in ("sharp", "canvas", "bcrypt", "pg")], id="modules"),
        pytest.param([f"the column {c} does not exist" for c in ("score", "stage", "owner", "phone")], id="columns"),
        pytest.param([f"{c} is not set here" for c in ("A_KEY", "B_KEY", "C_KEY", "D_KEY")], id="variables"),
        pytest.param([f"Error: the lead was not {c} today" for c in ("saved", "deleted", "merged", "assigned")], id="verbs"),
        pytest.param([f"Cannot read properties of undefined (reading {c}) again" for c in "abcd"], id="properties"),
        pytest.param([f"Invalid {c} invocation: timed out" for c in ("lead.find()", "deal.find()", "a.b()", "c.d()")], id="calls"),
        pytest.param([f"⨯ Error: {c}" for c in ("Alpha", "Beta", "Gamma", "Delta")], id="nothing in common but the class"),
    ],
)  # fmt: skip
def test_what_names_the_trouble_is_never_a_place_for_instances(texts: list[str]) -> None:
    assert counts(*texts) == [1] * 4


def test_three_names_are_too_few_unless_one_of_them_is_seen_to_be_an_instance() -> None:
    assert counts("Error: the tag Anna is bad", "Error: the tag Ben is bad", "Error: the tag Cem is bad") == [1] * 3
    assert counts("Error: the tag Anna is bad", "Error: the tag … is bad") == [2]


def test_a_group_says_why_it_is_one() -> None:
    [group] = grouping.groups(f"Error: tag {name} is not known" for name in ("Anna", "Ben", "Cem", "Dora", "Eva"))
    assert str(group) == "5 variants: Error: tag {Anna; Ben; Cem; Dora; …} is not known"


def test_beyond_the_bound_texts_stay_on_their_own() -> None:
    texts = [f"Error: tag {'x' * (n % 60)}y{'z' * (n // 60)} is not known" for n in range(grouping.MOST_TEXTS + 5)]
    assert counts(*texts) == [grouping.MOST_TEXTS, 1, 1, 1, 1, 1]
