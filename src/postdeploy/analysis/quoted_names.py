"""What stands in quotes: a name of the code, which names the trouble, or the value of one instance."""

from __future__ import annotations

import re

from postdeploy.analysis import word_shapes
from postdeploy.analysis.vocabulary import WORDS
from postdeploy.analysis.word_shapes import is_code, is_gibberish

_LIKE_CODE = re.compile(r"(?:[a-z]+(?:[A-Z][a-z]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[a-z]+(?:_[a-z]+)+)\Z")
"""What reads like a name of the code, although no word before it says so: `workspaceId`, `lead_email`."""
_STEP = r"(?:[a-z]+(?:[A-Z][a-z]+)*|(?:[A-Z][a-z]+){2,6})"
_THING = re.compile(rf"{_STEP}(?:[-_.:]{_STEP}){{0,5}}\Z")
"""What programmers call steps, jobs and templates: `sync-leads`, `lead.list`; never `Anna`, `Black Friday`."""
_LONGEST = 60
_FRAMES = re.compile(r"\\n(?:[ ]|\\t){1,40}at ")
_ESCAPED_OBJECT = re.compile(r"\s*[{\[]\s*\\+\"")
_WORDS = re.compile(r"[^\W\d_]+(?:'t)?")
_SCRIPT_WITHOUT_BLANKS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{4}")
_NAME_OF_CODE = re.compile(r"\b(?:[a-z]+(?:_[a-z]+)+|[a-z]+(?:[A-Z][a-z]+)+)\b")
_SAYS_WHY = WORDS.plain | WORDS.about_secrets | WORDS.reasons
_OF_ERRORS = _SAYS_WHY.union(
    WORDS.titles, WORDS.things, WORDS.named, WORDS.kinds, WORDS.counted, WORDS.instances, WORDS.keys
)
_JOINTS = frozenset(["a", "an", "the", "of", "in", "on", "at", "to", "from", "for", "by", "with", "and", "as"])


def named(before: str, follows: str, inner: str) -> str:
    """What is named in quotes behind or before a word, in lower case, for a thing of the code; empty: it is an instance."""
    if (before in WORDS.named or follows in WORDS.named) and (found := word_shapes.named(inner)):
        return found
    is_one = before in WORDS.things or (follows in WORDS.things and before not in WORDS.instances)
    return inner if is_one and is_thing(inner) else ""


def is_thing(inner: str) -> bool:
    """Whether it reads like what programmers call a thing of theirs, not like what people write."""
    if len(inner) > _LONGEST or not _THING.match(inner):
        return False
    return not word_shapes.is_instance(inner) and not any(map(is_gibberish, re.split(r"[-_.:]", inner)))


def code(inner: str) -> str:
    """What is kept wherever it stands: a code, the name of a variable, a name of the code."""
    if is_code(inner) or (_LIKE_CODE.match(inner) and not any(map(is_gibberish, inner.split("_")))):
        return inner
    return word_shapes.slot(inner)


def is_sentence(inner: str) -> bool:
    """Whether it is more than one word; some scripts write no blanks."""
    return " " in inner or (not inner.isascii() and _SCRIPT_WITHOUT_BLANKS.search(inner) is not None)


def sentence(inner: str) -> str:
    """A sentence in quotes as it stands without them: without escapes and without a stack."""
    if stack := _FRAMES.search(inner):
        inner = inner[: stack.start()]
    return inner.replace('\\"', '"' if _ESCAPED_OBJECT.match(inner) else "'").replace("\\n", " ")


def is_reason(inner: str) -> bool:
    """Whether a text reads like what went wrong (`draft is locked`): all its words are those of errors, unlike `I am sorry`."""
    if not is_sentence(inner):
        return False
    said = {word.lower() for word in _WORDS.findall(_NAME_OF_CODE.sub(" ", inner))} - _JOINTS
    return said <= _OF_ERRORS and not said.isdisjoint(_SAYS_WHY)
