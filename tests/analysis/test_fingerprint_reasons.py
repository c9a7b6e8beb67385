"""A client that prints its call first and the reason last: errors are distinguished by the reason, however long the call is."""

from __future__ import annotations

import json

import pytest

from postdeploy.analysis.fingerprint import words

NAMES = ("created", "updated", "sent", "read", "seen", "archived", "snoozed", "closed", "opened")
FIELDS = "".join(f"  {name}At: true,\n" for name in NAMES)
QUERY = (
    '{\n  where: {\n    workspaceId: "cljk3xq0p0000qz8k2v9d5b7a",\n    OR: [\n      { at: null },\n      { at: { lt: 5 } }\n    ]\n  },\n'
    f"  select: {{\n{FIELDS}  }},\n  take: 50\n}}"
)
PRISMA = " ⨯ PrismaClientValidationError: \nInvalid `prisma.conversation.findMany()` invocation"
STACK = "\n    at a (/var/task/1.js:1:1) {\n  digest: '1'\n}"
COLUMNS = ", ".join(f'"leads"."{name}_at"' for name in NAMES)
REASONS = (
    "Unknown argument `archived`. Did you mean `archivedAt`?",
    "Argument `take`: Invalid value provided. Expected Int, provided String.",
    "Unknown field `labels` for select statement on model `Conversation`.",
    "Argument `lastMessageAt` is missing.",
)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(f"{PRISMA}:\n\n{QUERY}\n\n{{}}{STACK}", id="over several lines"),
        pytest.param(
            f"{PRISMA} in\n/var/task/lib/inbox.ts:12:3\n\n{QUERY}\n\n{{}}{STACK}", id="with the place of the call"
        ),
        pytest.param(f"{PRISMA}:\n\n{QUERY}\n\n{{}}".replace("\n", " "), id="in one line"),
        pytest.param(f"Error: cannot load\n{QUERY}\n{{}}{STACK}", id="any value over several lines"),
    ],
)
def test_the_reason_behind_a_call_distinguishes(message: str) -> None:
    found = [words(message.replace("{}", reason)) for reason in REASONS]
    assert len(set(found)) == len(REASONS)
    assert all("archived" in found[0] and "labels" in found[2] for _ in found)


def test_the_reason_behind_a_call_distinguishes_in_json() -> None:
    found = {
        words(json.dumps({"level": "error", "message": f"{PRISMA}:\n\n{QUERY}\n\n{reason}"})) for reason in REASONS
    }
    assert len(found) == len(REASONS)


def test_the_reason_behind_a_statement_distinguishes() -> None:
    lead = f"error: select {COLUMNS} limit $1"
    columns = ["score", "snoozed", "tone", "owner"]
    assert len({words(f'{lead} - column "{name}" does not exist{STACK}') for name in columns}) == len(columns)


def test_another_query_with_the_same_reason_is_the_same_error() -> None:
    assert words(f"{PRISMA}:\n\n{QUERY}\n\n{REASONS[0]}") == words(f"{PRISMA}:\n\n{{\n  take: 1\n}}\n\n{REASONS[0]}")


def test_the_values_of_a_statement_do_not_distinguish() -> None:
    lead = 'DrizzleQueryError: Failed query: select "id" from "leads" where "name" = $1\nparams: '
    assert words(f"{lead}Anna,5{STACK}") == words(f"{lead}Ben Meier,7{STACK}")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (f"{PRISMA}:\n\n{{\n  take: 1\n}}", "take"),
        ("Error: Invalid environment:\n{\n  A_KEY: ['Required']\n}", "A_KEY"),
        ("Error: Invalid environment:\n{\n  A_KEY: ['Required']\n}\nSee the documentation", "A_KEY"),
        ("Error: cannot select a plan - it is full", "select a plan - it is full"),
    ],
)
def test_what_is_the_reason_itself_stays(message: str, said: str) -> None:
    assert said in words(message)
