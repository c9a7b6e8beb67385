"""By what errors are distinguished: the words of a message that name the trouble, without those that name one instance of it.

Trouble is named by class, code, module, column, constraint, variable, property, called service and its status. Ids, people, values,
amounts, times and places are `…`. The words are a function of one message and of runbook/defaults/vocabulary.toml: the same in
every build and in every log. What is learnt from a log as a whole stands in `grouping`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from postdeploy.analysis import error_fields, logger_lines, sentence_reader
from postdeploy.analysis.long_texts import marked, without_marks
from postdeploy.analysis.minified import without_given_class, without_given_names
from postdeploy.analysis.peoples_rows import without_rows
from postdeploy.analysis.statements import without_values
from postdeploy.analysis.vocabulary import WORDS
from postdeploy.analysis.word_shapes import SLOT, TEXT, has_digit, is_code, is_gibberish
from postdeploy.redaction import shown

MAX_LENGTH = 16_384
"""Characters of a message that are read; what follows is left out."""
_MAX_BEFORE = MAX_LENGTH - 4_096
_MAX_WORDS = 240
"""Characters of a fingerprint; of what follows it holds marks."""
_MAX_DETAILS = 120
"""… of them for what was found after the stack."""

_STACK = re.compile(r"\n[ \t]+at [^\n]")
"""Where a stack begins. After it Node prints the error's own fields: `{ code: 'P2002', digest: '…', [cause]: Error: … }`."""
_FRAME = re.compile(
    r"\n[ \t]+at (?:async )?(?:[\w$]{1,60}\.)?([A-Za-z_$][\w$]{2,60}) (?:\[as \w{1,60}\] )?\(([^\n()]{1,400})\)"
)
_NOT_THE_APP = re.compile(r"node:|node_modules|/next/dist/|<anonymous>|internal/")
_UNIQUE_FIELDS = re.compile(
    r"""["']?\bdigest["']?: ?["']?[\w@]+["']?,?"""
    r"""|["']?\b(?:debugId|request_?[iI]d|trace_?[iI]d|clientVersion|id|digest)["']?: ?["'][^"'\n]*["'],?"""
    r"""|,(?="(?:id|request_id|requestId|trace_id|traceId)":")"""
)
_ID_FIELD = re.compile(r"""(\b(?:debugId|request_?[iI]d|trace_?[iI]d)["']?: ?["'])[^"'\n]+""")
_NAMES_OF_IDS = ("debugId", "equestId", "equestid", "_id", "_Id", "traceId", "traceid")
"""Of these fields the value is one whatever it looks like."""
_FRAMES = re.compile(r"(?:\n[ \t]+at [^\n]*)+")
_INSTANCE = "1000000"
_CODE_FRAME = re.compile(r"\n[ \t]*(?:→|>)?[ \t]*\d{1,6}[ \t|][^\n]*")
_VALUE_OF_KEY = re.compile(r"\)=\([^()\n]*\)")
"""pg names the columns, then their values: `Key (email)=(…) already exists`."""
_FAILING_ROW = re.compile(r"(\bFailing row contains )\([^\n\"\\]*")
"""pg prints the whole row that breaks a constraint."""
_CLASS = re.compile(r"^[\s⨯]*(?:(?:Uncaught )?[A-Za-z_$][\w$.]{0,80}(?:Error|Exception)?: ?)?")
_OF_THE_LANGUAGE = frozenset({"TypeError", "RangeError", "ReferenceError", "SyntaxError", "URIError", "EvalError"})
_NAME_OF_THE_CODE = re.compile(r"[A-Za-z](?:[._$]|\(\))[A-Za-z]|^[a-z]+[A-Z](?!.*(?:Error|Exception)$)")
_LONG = re.compile(
    r"[0-9a-f](?:(?<!\w[0-9a-f])(?:[0-9a-f]{7}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|(?<=\d)\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z|(?:(?<=\d)|(?=[a-f]*\d))[0-9a-f]{7,}\b)|(?<=\d)\d{5,})"
)
"""Instances whatever stands around them; replaced at once, so that few heads differ and few are read."""
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]|-(?!----))*+(?:-----END [A-Z ]{1,40}-----)?"
    r"|\b(?:BEGIN|END) [A-Z ]{0,40}PRIVATE KEY\b"
)
_ERROR = r"(?:[A-Z]\w{0,60})?(?:Error|Exception)\b"
_DRESS = re.compile(
    rf"\s*(?:(?:\[?(?:{_INSTANCE}|(?:\d{{4}}[-/]\d\d[-/]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?Z?)\]?\s{{1,4}}){{0,2}}"
    rf"(?:\[?(?:ERROR|FATAL|error|fatal)\]?(?: \(\d{{1,9}}\))?:?\s{{1,4}})?(?=[⨯✖❌×✗✘]|\[?{_ERROR}))?"
    rf"(?:[⨯✖❌×✗✘]\ufe0f?\s*)?(?:(?:unhandledRejection|uncaughtException):\s{{0,4}}(?=\[?{_ERROR}))?"
)
"""What loggers, Next and Node write before an error: a time and a level, a mark, how it was caught. The error is the same without."""
_NAMED_CLASS = re.compile(r"Error \[((?:[A-Z]\w{0,60})?(?:Error|Exception))\](?=: )")
"""How Node prints an error whose name was set: `Error [TypeError]: …`."""
_BRACKETS = re.compile(rf"\[({_ERROR}[^\n]*)\](?=\s*(?:\{{|\Z))")
"""How Node prints an error without a stack."""
_NO_FIELDS = re.compile(r"\s*\{[\s,]*\}?\s*\Z")
_CUT = "\ue001"
"""Where words were cut, while the others are read."""
_DETAILS = "\n⋯"
"""Between what stands before the stack and what was found after it."""


def without_instances(message: str) -> str:
    """What of a message is read, without what is an instance whatever stands around it. What is equal so has equal words."""
    text = shown(message[:MAX_LENGTH]).replace(SLOT, "...")
    text = _PRIVATE_KEY.sub(_INSTANCE, text) if "PRIVATE KEY" in text else text
    text = _FAILING_ROW.sub(r"\1(…)", text) if "Failing row" in text else text
    if any(name in text for name in _NAMES_OF_IDS):
        text = _ID_FIELD.sub(rf"\g<1>{_INSTANCE}", text)
    frames = _FRAMES.search(text)
    if frames is None:
        return _LONG.sub(_INSTANCE, text)
    before, behind = text[: frames.start()], text[frames.end() :]
    return f"{_LONG.sub(_INSTANCE, before)}{frames[0]}{_LONG.sub(_INSTANCE, behind)}"


def head(text: str) -> str:
    """Of what `without_instances` left, all before the stack, and what the fields after it say. Equal heads have equal words."""
    if (said := logger_lines.read(text)) is not None:
        frame = _own_function(said.stack) if _says_nothing(said.error) else ""
        return f"{said.message}{said.rest}{_DETAILS} at {frame}" if frame else said.message + said.rest
    stack = _STACK.search(text)
    if stack is None:
        return text
    before, after = text[: min(stack.start(), _MAX_BEFORE)], text[stack.start() :]
    before = without_given_class(before, has_stack=True)
    details, says_nothing = _read_around_stack(before, _FRAMES.sub("", after))
    if says_nothing and (frame := _own_function(after)):
        details += f" at {frame}"
    return f"{before}{_DETAILS}{details}" if details else before


def has_stack(message: str) -> bool:
    """Whether the message goes on behind its words: they are whole, even if its end was cut off."""
    return _STACK.search(message, 0, MAX_LENGTH) is not None


def words(message: str) -> str:
    """The message in one line, by which it is distinguished; at most 240 characters."""
    return words_of(without_fields(head(without_instances(message))))


def without_fields(head: str) -> str:
    """A head without the fields that differ from request to request: heads that are equal without them have equal words."""
    before, between, details = head.partition(_DETAILS)
    return f"{_UNIQUE_FIELDS.sub('', before)}{between}{details}"


def words_of(rest: str) -> str:
    """The words of what `without_fields` left of a head."""
    return _line(rest).replace(TEXT, SLOT)


def named_slots(line: str, message: str = "", *, alone: bool = True) -> str:
    """The words as they are shown: `‹id›` and `‹text›` where an instance stood.

    `message`: what they were made of, if it is there. `alone`: without single words, too, that may be names.
    """
    return _named_slots(line, without_fields(head(without_instances(message))) if message else "", alone)


@lru_cache(maxsize=512)
def _named_slots(line: str, rest: str, alone: bool) -> str:
    """`rest`: what `without_fields` left of the message: the same trouble on many routes is shown in the same words."""
    from postdeploy.analysis.names_of_people import without_names  # noqa: PLC0415 - its patterns are for what is shown

    found = _line(rest) if rest else ""
    if found.replace(TEXT, SLOT) != line:
        found = line.replace(SLOT, TEXT)
    found = without_marks(found, _CUT).replace(SLOT, "‹id›").replace(TEXT, "‹text›")
    return without_names(found, alone=alone).replace(_CUT, "…")


def _line(rest: str) -> str:
    before, _, details = rest.partition(_DETAILS)
    found = marked(sentence_reader.read(details), _MAX_DETAILS) if details else ""
    before = _VALUE_OF_KEY.sub(")=(…)", without_rows(_prepared(before)))
    line = sentence_reader.read(before)
    if len(line) > _MAX_WORDS and (shorter := without_values(before)) != before:
        line = sentence_reader.read(shorter)
    return f"{marked(line, _MAX_WORDS - len(found) - 1)} {found}".strip() if found else marked(line, _MAX_WORDS)


def names_trouble(text: str) -> bool:
    """Whether these words name a trouble (code, status, error of the language, name of the code), or only say that there is one."""
    return any(map(_names, text.split()))


def _names(word: str) -> bool:
    bare = word.strip(".,:;()[]{}'\"!?⨯")
    return is_code(bare) or has_digit(bare) or bare in _OF_THE_LANGUAGE or bool(_NAME_OF_THE_CODE.search(bare))


def _prepared(text: str) -> str:
    text = without_given_names(without_given_class(error_fields.without_class(text), has_stack=False))
    return _undressed(_CODE_FRAME.sub("", text))


def _undressed(text: str) -> str:
    """An error without what it is printed in: ` ⨯ [TypeError: x] { }` and `Error [TypeError]: x` as `TypeError: x`."""
    dress = _DRESS.match(text)
    text = _NAMED_CLASS.sub(r"\1", text[dress.end() :] if dress else text, count=1)
    brackets = _BRACKETS.match(text)
    if brackets is None:
        return text
    rest = text[brackets.end() :]
    return brackets[1] + ("" if _NO_FIELDS.match(rest) else rest)


@lru_cache(maxsize=512)
def _read_around_stack(before: str, after: str) -> tuple[str, bool]:
    """The details, and whether all before the stack names nothing: many messages differ only in their ids, which are gone."""
    return error_fields.details(before, after), _says_nothing(before)


def _says_nothing(before: str) -> bool:
    text = " ".join(before.split())
    rest = _CLASS.sub("", text, count=1) if len(text) < 120 else text
    first = rest.partition(". ")[0].strip(" .!:").lower()
    return not first or first in WORDS.empty or (first.endswith("error") and " " not in first)


def _own_function(after: str) -> str:
    """The app's own function on top of the stack: names of functions survive where files and lines change from build to build."""
    for one in _FRAME.finditer(after):
        if not _NOT_THE_APP.search(one[2]):
            return one[1] if len(one[1]) > 3 and not is_gibberish(one[1]) else ""
    return ""
