"""What a line mentions, not troubles that the app has: what is quoted without a failure, what it announces, what is over by its own words.

A line of a request that went well may hold what was searched for, indexed, asked or released. It is an error's own text after all where a
word of failure stands before it (`sync failed: "…"`). A line of JSON says so in its message. The words are data:
runbook/defaults/mentions.toml.
"""

from __future__ import annotations

import json
import re
import tomllib

import msgspec

from postdeploy.analysis import quotations
from postdeploy.runbook.aliases import MENTIONS


class _Phrases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file explains each."""

    failures: str
    caught: str
    expected: str
    own_fields: str
    asked_fields: str
    checks: str
    about: str
    asked: str
    over: str
    ends_well: str
    not_over: str
    deeds: str
    changes: str
    drivers: str
    not_yet: str
    over_fields: str
    outcomes: str
    counts: str
    lasting: str
    well: str


_WORDS = msgspec.convert(tomllib.loads(MENTIONS.read_text(encoding="utf-8")), _Phrases)


def _any(patterns: str) -> str:
    return "|".join(patterns.strip().split("\n"))


_FAILURES = "|".join(map(re.escape, _WORDS.failures.split()))
_FAILING = re.compile(rf"(?i)(?<!\w)(?:{_FAILURES})")
_CAUGHT = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS.caught.split())})\b")
_EXPECTED = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS.expected.split())}) [\w ]{{0,40}}$")
_FIELD_NAMES = "|".join(_WORDS.own_fields.split())
_FIELD = re.compile(
    rf"(?i)(?:^\s{{0,40}}|[{{,(\[]\s{{0,8}})['\"]?(?:{_FIELD_NAMES})['\"]?\s?[:=]\s?$|\b(?:{_FIELD_NAMES})=$"
)
_OF_AN_OBJECT = re.compile(r"(?:^\s{1,40}|\{(?:[^\n]*,)?\s{0,8})['\"]?([\w.-]{1,40})['\"]?\s?:\s?$")
_ASKED_FIELDS = frozenset(_WORDS.asked_fields.split())
_TAGS = r"\s{0,8}(?:\[[\w .:-]{1,40}\]\s{0,4}){0,2}"
_CHECKS = re.compile(rf"(?i){_TAGS}(?:{_any(_WORDS.checks)}):\s?$")
_OVER = re.compile(rf"(?i)\b(?:{_any(_WORDS.over)})")
_ENDS_WELL = re.compile(rf"(?i)\b(?:{_any(_WORDS.ends_well)})[.!)]{{0,4}}$")
_GOES_ON = re.compile(
    r"(?i)\b(?:then|but)\b[^\n]{0,40}\bP\d{4}\b"
    rf"|(?:;|,|\bbut\b|\bbecause\b|\bthen\b|\bfor (?:0|no|none)\b)[^\n]{{0,120}}?(?:{_FAILURES})"
)
"""What stands behind that, where something else failed, or all of it did: `retry succeeded for 3, 9 failed`."""
_NOT_OVER = frozenset(_WORDS.not_over.split())
_NOT_YET = frozenset(_WORDS.not_yet.split())
_ENDS_A_CLAUSE = re.compile(r"[.,;:()](?:\s|$)|\n")
_WORDS_BEFORE = 3
_WORDS_OF_A_CLAUSE = 6
_OVER_FIELDS = frozenset(_WORDS.over_fields.split())
_OUTCOMES = frozenset(_WORDS.outcomes.split())
_COUNTS = frozenset(_WORDS.counts.split())
_LASTING = re.compile(_any(_WORDS.lasting))
_WELL = re.compile(_any(_WORDS.well))
_ABOUT = re.compile(rf"(?i)({_TAGS}(?:{_any(_WORDS.about)})\b[^\n:]{{0,60}}:)[^\n]*")
_ASKED = re.compile(rf"(?i)({_TAGS}(?:{_any(_WORDS.asked)})\s?:)[^\n]*")
_DEED = re.compile(rf"(?i)(?:\s*\[[^\]]*\])*\s*(?:{_any(_WORDS.deeds)}):$")
_SENTENCE = re.compile(
    r"(?im)(^\s{0,8}|[:;(]\s{0,8})(?:(?:then|but|and|because|now|is|with) )?"
    r"(?:\[?\w{0,60}(?:error|exception|fatal)\]?: {0,2}|P\d{4}:? ){0,3}"
    rf"(?:{_any(_WORDS.drivers)})\s{{0,4}}(?:[.;,)\]]{{1,3}}(?!\S)|$)"
)
_CHANGE = re.compile(rf"(?i)\b(?:{'|'.join(_WORDS.changes.split())})\b")
_COUNTED_AS_FAILED = re.compile(r"(?i)\bfail(?:ed|ures?|ing)?\b[^\n;]{0,40}$")
_QUOTED = re.compile(
    r"(?<=[\s(:=\[])(?:\"[^\"\n]{3,400}(?:\"|$)|“[^”\n]{3,400}(?:”|$)|«[^»\n]{3,400}(?:»|$)"
    r"|'(?:[^'\n]|(?<=\w)'(?=\w)){3,400}'(?!\w)|`[^`\n]{3,400}`(?!\w))",
    re.MULTILINE,
)
_QUOTES = frozenset("\"“«'`")
_BEFORE = 160
"""Characters before a quoted text that say what it is."""
_STACK = "\n    at "
_IN_QUOTES = re.compile(r"\s*\{\s*\"")
"""How JSON begins, and not what Node prints of an object."""
_MESSAGES = ("msg", "message")
_ERROR_STATUS = 400
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def without(message: str, *, inbound: bool = False) -> str:
    """The message without such texts; without any, the same object. Errors with a stack hold none.

    `inbound`: its route is one by which people outside send texts (`quotations`).
    """
    if _STACK in message:
        return message
    rest = _WELL.sub("", message) if _WELL.search(message) else message
    return _without_in_fields(rest, inbound) if rest.lstrip()[:1] == "{" else _without_in_words(rest, inbound)


def _without_in_words(message: str, inbound: bool) -> str:
    if inbound:
        message = quotations.without(message)
    if _is_over(message):
        return ""
    if found := _ABOUT.match(message):
        return message if _FAILING.search(found[1]) or _is_an_error(message, found) else found[1]
    if (found := _ASKED.match(message)) and not _FAILING.search(found[1]):
        return found[1] + message[found.end() :]
    if _QUOTES.isdisjoint(message):
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


def _without_in_fields(line: str, inbound: bool) -> str:
    """A line of JSON: its own message is read like any other, and one that is over takes its other fields with it."""
    try:
        fields = {name: msgspec.json.decode(value) for name, value in _fields.decode(line.encode()).items()}
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return line if _IN_QUOTES.match(line) else _without_in_words(line, inbound)
    said = next((fields[name] for name in _MESSAGES if isinstance(fields.get(name), str)), "")
    failed = any(_is_failure(name, value) for name, value in fields.items())
    if not failed and (_is_over(said) or any(fields.get(name) is True for name in _OVER_FIELDS)):
        return "" if not _LASTING.search(line) else line
    kept = _without_in_words(said, inbound)
    if kept is said or not kept:
        return line
    return json.dumps({name: kept if value is said else value for name, value in fields.items()}, ensure_ascii=False)


def _is_failure(name: str, value: object) -> bool:
    """Whether a field of a line of JSON says that what was tried failed after all."""
    if name in _COUNTS:
        return isinstance(value, int) and value > 0
    if name not in _OUTCOMES:
        return False
    if isinstance(value, str):
        return _FAILING.search(value) is not None
    return value is False or (isinstance(value, int) and value >= _ERROR_STATUS)


def _is_over(message: str) -> bool:
    line = message.strip()
    found = _OVER.search(line) or (_ENDS_WELL.search(line) if "\n" not in line else None)
    if not found or line.startswith("?", found.end()) or _is_denied(line, found) or _GOES_ON.search(line, found.end()):
        return False
    return not _LASTING.search(line)


def _is_denied(message: str, over: re.Match[str]) -> bool:
    """Whether it is not over: a word of denial stands before that, or within; or, in its clause, one that it is still to come."""
    before = message[max(over.start() - _BEFORE, 0) : over.start()].lower()
    words = [*before.split()[-_WORDS_BEFORE:], *over[0].lower().split()]
    if any(word.strip(".,;:()") in _NOT_OVER or word.endswith(("n't", "n\u2019t")) for word in words):
        return True
    return not _NOT_YET.isdisjoint(_ENDS_A_CLAUSE.split(before)[-1].split()[-_WORDS_OF_A_CLAUSE:])


def _kept(quoted: re.Match[str]) -> str:
    """The quoted text where it is an error's own, or a name: else its quotation marks."""
    text, start = quoted[0], quoted.start()
    before = quoted.string[max(quoted.string.rfind("\n", 0, start) + 1, start - _BEFORE) : start]
    if " " not in text or not any(map(str.isalnum, before)) or _FIELD.search(before) or _CHECKS.match(before):
        return text
    if (field := _OF_AN_OBJECT.search(before)) and field[1].lower() not in _ASKED_FIELDS:
        return text
    is_an_error = _FAILING.search(before) or _CAUGHT.search(before)
    return text if is_an_error and not _EXPECTED.search(before) else '""'
