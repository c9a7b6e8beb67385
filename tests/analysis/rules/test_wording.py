"""Counts and spans in words."""

from __future__ import annotations

import pytest

from postdeploy.analysis.rules.wording import count, listed, minutes, over


@pytest.mark.parametrize(("number", "words"), [(0, "0 requests"), (1, "1 request"), (2, "2 requests")])
def test_one_is_no_plural(number: int, words: str) -> None:
    assert count(number, "request") == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(30, "30 s"), (59.5, "59.5 s"), (60, "1 minute"), (90, "1.5 minutes"), (600, "10 minutes")]
)
def test_from_a_minute_on_minutes_are_said(seconds: float, words: str) -> None:
    assert minutes(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, " at once"),
        (0.9, " at once"),
        (1, " over 1 s"),
        (1.6, " over 2 s"),
        (899, " over 899 s"),
        (900, " over 15 minutes"),
        (7200, " over 2 h"),
    ],
)
def test_how_long_it_lasted(seconds: float, words: str) -> None:
    assert over(seconds) == words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b", "c"), "a; b; c"),
        (("a", "b", "c", "d"), "a; b; c and 1 more"),
        (("a", "b", "c", "d", "e"), "a; b; c and 2 more"),
    ],
)
def test_the_first_few_are_listed(words: tuple[str, ...], said: str) -> None:
    assert listed(words) == said
    assert listed(iter(words)) == said
