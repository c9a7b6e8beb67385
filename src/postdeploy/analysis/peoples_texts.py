"""Texts that people or models wrote, in a line of the app: the app does not mean what they say.

They stand in fields (`body`, `latest_reply`), begin like letters or quote one, are not the JSON that was expected, or were refused for what
they say. In a line of JSON or logfmt, and in an object that Node prints, any field may hold one (`userAgent`, `company`): there only those
speak for the app in which loggers and libraries write errors. The words are data: runbook/defaults/peoples_texts.toml.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Callable, Iterable

import msgspec
import re2

from postdeploy.runbook.aliases import PEOPLES_TEXTS


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file explains each."""

    fields: frozenset[str]
    names: frozenset[str]
    before_message: frozenset[str]
    of_the_app: frozenset[str]
    greetings: tuple[str, ...]
    tags: tuple[str, ...]
    refused: tuple[str, ...]
    speaking: frozenset[str]
    speaking_parts: frozenset[str]
    speaking_last: frozenset[str]
    naming: frozenset[str]
    forms: tuple[str, ...]


def _read() -> _Words:
    lists = tomllib.loads(PEOPLES_TEXTS.read_text(encoding="utf-8"))
    phrases = ("greetings", "refused", "forms")
    words = {name: text.split("\n" if name in phrases else None) for name, text in lists.items()}
    return msgspec.convert({name: [word for word in found if word] for name, found in words.items()}, _Words)


_WORDS = _read()
_MESSAGES = ("message", "msg")
_ONE_CASE = 0x0590
"""The scripts from here on know no capitals, and some of them no blanks."""


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words)))


def _greeting(text: str) -> str:
    first = text[0]
    both = f"[{first}{first.lower()}]" if len(first.lower()) == 1 and ord(first) < _ONE_CASE else re.escape(first)
    return both + re.escape(text[1:])


_AFTER_A_NAME = r"""\\?["']?[ ]?[:=][ ]?"""
_NAME = rf"([A-Za-z0-9_.-]{{1,64}}){_AFTER_A_NAME}(?=\[?[ \n]{{0,40}}\\?[\"'`])"
_FIELD = re.compile(rf"(?<![\w.-]){_NAME}")
_OF_AN_OBJECT = re.compile(rf"[{{,][ \n\t\\\"']{{0,80}}{_NAME}")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TEXT = re.compile(
    r"""\\"[^"\\]*(?:(?:\\\\\\"|\\[^"])[^"\\]*)*(?:\\")?|"[^"\\]*(?:\\.[^"\\]*)*"?|'[^'\\]*(?:\\.[^'\\]*)*'?|`[^`\\]*(?:\\.[^`\\]*)*`?""",
    re.DOTALL,
)
"""A text in quotation marks, also within a text of JSON; one without an end was cut off."""
_GOES_ON = re.compile(r"""(?:[ ]\+\n|,)\s{0,80}(?=\\?["'`])""")
"""How Node prints a text of several lines, and a list of texts."""
_OPENS = re.compile(r"\[[ \n]{0,40}")
_OF_VARIABLES = tuple(
    f"{scheme}{lacking}" for scheme in ("", "https://", "http://") for lacking in ("undefined", "null")
)
"""An address that begins so lacks a variable: `input: 'undefined/api'`, `input: 'https://undefined/api'`."""

_SPACED = "|".join(_greeting(one) for one in _WORDS.greetings if ord(one[0]) < _ONE_CASE)
_WITHOUT = "|".join(_greeting(one) for one in _WORDS.greetings if ord(one[0]) >= _ONE_CASE)
_GREETED = rf"(?:(?:{_SPACED})[ ,!.]|(?:{_WITHOUT}))"
_BEFORE = r"(?::[ ]?\n?|>[ ]?)['`]?"
_TO_ITS_END = r"[^\n]*?(?=\s(?:[-–—|]|\()\s?\[?\w{0,60}(?i:error|exception)\]?:\s|\n|\Z)"
"""A letter goes to the end of its line, or to where the app names its error: ` - Error: …`, ` (Error: …)`."""
_LETTER = re.compile(rf"({_BEFORE}){_GREETED}{_TO_ITS_END}")
_LETTER_IN_QUOTES = re.compile(rf'(["“„«]){_GREETED}(?:[^\n]*(?=["”»“])|[^\n]*)')
"""To the last quotation mark of the line: a reason may stand behind it."""
_LETTER_WITHIN = re.compile(
    rf"([ ])(?:(?:{_SPACED})(?:[ ]\w{{1,24}}){{0,3}}[,!]|(?:{_WITHOUT})\w{{0,12}}[,!\uff0c\u3001\u3002]){_TO_ITS_END}"
)
_QUOTED_LINES = re.compile(r"(:[ ]?\n?)>[ >][^\n]*(?:\n>[^\n]*)*")
_HTML = re.compile(rf"({_BEFORE})<(?:{_any(_WORDS.tags)})\b[^\n]*(?:\n\s{{0,40}}<[^\n]*)*")
_NOT_JSON = re.compile(r"(Unexpected token [^\n]{1,8}?, (?:\.\.\.)?)(?=\\?[\"'])")
_REFUSED = re.compile(rf"((?:{_any(_WORDS.refused)})[^\n\"'`:=]{{0,120}}[:=][ ]?)(?=\\?[\"'`])")

_NAMED = "|".join(
    (
        rf"(?i:{_any(_WORDS.fields)})[A-Za-z0-9_.-]*",
        rf"(?:^|[^A-Za-z])(?i:{_any(_WORDS.names)})(?i:s)?",
        rf"(?i:{_any(_WORDS.before_message)})[_.-]?(?i:{_any(_MESSAGES)})[A-Za-z0-9_.-]*",
    )
)
_MAY_BE_A_LETTER = rf"[:> \"“„«'`\n]{_GREETED}|:[ ]?\n?>[ >]|<(?:{_any(_WORDS.tags)})\b"
MAY_BE_PEOPLES = "|".join(
    (
        rf"(?:{_NAMED}){_AFTER_A_NAME}\[?[ \n]*\\?[\"'`]",
        _MAY_BE_A_LETTER,
        r"Unexpected token ",
        _any(_WORDS.refused),
        r"\bBody=",
    )
)
"""A message without a match holds no such text; found together with the runbook's patterns."""
_may_be_a_letter = re2.compile(_MAY_BE_A_LETTER).search
_may_be_sent = re2.compile(
    rf": [\"'`(]?(?:Re|RE|Fw|Fwd|FW|FWD|AW|WG|SV|TR|Réf): |Mozilla/|^\s*(?:\[[^\]\n]*\] ?)?(?i:{'|'.join(_WORDS.forms)})"
).search
_LETTERS = (_HTML, _QUOTED_LINES, _LETTER_IN_QUOTES, _LETTER, _LETTER_WITHIN)
_FORM = re.compile(r"(\bBody=)(?=[^\s\"'])[^&\n]*")
"""How Twilio sends what people wrote."""
_LINE_OF_FIELDS = re.compile(r"\s*(?:\{|[\w.]{1,40}=(?:\"[^\"\n]*\"|\S*) [\w.]{1,40}=)")
"""How a line of JSON or logfmt begins."""
_AROUND = "[ \n\\\"'`"
_SUBJECT = re.compile(r"(: [\"'`(]?)(?:Re|RE|Fw|Fwd|FW|FWD|AW|WG|SV|TR|Réf): [^\n]*")
_AGENT = re.compile(r"(\bMozilla/\d\.\d )\([^)\n]*\)?")
_SENT = re.compile(
    rf"(?i)(\s{{0,8}}(?:\[[^\]\n]{{1,40}}\] ?)?(?:{'|'.join(_WORDS.forms)})"
    r"(?: (?:spam|rejected|blocked|ignored|received|submission|submitted|message|entry|data|input|from \S{1,80}))*\b ?:?)"
    r"[ \n]*(?:\{|\w{1,40}=|(?!\W?\w*(?:Error|Exception)\b)[^\n]{0,200}\n\s{0,8}(?:⨯|\{|\[?(?:ERROR|error|FATAL|fatal)\b|\d{4}-)).*",
    re.DOTALL,
)
"""What an outsider sent with a form, where it looks like a row of its own."""
_OF_OPENTELEMETRY = ('"severityText":', '"severity_text":')
"""What its lines have besides `body`, which is the message there."""


def without_what_people_wrote(message: str, *, may_be_peoples: bool = True) -> str:
    """The message without such texts; without any, the same object. `may_be_peoples`: `MAY_BE_PEOPLES` matches it."""
    may_be_sent = _may_be_sent(_bytes(message)) is not None
    if may_be_sent and (found := _SENT.match(message)):
        return found[1]
    message = _without_fields(message, from_start=may_be_peoples)
    patterns = [_SUBJECT, _AGENT] if may_be_sent else []
    if may_be_peoples:
        for begins in (_NOT_JSON, _REFUSED):
            message = _without_texts(message, begins)
        patterns = [*(_LETTERS if _may_be_a_letter(_bytes(message)) else ()), _FORM, *patterns]
    for pattern in patterns:
        if pattern.search(message):
            message = pattern.sub(r'\1""', message)
    return message


def _bytes(message: str) -> bytes:
    """For RE2, which takes no half of a character."""
    return message.encode("utf-8", "replace")


def may_be_an_outsiders(message: str) -> bool:
    """Whether it is a line of fields, or holds an object (what outsiders wrote may stand in any field), or names what they sent."""
    return "{" in message or _may_be_sent(_bytes(message)) is not None or _LINE_OF_FIELDS.match(message) is not None


def _without_fields(message: str, *, from_start: bool) -> str:
    """`from_start`: not only those of a line of fields, and of objects."""
    is_telemetry = message.lstrip()[:1] == "{" and any(name in message for name in _OF_OPENTELEMETRY)
    message_field = "body" if is_telemetry else None

    def is_the_apps(name: str, _: str) -> bool:
        return name == message_field or not _is_peoples(name)

    def speaks(name: str, text: str) -> bool:
        is_one_word = " " not in text.replace(", ", "").strip(_AROUND)
        return name == message_field or _speaks(name) or (_names(name) and is_one_word)

    first = message.find("{")
    if _LINE_OF_FIELDS.match(message):
        message = _without_texts(message, _FIELD, speaks)
    elif first >= 0:
        message = _without_texts(message, _OF_AN_OBJECT, speaks, first)
    return _without_texts(message, _FIELD, is_the_apps) if from_start else message


def _without_texts(
    message: str, begins: re.Pattern[str], is_kept: Callable[[str, str], bool] | None = None, at: int = 0
) -> str:
    """`at`: from where on."""
    pieces, since = [], 0
    while found := begins.search(message, at):
        at = found.end()
        if message.startswith(_OF_VARIABLES, at + 1):
            continue
        ends = _end(message, at)
        if ends > at and not (is_kept and is_kept(found[1], message[at:ends])):
            pieces += [message[since:at], '""']
            since = at = ends
    return "".join((*pieces, message[since:])) if pieces else message


def _end(message: str, at: int) -> int:
    """Where the texts end that begin here."""
    if opens := _OPENS.match(message, at):
        at = opens.end()
    while found := _TEXT.match(message, at):
        at = found.end()
        goes_on = _GOES_ON.match(message, at)
        if not goes_on or (message[goes_on.start()] == "," and not opens):
            break
        at = goes_on.end()
    return at


@functools.lru_cache(4_096)
def _speaks(name: str) -> bool:
    """Whether loggers or libraries write errors in a field of this name."""
    if _is_peoples(name):
        return False
    parts = [part.lower() for part in _PARTS.findall(name)]
    is_of_an_error = not _WORDS.speaking_parts.isdisjoint(parts) or bool(_WORDS.speaking_last.intersection(parts[-1:]))
    return (
        is_of_an_error
        or name.isdigit()
        or name.isupper()
        or name.lower().replace("_", "").replace("-", "") in _WORDS.speaking
    )


@functools.lru_cache(4_096)
def _names(name: str) -> bool:
    """Whether a field of this name says, in a word, whom the line is about."""
    parts = _PARTS.findall(name.lower() if name.isupper() else name)
    return name.lower().replace("_", "") in _WORDS.naming or bool(parts and parts[-1].lower() in _WORDS.naming)


@functools.lru_cache(4_096)
def _is_peoples(name: str) -> bool:
    """Whether a field of this name holds what people wrote."""
    parts = [part.lower() for part in _PARTS.findall(name)]
    if {name.lower(), name.lower().removesuffix("s")} & _WORDS.names:
        return True
    if not _WORDS.of_the_app.isdisjoint(parts):
        return False
    if any(part in _WORDS.fields or part.removesuffix("s") in _WORDS.fields for part in parts):
        return True
    pairs = itertools.pairwise(parts)
    return any(first in _WORDS.before_message and second.removesuffix("s") in _MESSAGES for first, second in pairs)
