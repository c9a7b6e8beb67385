"""A redactor is asked for the same texts again and again: it looks each up, and forgets what it kept once it has learnt more."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from postdeploy import redaction
from postdeploy.redaction import MASK, Redactor
from postdeploy.spellings import MIN_MIDDLE, escaped, over_lines, spellings_of

WORDS = st.text("abA.[\\ -\n", min_size=1, max_size=9)


class Counting(Redactor):
    """Counts what it looks through."""

    looked_through = 0

    def _redacted(self, text: str) -> str:
        self.looked_through += 1
        return super()._redacted(text)


def test_a_text_is_looked_through_once() -> None:
    redact = Counting(["hunter2hunter2"])
    texts = [f"check {number} saw hunter2hunter2" for number in range(40)]
    written = [[redact(text) for text in texts[:count]] for count in range(41)]
    assert written[-1] == [f"check {number} saw {MASK}" for number in range(40)]
    assert redact.looked_through == 40


def test_what_is_learnt_later_is_blotted_out_of_what_was_kept() -> None:
    redact = Redactor()
    assert redact("Ada Abbott, hunter2hunter2") == "Ada Abbott, hunter2hunter2"
    redact.learn_names(["Ada Abbott"])
    assert redact("Ada Abbott, hunter2hunter2") == f"{MASK}, hunter2hunter2"
    redact.hide("hunter2hunter2")
    assert redact("Ada Abbott, hunter2hunter2") == f"{MASK}, {MASK}"


def test_what_a_thread_finds_while_another_one_learns_is_not_kept() -> None:
    class Overtaken(Redactor):
        def _redacted(self, text: str) -> str:
            found = super()._redacted(text)
            self.learn_names(["Ada Abbott"])
            return found

    redact = Overtaken()
    assert [redact("Ada Abbott") for _ in range(2)] == ["Ada Abbott", MASK]


def test_what_is_kept_is_bounded() -> None:
    redact = Counting()
    long = "x" * (redaction._LONGEST_KEPT + 1)
    for text in (long, long, *(f"row {number}" for number in range(3 * redaction._MOST_KEPT))):
        redact(text)
    assert len(redact._kept) <= redaction._MOST_KEPT
    assert redact.looked_through == 3 * redaction._MOST_KEPT + 2


@given(secrets=st.lists(WORDS, max_size=3), names=st.lists(WORDS, max_size=5), text=st.text("abA.[\\ -\n", max_size=60))
def test_the_order_by_first_letters_finds_what_one_alternative_after_the_other_finds(
    secrets: list[str], names: list[str], text: str
) -> None:
    redact = Redactor(secrets)
    redact.learn_names(names)
    secrets = [each for one in secrets for each in (one, one.strip())]
    spellings = {each for one in secrets if len(one) >= redaction._MIN_SECRET for each in spellings_of(one)}
    values = {one for one in secrets if len(one) >= redaction._MIN_SECRET}
    known = {one.strip() for one in names if len(one.strip()) >= redaction._MIN_NAME}
    plain = [re.escape(one) for one in sorted(spellings, key=len, reverse=True)]
    for one in sorted(values, key=len, reverse=True):
        plain += over_lines(one) if len(one) >= MIN_MIDDLE else escaped(one)
    plain += [rf"\b{re.escape(one)}\b" for one in sorted(known, key=len, reverse=True)]
    pattern = redact._known()
    assert (pattern.findall(text) if pattern else []) == (re.findall("|".join(plain), text) if plain else [])
