"""What a line mentions, not troubles that the app has: what is quoted without a failure, what it announces, what is over by its own words.

A line of a request that went well may hold what was searched for, indexed, asked or released. It is an error's own text after all where a
word of failure stands before it (`sync failed: "…"`). The words are data: runbook/defaults/mentions.toml.
"""

from __future__ import annotations

import re
import tomllib

import msgspec

from postdeploy.runbook.aliases import MENTIONS


class _Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file explains each."""

    failures: str
    expected: str
    own_fields: str
    about: str
    over: str
    not_over: str
    deeds: str
    changes: str
    sentences: str


_WORDS = msgspec.convert(tomllib.loads(MENTIONS.read_text(encoding="utf-8")), _Phrases)
_FAILING = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, _WORDS.failures.split()))})")
_EXPECTED = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS.expected.split())}) [\w ]{{0,40}}$")
_FIELD_NAMES = "|".join(_WORDS.own_fields.split())
_FIELD = re.compile(
    rf"(?i)(?:^\s{{0,40}}|[{{,(\[]\s{{0,8}})['\"]?(?:{_FIELD_NAMES})['\"]?\s?[:=]\s?$|\b(?:{_FIELD_NAMES})=$"
)
_OVER = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS.over.strip().split(chr(10)))})")
_GOES_ON = re.compile(
    rf"(?i)(?:;|,|\bbut\b|\bbecause\b|\bthen\b|\bfor (?:0|no|none)\b)[^\n]{{0,120}}?(?:{'|'.join(map(re.escape, _WORDS.failures.split()))})"
)
"""What stands behind that, where something else failed, or all of it did: `retry succeeded for 3, 9 failed`."""
_NOT_OVER = frozenset(_WORDS.not_over.split())
_WORDS_BEFORE = 3
_ABOUT = re.compile(
    rf"(?i)(\s{{0,8}}(?:\[[\w .:-]{{1,40}}\]\s{{0,4}}){{0,2}}(?:{'|'.join(_WORDS.about.strip().split(chr(10)))})\b[^\n:]{{0,60}}:)[^\n]*"
)
_DEED = re.compile(rf"(?i)(?:\s*\[[^\]]*\])*\s*(?:{'|'.join(_WORDS.deeds.strip().split(chr(10)))}):$")
_SENTENCE = re.compile(
    r"(?im)(^\s{0,8}|[:;(]\s{0,8})(?:(?:then|but|and|because|now|is|with) )?"
    r"(?:\[?\w{0,60}(?:error|exception|fatal)\]?: {0,2}|P\d{4}:? ){0,3}"
    rf"(?:{'|'.join(_WORDS.sentences.strip().split(chr(10)))})\s{{0,4}}(?:[.;,)\]]{{1,3}}(?!\S)|$)"
)
_CHANGE = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS.changes.split())})\b")
_COUNTED_AS_FAILED = re.compile(r"(?i)\bfail(?:ed|ures?|ing)?\b[^\n;]{0,40}$")
_QUOTED = re.compile(
    r'(?<=[\s(:=\[])(?:"[^"\n]{3,400}(?:"|$)|“[^”\n]{3,400}(?:”|$)|«[^»\n]{3,400}(?:»|$))', re.MULTILINE
)
_BEFORE = 160
"""Characters before a quoted text that say what it is."""
_STACK = "\n    at "


def without(message: str) -> str:
    """The message without such texts; without any, the same object. Lines of JSON, and errors with a stack, hold none."""
    if message.lstrip()[:1] == "{" or _STACK in message:
        return message
    if (
        (found := _OVER.search(message))
        and not _is_denied(message, found)
        and not _GOES_ON.search(message, found.end())
    ):
        return ""
    if found := _ABOUT.match(message):
        return message if _FAILING.search(found[1]) or _is_an_error(message, found) else found[1]
    if not any(quote in message for quote in '"“«'):
        return message
    kept = _QUOTED.sub(_kept, message)
    return message if kept == message else kept


def _is_an_error(message: str, about: re.Match[str]) -> bool:
    """Whether what follows is not a text that the line is about: a driver's whole sentence, said of a deed of the app's own."""
    is_deed = _DEED.fullmatch(about[1]) is not None
    text = message[about.end(1) :]
    return any(
        (is_deed or found[1][:1] == ";" or _COUNTED_AS_FAILED.search(text, 0, found.start()))
        and not _EXPECTED.search(text[: found.start()])
        and not _CHANGE.search(text, 0, found.start())
        for found in _SENTENCE.finditer(text)
    )


def _is_denied(message: str, over: re.Match[str]) -> bool:
    """Whether it is not over: a word of denial stands before that, or within."""
    words = [
        *message[max(over.start() - _BEFORE, 0) : over.start()].lower().split()[-_WORDS_BEFORE:],
        *over[0].lower().split(),
    ]
    return any(word.strip(".,;:()") in _NOT_OVER or word.endswith(("n't", "n\u2019t")) for word in words)


def _kept(quoted: re.Match[str]) -> str:
    """The quoted text where it is an error's own, or a name: else its quotation marks."""
    text, start = quoted[0], quoted.start()
    before = quoted.string[max(quoted.string.rfind("\n", 0, start) + 1, start - _BEFORE) : start]
    if " " not in text or _FIELD.search(before):
        return text
    return text if _FAILING.search(before) and not _EXPECTED.search(before) else '""'
