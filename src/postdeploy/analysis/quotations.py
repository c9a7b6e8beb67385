"""What an error line quotes of a person outside: the app does not mean what it says.

When in doubt the line speaks. A text is quoted only where all that stands before it, on its line, is known: a logger's marks and
one of `could not classify reply 12:`, `no intent found for message:`, `the lead wrote:`, `inbound reply from lead 7:`, `subject=`.
It ends with its quotation marks; without any, with its line, or where the app may speak again: at a failure, the end of a clause, a
colon, a dash, a bracket, the next field. An error with a stack holds none. Used on routes by which people outside send texts. The words
are data: runbook/defaults/quotations.toml.
"""

from __future__ import annotations

import re
import tomllib

import msgspec

from postdeploy.runbook.aliases import QUOTATIONS


class _Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file explains each."""

    texts: str
    before_texts: str
    senders: str
    undone: str
    text_deeds: str
    meanings: str
    said: str
    labels: str
    speaks_again: str


_WORDING = msgspec.convert(tomllib.loads(QUOTATIONS.read_text(encoding="utf-8")), _Wording)


def _any(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_TAGS = (
    r"(?:\s|\x1b\[[\d;]{0,12}m|\[[^\]\n]{1,60}\]|\(\d{1,8}\)|\d{4}-\d\d-\d\dT[\d:.]{1,20}Z?"
    r"|(?:ERROR|WARN|INFO)\b|error(?=:|\x1b)|[^\w\s\"'`{\[(]){0,12}"
)
"""What loggers print before a message. `Error:` is an error's class."""
_ID = r"(?:\#?[\w-]{0,40}\d[\w-]{0,40}|<[^>\s]{1,80}>)"
_PERSON = (
    rf"(?:(?:the )?{_any(_WORDING.senders)}(?: {_ID})?|<?[\w.+-]{{1,64}}@[\w.-]{{1,64}}>?|\+\d[\d ()/-]{{4,24}}\d)"
)
_TEXT = rf"(?:{_any(_WORDING.before_texts)} ){{0,3}}{_any(_WORDING.texts)}(?: {_ID})?"
_DEED = rf"{_WORDING.undone} (?:be )?{_any(_WORDING.text_deeds)} {_TEXT}(?: from {_PERSON})?"
_NOTHING = rf"no {_any(_WORDING.meanings)}(?: \w{{1,20}})? (?:for|in) {_TEXT}(?: from {_PERSON})?"
_SAID = rf"(?:the )?{_any(_WORDING.senders)}(?: {_ID})? {_any(_WORDING.said)}"
_FROM = rf"{_TEXT} from {_PERSON}"
_OTHER_FIELDS = r"(?:[\w.-]{1,40}=[^=\n]{0,200}?[ ,]{1,2}){0,6}?"
_LEAD = re.compile(
    rf"{_TAGS}(?i:(?:{_DEED}|{_NOTHING}|{_SAID}|{_FROM})(?: ?(?::|=|->|=>) ?| (?=[\"'`“«„]))"
    rf"|(?:(?:{_DEED}|{_NOTHING})[,;]? \(?)?{_OTHER_FIELDS}{_any(_WORDING.labels)}=)"
)
_OWN = re.compile(
    rf"(?i)[,.:;!?]\s|\t|\s[^\w\s\"'`“„«]{{1,3}}\s|\s[({{\[<]|[ ,]{{1,2}}[\w.-]{{1,40}}=|\b{_any(_WORDING.speaks_again)}\b(?!\.\w)"
)
"""Where the app may speak again behind a text."""
_MARKS = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»", "„": "“"}
_STACK = "\n    at "
_LOGFMT = re.compile(r"(\b(?:msg|message)=\")((?:[^\"\\\n]|\\.){1,8000})")
_MOST = 4
"""Fields of a line that are looked at."""


def without(message: str) -> str:
    """The message without such texts; without any, the same object."""
    if _STACK in message:
        return message
    if found := _LOGFMT.search(message):
        said = _of_line(found[2])
        return message if said is found[2] else message[: found.start(2)] + said + message[found.end(2) :]
    return _of_line(message)


def _of_line(text: str, most: int = _MOST) -> str:
    found = _LEAD.match(text)
    if not found or not most:
        return text
    begins = found.end()
    ends = _end(text, begins)
    if ends == begins:
        return text
    return f'{text[:begins]}""{_of_line(text[ends:], most - 1)}'


def _end(text: str, begins: int) -> int:
    """Where the text ends that begins here."""
    line_ends = text.find("\n", begins) if "\n" in text[begins:] else len(text)
    closing = _MARKS.get(text[begins : begins + 1])
    if closing and (ends := _end_of_quoted(text, begins, line_ends, closing)):
        return ends
    own = _OWN.search(text, begins, line_ends)
    return own.start() if own else line_ends


def _end_of_quoted(text: str, begins: int, line_ends: int, closing: str) -> int:
    """Behind its last quotation mark (0: it has none); others may stand within (`"relation "leads" is missing"`)."""
    depth = 0
    for at in range(begins, line_ends):
        if text[at] not in (text[begins], closing) or text[at - 1 : at] == "\\":
            continue
        before, behind = text[at - 1 : at], text[at + 1 : at + 2]
        if before.isalnum() and behind.isalnum():
            continue
        depth += 1 if at == begins or (before in " (" and behind.isalnum()) else -1
        if not depth:
            return at + 1
    return 0
