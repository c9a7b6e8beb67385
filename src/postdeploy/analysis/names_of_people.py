"""Names and secrets in the words of an error that are shown: words that are not of the language of errors.

Only what is shown is changed, not what errors are distinguished by: a guess may cost a word, never a count.
"""

from __future__ import annotations

import re

from postdeploy.analysis import joined_words, secret_values
from postdeploy.analysis.vocabulary import SHORTEST, WORDS, is_known, is_ordinary, is_ordinary_code

_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u109f\u1780-\u17d3"
"""What stands above, below or behind a letter; scripts of India and around, whose vowels are such marks."""
_FIRST, _OTHER = rf"(?:[^\W\d_a-z]|[{_MARKS}])", rf"(?:[^\W\d_A-Z]|[{_MARKS}])"
_TITLE = rf"{_FIRST}(?:{_OTHER}++(?:['-][^\W\d_]++)?|'[^\W\d_]++)"
_END = r"(?!\w|[(.]\w)"
_PARTICLES = "|".join(sorted(WORDS.particles))
_AND = "(?: [&+]| und| et)?"
_SEVERAL = re.compile(rf"(?<![\w.]){_TITLE}(?:(?: (?:{_PARTICLES}))*{_AND} {_TITLE})+{_END}")
_JOINED = re.compile(rf"(‹(?:text|id)›(?: [&+]| und| et) )({_TITLE}){_END}")
"""The second name of a company whose first one is known to be a name: `Müller & Söhne`."""
_INITIALS = re.compile(rf"(?<![\w.])(?:[A-Z]\. ?){{1,4}}{_TITLE}{_END}")
_AFTER = re.compile(rf"((?:\b(?:of|to|by|for|via|from|with)|‹(?:text|id)›) )({_TITLE}){_END}")
_WITHIN = re.compile(rf"((?<![^\W\d_])[a-z]+|‹text›|‹id›) ({_TITLE})(?:'s)?{_END}(?![:=])")
"""A single word with a capital letter behind a word without one: `cannot greet Mariana today`."""
_FOLLOWS = "|".join(sorted(map(re.escape, WORDS.after_names)))
_BEGINNING = re.compile(rf"(^|[:\]] |⨯ )({_TITLE})( (?:{_FOLLOWS})\b|(?<='s) )")
"""Who does something, where a sentence begins: `Error: Carla has no seat`, `Carla's mailbox is full`."""
_OF_WORDS = ("ing", "tion", "sion", "able", "ible")
_CAPITALS = re.compile(
    r"(?<![\w.-])(?:[^\W\d_a-z]{2,}(?: [^\W\d_a-z]{2,})+|[^\W\d_a-z]{4,}(?:-[^\W\d_a-z]{4,})+)(?![\w.(-])"
)
_KEYED = re.compile(r"\b(keys?|target): (\[ ?)?([\w.]{3,60})(?![\w.-])")
_SAID = "|".join(sorted(re.escape(each.replace("_", " ")) for each in WORDS.said_by_people))
_GREETED = rf"(?:{'|'.join(sorted(WORDS.before_greeted))}) [^\W\d_]+(?: [^\W\d_]+)?,"
_SPEECH = re.compile(
    rf"(?i)((?:^|[:>\"'\[{{,(]|\s[-–—])\s?)[^:\"{{}}\[\]>]{{0,240}}?(?<![\w./'-])(?:(?:{_SAID})(?![\w(.:=/-])|{_GREETED})[^\"{{}}\[\]]*"
)
"""A text in which a person speaks, from the mark before it to the one behind it: `reply rejected: my wife is ill`."""
_WORD = re.compile(_TITLE)
_PLAIN = re.compile(
    rf"(?<![\w./\\%&‹-])(?<!\w['\u2019])(?:{_OTHER}|{_FIRST}(?={_OTHER}))(?:[^\W\d]|[{_MARKS}]){{2,}}(?:-{_OTHER}{{2,}})*(?:['\u2019]s)?"
    r"(?![\w(=/@\\›-]|['\u2019]\w|[.:]\w| is not (?:a function|defined|iterable|a constructor)| is undefined)"
)
"""A word, also `anna_huber` and `annaHuber`, that is not called, addressed, quoted or assigned to, as names of the code are."""
_IN_CAPITALS = re.compile(
    r"(\b(?:variables?|env(?:ironment)?|process\.env\.) ?)?(?<![\w./\\%&‹-])(?<!\w['\u2019])"
    r"((?:[^\W\d_a-z]{3,}|[^\W\d_a-z]+_)(?:_?[^\W\d_a-z]+)*)(?!['\u2019](?![sS]\b)\w)"
    r"(?![\w(=/@\\›-]|[.:]\w| is (?:undefined|unset|not (?:set|defined|a function|iterable|a constructor)))"
)
"""A word in capitals, also `ANNA_BECKER`, where no variable's name stands."""
_PARTS = re.compile(r"[_'\u2019-]|(?<=[^\W\d_A-Z])(?=[A-Z])")
_REPEATED = re.compile(rf"‹text›(?: (?:(?:{_PARTICLES}|[&+]|und|et) )*‹text›)+")
_HUMP = re.compile(r"[._]|(?<=[a-z])(?=[A-Z])")


def without_names(line: str, *, alone: bool = True) -> str:
    """`sync of Acme Corp failed` as `sync of ‹text› failed`. `alone`: and without single words that may be names, and what people say."""
    line = secret_values.without_secrets(line)
    line = _INITIALS.sub("‹text›", _SPEECH.sub(r"\1‹text›", line) if alone else line)
    line = _SEVERAL.sub(lambda found: _WORD.sub(_known, found[0]), line)
    line = _JOINED.sub(lambda found: found[1] + _WORD.sub(_known, found[2]), line)
    line = _AFTER.sub(lambda found: found[1] + _WORD.sub(_known, found[2]), line)
    if alone:
        line = _BEGINNING.sub(_unless_word, _WITHIN.sub(_unless_kind, line))
        line = _IN_CAPITALS.sub(_unless_code, _PLAIN.sub(_unless_ordinary, line))
        line = joined_words.without_names(line)
    line = _CAPITALS.sub(_people, line)
    if "key: " in line or "keys: " in line or "target: " in line:
        line = _KEYED.sub(_without_person, line)
    return _REPEATED.sub("‹text›", line)


def _known(found: re.Match[str]) -> str:
    return found[0] if _is_title(found[0]) else "‹text›"


def _unless_kind(found: re.Match[str]) -> str:
    """`greet Anna` names a person, `model Opportunity` a thing of the code."""
    return found[0] if found[1] in WORDS.kinds or _is_title(found[2]) else f"{found[1]} ‹text›"


def _unless_ordinary(found: re.Match[str]) -> str:
    """`huber` may be a person's, `mailbox` and `sign-in` are words that errors use."""
    parts = [part for part in _PARTS.split(found[0]) if len(part) >= SHORTEST]
    return "‹text›" if parts and not any(map(is_ordinary, parts)) else found[0]


def _unless_code(found: re.Match[str]) -> str:
    """`KRAUSE` may be a person's name, `NEXT_REDIRECT` and `PAYLOAD` are of words that errors use."""
    return found[0] if found[1] or is_ordinary_code(found[2]) else "‹text›"


def _unless_word(found: re.Match[str]) -> str:
    """`Carla has no seat` names a person, `Slot is taken` a word of errors."""
    word = found[2].removesuffix("'s")
    is_said = _is_title(word) or is_known(found[2]) or is_known(word) or word.endswith(_OF_WORDS)
    return found[0] if is_said else f"{found[1]}‹text›{found[3]}"


def _is_title(word: str) -> bool:
    low = word.lower().removesuffix("'s")
    return low in WORDS.titles or low.endswith(("error", "exception")) or low.removesuffix("s") in WORDS.titles


def _people(found: re.Match[str]) -> str:
    """Words in capitals of which none is of the language of errors: `ANNA SCHMIDT`, not `INTERNAL SERVER ERROR`."""
    words = found[0].lower().replace("-", " ").split()
    is_said = any(is_known(word) or word in WORDS.capitals or _is_title(word) for word in words)
    return found[0] if is_said else "‹text›"


def _without_person(found: re.Match[str]) -> str:
    """`keys: [ anna_schmidt ]` names a person, `target: [ lead_email ]` a column: one of its words is known."""
    parts = _HUMP.split(found[3])
    if len(parts) == 1 or any(is_known(part) or part.lower() in WORDS.capitals for part in parts):
        return found[0]
    return f"{found[1]}: {found[2] or ''}‹text›"
