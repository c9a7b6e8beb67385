"""The same error normalizes to the same text, in every build; different errors do not."""

from __future__ import annotations

import sys
import uuid
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.analysis.fingerprint import words

STACK = "\n    at {} (/var/task/.next/server/chunks/{}.js:{}:9)\n  digest: '{}'\n}}"


@given(st.uuids(), st.integers(0, 10**12), st.emails(), st.integers(1, 9999))
def test_what_differs_from_request_to_request_does_not_make_another_error(
    id_: uuid.UUID, number: int, address: str, chunk: int
) -> None:
    one = f" ⨯ Error: user {id_} has {number} leads at 10.0.0.1:5432" + STACK.format("a", chunk, number, chunk)
    other = " ⨯ Error: user 0b8f7c5e-1111-4222-8333-123456789abc has 3 leads at 10.9.0.1:5432" + STACK.format(
        "z", 7, 1, 4
    )
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TypeError: Cannot read properties of undefined (reading 'map')", "TypeError: Cannot read properties of undefined (reading 'id')"),
        ("Invalid `e.lead.findMany()` invocation", "Invalid `e.client.findMany()` invocation"),
        ("errorClass: 'db_error'", "errorClass: 'unknown'"),
        ("error: column \"a\" does not exist", "error: column \"b\" does not exist"),
        ("RangeError: x", "TypeError: x"),
    ],
)  # fmt: skip
def test_different_errors_normalize_differently(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Invalid `e.lead.findMany()` invocation", "Invalid `t.lead.findMany()` invocation"),
        ("[le [AuthApiError]: no", "[aa [AuthApiError]: no"),
        ("Error: x" + STACK.format("a", 1, 2, 3), "Error: x"),
        ("Error: no such file /var/task/a/1.js:1:2", "Error: no such file /var/task/b/2.js:9:9"),
    ],
)
def test_another_build_normalizes_to_the_same(one: str, other: str) -> None:
    assert words(one) == words(other)


@given(st.text(max_size=400))
def test_any_text_becomes_one_short_line(text: str) -> None:
    found = words(text)
    assert len(found) <= 240
    assert "\n" not in found


def test_a_message_that_was_cut_in_its_stack_normalizes_to_the_same() -> None:
    whole = "Error: the queue is full" + STACK.format("a", 1, 2, 3)
    assert words(whole[:45]) == words(whole)


@pytest.mark.parametrize("colour", ["\x1b[31m", "\u200b", "\x1b[0m\x1b[1m"])
def test_colours_make_no_other_error(colour: str) -> None:
    assert words(f"{colour}Error:{colour} the queue is full") == words("Error: the queue is full")


HOSTILE = [
    "a-",
    "a.",
    "a/",
    "(",
    "[",
    '"',
    "'a ",
    "`",
    "\\",
    "https://",
    "=",
    "…",
    "\n 1 ",
    "{a:",
    '{"a":',
    "\n    at a",
    "a@a.",
    "x_",
    "1",
    " ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_for_a_message_is_bounded_whatever_it_repeats(piece: str) -> None:
    """Counted in steps of the reader: a message four times as long takes no more than four times as many, and few in all."""
    steps = [_steps(piece * (size // len(piece))) for size in (4_000, 16_000)]
    assert steps[1] <= 4.5 * steps[0] + 100
    assert steps[1] <= 40_000


def _steps(message: str) -> int:
    """How many lines of ours run for it."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        if "postdeploy" not in frame.f_code.co_filename:
            return None
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        words(message)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", ["„Müller“", "„Müller”", "«Dupont»", "»Weiß«", "“Berger & Sons”", '"Tim Cook"'])
def test_names_in_quotes_of_any_language_are_left_out(name: str) -> None:
    assert words(f"Error: Kunde {name} nicht gefunden") == "Error: Kunde … nicht gefunden"


def test_in_quotes_of_any_language_what_the_code_names_is_kept() -> None:
    assert words("Relation »leads« existiert nicht") == "Relation leads existiert nicht"
