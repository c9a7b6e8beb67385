"""Rows and fields of people that a message holds without quotes: a line of a CSV file, YAML, the values of a where-clause, an id.

Like what stands in quotes, they name one instance of a trouble. Which words stand before them is data: vocabulary.toml.
"""

from __future__ import annotations

import re

from postdeploy.analysis.quoted_names import is_reason
from postdeploy.analysis.vocabulary import WORDS, is_known
from postdeploy.analysis.word_shapes import SLOT


def _any(words: frozenset[str]) -> str:
    return "|".join(sorted(map(re.escape, words)))


_ROW = re.compile(
    rf"(?i)(\b(?:{_any(WORDS.before_rows)})(?: #?\d{{1,9}})?:)[ \t]*+"
    r"(?:[^\s,;|\t]+(?: [^\s,;|\t]+){0,3}(?:(?:;|\|)(?=\S)|\t)[^\n]*|(?:[^\s,]+,){2,}[^\s,]+(?=\n|$))"
)
"""Cells behind `row 7:`; `row 7: expected 3 fields, got 2` is a sentence."""
_FIELD = re.compile(rf"(?i)(\n[ \t]*(?:- )?(?:{_any(WORDS.fields_of_people)}): )(?![\"'`\[{{])([^\n]+)")
_CLASS = re.compile(r"\w*(?:Error|Exception)\b")
_WHERE = re.compile(r"(?i)\bwhere\b")
_COMPARED = re.compile(
    r"(?i)((?<=[\w\"\])]) (?:=|<>|!=|[<>]=?|i?like) )(?!null\b|true\b|false\b)([^\s'\"`(){},;=$]+)(?![\w(.])"
)
_ID = re.compile(rf"(?i)(\binvalid (?:{_any(WORDS.before_ids)}|id):? )([^\s'\"`(){{}},;=:.]+)")
_ENDINGS = ("ing", "ed", "ion", "able", "ible", "ment", "ity", "th")


def without_rows(text: str) -> str:
    """The text without them."""
    if ":" in text:
        text = _ROW.sub(rf"\1 {SLOT}", text)
        if "\n" in text:
            text = _FIELD.sub(_unless_reason, text)
    if where := _WHERE.search(text):
        text = text[: where.end()] + _COMPARED.sub(_unless_column, text[where.end() :])
    return _ID.sub(_unless_word, text) if "nvalid " in text else text


def _unless_reason(found: re.Match[str]) -> str:
    """`name: must not be empty` says what is wrong with a field."""
    is_said = _CLASS.match(found[2]) or is_reason(found[2])
    return found[0] if is_said else found[1] + SLOT


def _unless_column(found: re.Match[str]) -> str:
    """`l.id = w.lead_id` compares columns."""
    return found[0] if "." in found[2] or "_" in found[2] else found[1] + SLOT


def _unless_word(found: re.Match[str]) -> str:
    """`invalid uuid format` is a sentence."""
    word = found[2].lower()
    return found[0] if is_known(word) or word.endswith(_ENDINGS) or len(word) < 3 else found[1] + SLOT
