"""What an error line quotes of a person outside, in quotation marks or without: the app does not mean what it says.

A sentence is the app's own where the line begins with it; where the class of an error, a code, a driver's words, a field for errors or
an operation that failed stands before it; or where a stack stands behind it. It is a quotation behind what was not done with a text
(`could not classify`), behind words for an outsider's text (`subject=`, `inbound reply:`), and behind who said it (`the lead wrote:`).
On a route by which people outside send texts, several words before a colon need to say that something failed. The words are data:
runbook/defaults/quotations.toml.
"""

from __future__ import annotations

import itertools
import json
import re
import tomllib

import msgspec

from postdeploy.runbook.aliases import QUOTATIONS


class _Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file explains each."""

    text_deeds: str
    settings: str
    about_texts: str
    undone: str
    unread: str
    nothing: str
    texts: str
    of_outsiders: str
    senders: str
    left_aside: str
    quoted: str
    labels: str
    plain_labels: str
    holders: str
    speakers: str
    said: str
    heard: str
    operations: str
    failed: str
    parts_of_the_app: str
    failed_for_sure: str
    own: str


_DATA = msgspec.convert(tomllib.loads(QUOTATIONS.read_text(encoding="utf-8")), _Wording)


def _any(words: str) -> str:
    return "|".join(words.split())


def _phrases(pattern: str) -> str:
    """For a pattern in which blanks mean nothing."""
    return pattern.strip().replace(" ", r"\s")


_TEXT = rf"(?:{_any(_DATA.texts)})"
_NAMED = (
    r"(?:\s(?:\#?[\w-]*\d[\w-]*|<[^>\n]{1,80}>|\([^)\n]{1,60}\)|(?:from|of|by|for|in|with|to)\s[^\s:=]{1,60})){0,3}"
)
"""Which of them, and whose: `reply 12 from anna@acme.de`."""
_LED = r"(?:\s?(?:=>|->|[:=])\s?|(?=\s?[,;–—]\s|\s-\s)|\s)"
"""What stands between that and the text; what is set apart (`, OPENAI_API_KEY is not set`) is none."""
_SETTING = r"(?-i:[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b(?!\s(?:is|was|isn|are|has|must|needs|not)\b)"
"""A setting by its name, of which nothing is said: `could not parse DATABASE_URL: …`."""
_DEED = re.compile(
    rf"""(?ix)
    \b(?:{_phrases(_DATA.undone)})\s(?:be\s|\w+ly\s)?(?:{_any(_DATA.text_deeds)})(?:e?d)?\b(?!\s(?:the\s|our\s)?(?:(?:{_any(_DATA.settings)})\b|{_SETTING}))
      (?:\s(?:the|a|an|this|that|its|their|it|as|into|any|new|inbound|incoming|lead.s|customer.s)\b){{0,3}}(?:\s{_TEXT}\b)?
      (?:\s(?:{_any(_DATA.labels)})\b)?{_NAMED}{_LED}
  | \b(?:{_phrases(_DATA.undone)})\s\w+\s{_phrases(_DATA.about_texts)}\b(?:\sof|\sfor)?(?:\s{_TEXT}\b)?{_NAMED}{_LED}
  | \b(?:{_any(_DATA.unread)})\b(?:\s\w+)?\s{_TEXT}\b{_NAMED}{_LED}
  | \b(?:{_any(_DATA.unread)})(?:\s(?:for|in|from|by)(?:\s\w+)?)?\s?[:=]\s?
  | \b{_phrases(_DATA.nothing)}\b(?:\s(?:the|a|an|this|that))?(?:\s(?:\w+\s)?{_TEXT}\b)?{_NAMED}{_LED}
  | (?:^|(?<=[\s,;(])) (?:{_any(_DATA.speakers)})(?:\s\#?[\w-]*\d[\w-]*)?(?:\s(?:has|had|just))?\s(?:{_any(_DATA.said)})\b
      (?:\s(?:us|back|in|that|about))?{_LED}
    """
)
_LETTERS = r"(?<![\w.\"'`-])"
_HELD = rf"{_LETTERS}(?:(?:{_any(_DATA.holders)})\.){{0,3}}(?:(?:{_any(_DATA.holders)})_?)?"
_SENT = re.compile(
    rf"""(?ix)
    {_LETTERS}(?:{_any(_DATA.of_outsiders)})\s(?:\w+\s)?{_TEXT}\b{_NAMED}\s?(?::|=>|->|=|\s(?=["“«]))\s?
  | {_LETTERS}{_TEXT}\s{_phrases(_DATA.senders)}\b[^\n:="“]{{0,60}}(?::|=>|->|=|\s(?=["“«]))\s?
  | {_HELD}(?:{_any(_DATA.labels)})(?:=|\s=\s)
  | {_HELD}(?:{_any(_DATA.plain_labels)}):\s?
    """
)
_LEFT_ASIDE = re.compile(
    rf"(?i)\b(?:{_any(_DATA.left_aside)})\s(?:\w+\s)?{_TEXT}\b{_NAMED}(?:\s?(?::|=>|->|=)\s?|\s(?=[\"“«]))"
    rf"|\b{_TEXT}\s(?:from|by)\s[^\n:=]{{1,60}}(?::|=>|->|=)\s|\b(?:{_DATA.quoted}):\s?"
)
_TAGS = (
    r"(?:\s|\x1b\[[\d;]{0,12}m|\[[^\]\n]{1,60}\]|\d{4}-\d\d-\d\dT[\d:.]{1,20}Z?|(?:ERROR|WARN(?:ING)?|INFO|FATAL)\b|(?i:error|warn(?:ing)?|info|fatal)(?=\x1b|:\s(?!\w+:))"
    r"|[^\w\s\"'`{\[(]){0,12}"
)
_WORDS_BEFORE_A_COLON = re.compile(rf"{_TAGS}(?P<words>[^\n:=\"'`{{\[(]{{1,120}}):\s")
_OPERATION = re.compile(rf"(?i)\b(?:{_any(_DATA.operations)})\b[^\n:=,;]{{0,60}}$")
_OPERATION_FIRST = re.compile(
    rf"(?i)(?:[\w.-]+ )?(?:{_any(_DATA.operations)})\b|[^\n]*\bnot (?:be )?(?:{_any(_DATA.operations)})\b"
)
_FAILED_FOR_SURE = re.compile(rf"(?i)\b(?:{_any(_DATA.failed_for_sure)})\b")
_FAILED = re.compile(rf"(?i)\b(?:{_any(_DATA.failed)})\b|/")
_PART = re.compile(rf"(?i)(?:[^\s@]+ ){{0,2}}(?:{_any(_DATA.parts_of_the_app)})(?: \#?\d+)?\s?")
_BEFORE = 120
"""Characters before a word for a text in which an operation is looked for."""
_MOST = 6
"""Places where a quotation may begin, and quotations of a line, that are looked at."""
_HEARD = frozenset(_DATA.heard.split())
_STACK = "\n    at "
_OWN = re.compile(rf"(?i)[\s\"'`(\[,;–—-]{{0,4}}(?:\{{|{'|'.join(_DATA.own.strip().split(chr(10)))})")
_SET_APART = re.compile(r"\s?(?:,|;|–|—|\s-)\s")
_LATER = re.compile(
    r"(?i)\n\s{0,8}(?:⨯|\[[\w .:-]{1,40}\]\s|\[?(?:error|fatal)\b|\[?[\w$.]{0,60}(?:error|exception)\b|\{|\d{4}-\d\d-\d\dT|\[cause\])"
    r"|\s\{\s|(?:^|\s)(?:err|error|cause|reason|exception)\w*=|\s[–—|;]\s(?=\[?[\w$.]{0,60}(?:error|exception)\b)"
)
"""Where the app speaks again behind a text."""
_THROWN = re.compile(r"(?<!\w)\[?[\w$.]{0,60}(?:Error|Exception)\]?(?: \[\w+\])?: [^\n]{0,1000}\n {4}at ")
_BEHIND = re.compile(rf"[ :]{{0,4}}(?:{_OWN.pattern[4:]})", re.IGNORECASE)
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "«": "»", "„": "“"}
_NEXT_FIELD = re.compile(r"[ ,;]{1,2}[\w.-]{1,40}=(?=\S)")
_LOGFMT = re.compile(r"(\b(?:msg|message)=\")((?:[^\"\\\n]|\\.){1,8000})")
_MESSAGES = ("msg", "message")
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def without(message: str, *, inbound: bool) -> str:
    """The message without such texts; without any, the same object. `inbound`: its route is one by which people outside send texts."""
    if message.lstrip()[:1] == "{":
        return _in_fields(message, inbound=inbound)
    if found := _LOGFMT.search(message):
        said = _of_line(found[2], inbound=inbound)
        return message if said is found[2] else message[: found.start(2)] + said + message[found.end(2) :]
    return _of_line(message, inbound=inbound)


def _in_fields(line: str, *, inbound: bool) -> str:
    """A line of JSON: its own message is read like any other line."""
    try:
        fields = {name: msgspec.json.decode(value) for name, value in _fields.decode(line.encode()).items()}
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return line
    for name in _MESSAGES:
        if isinstance(said := fields.get(name), str):
            kept = _of_line(said, inbound=inbound)
            return line if kept is said else json.dumps({**fields, name: kept}, ensure_ascii=False)
    return line


def _of_line(text: str, *, inbound: bool, most: int = _MOST) -> str:
    for begins in _begins(text, inbound=inbound)[:_MOST] if most else ():
        rest = text[begins:]
        kept = _own_part(rest)
        if kept != rest:
            return f'{text[:begins]}""{_of_line(kept, inbound=False, most=most - 1)}'
    return text


def _begins(text: str, *, inbound: bool) -> list[int]:
    """Where a quotation may begin, the first place first."""
    line = text[: text.find("\n")] + " " if "\n" in text else text
    sent = itertools.chain(_SENT.finditer(line), _LEFT_ASIDE.finditer(line) if inbound else ())
    found = itertools.chain(_DEED.finditer(line), filter(_is_sent, sent))
    ends = [one.end() for one in itertools.islice(found, _MOST)]
    led = _WORDS_BEFORE_A_COLON.match(line) if inbound else None
    if led and not _is_own(led["words"]):
        ends.append(led.end())
    return sorted(ends)


def _is_sent(text: re.Match[str]) -> bool:
    """Whether these words for a text are not what an operation of the app's own was for."""
    before = max(text.start() - _BEFORE, 0)
    return not (_OPERATION.search(text.string, before, text.start()) or _FAILED_FOR_SURE.search(text[0]))


def _is_own(words: str) -> bool:
    """Whether what stands before a colon names a part of the app, or something that failed."""
    if _FAILED.search(words) or _OPERATION_FIRST.match(words) or _PART.fullmatch(words):
        return True
    return " " not in words.strip() and "@" not in words and words.lower() not in _HEARD


def _own_part(rest: str) -> str:
    """What of it the app says itself."""
    if _OWN.match(rest) or _SET_APART.match(rest):
        return rest
    if _STACK in rest:
        thrown = _THROWN.search(rest)
        return rest[thrown.start() :] if thrown else rest
    ends = _end_of_quoted(rest)
    if ends and (_BEHIND.match(rest, ends) or _SET_APART.match(rest, ends)):
        return rest[ends:]
    later = [one.start() for one in (_LATER.search(rest, ends), _NEXT_FIELD.search(rest, ends)) if one]
    return rest[min(later) :] if later else ""


def _end_of_quoted(rest: str) -> int:
    """Behind a text in quotation marks that begins here: to the last mark of the line, or to one behind which the app speaks."""
    closing = _CLOSING.get(rest[:1])
    if closing is None:
        return 0
    line = rest.partition("\n")[0]
    ends = [at + 1 for at, letter in enumerate(line) if letter == closing and at]
    own = (end for end in ends if _BEHIND.match(line, end) or _SET_APART.match(line, end))
    return next(own, ends[-1] if ends else 0)
