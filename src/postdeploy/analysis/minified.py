"""Names that a minifier gives are others in every build: an error is distinguished by those that the code gave.

`(0 , r.getInbox) is not a function` and `(0 , t.getInbox) …` are one error; so are `e is not iterable` and `t is not iterable`.
"""

from __future__ import annotations

import re

from postdeploy.analysis.word_shapes import SLOT

_SHORT = r"[A-Za-z_$][\w$]?(?:\$?\d{1,3})?"
"""What a minifier calls a variable: one or two letters, perhaps numbered."""
_STEPS = r"(?:\(\.\.\.\)|\??\.[A-Za-z_$#][\w$]{0,60}|\[[^\]\n]{0,40}\]){0,8}"
_OF_A_BUNDLE = re.compile(rf"(?:{_SHORT}|[\w$]{{1,300}}__WEBPACK_[A-Z_]{{1,40}}_\d+__)\Z")
_EXPORTED = re.compile(r"\(0 ?, ?([\w$]{1,300}(?:\.[\w$]{1,60}){0,6})\)")
"""How a bundler calls what a module exports."""
_SUBJECT = re.compile(
    rf"(?<![\w$.@/-]){_SHORT}({_STEPS})(?= is not (?:a function|a constructor|(?:async )?iterable|defined)\b)"
)
_EVALUATED = re.compile(r"(?<=\(evaluating )'(?:new )?([\w$][\w$.?]{0,120})[^'\n]{0,200}'")
_DECLARED = re.compile(r"(?<=access )((?:lexical declaration )?)'([\w$]{1,60})'(?= before initialization)")
_CONSTRUCTED = re.compile(rf"(?<=[Cc]lass constructor ){_SHORT}(?= cannot be invoked)")
_PROPERTY = re.compile(r"(?:(?<=\(reading )|(?<=\(setting ))'[A-Za-z_$]'(?=\))")
_SEARCHED = re.compile(
    r"(?<=Cannot use 'in' operator to search for )'([^'\n]{1,60})' in (?:[{\[\"][^\n]*|(?![{\[\"])[^\n\"]*)"
)
_CLASS = re.compile(rf"(\s*⨯\s*(?:Uncaught )?){_SHORT}: ")
_CLASS_BEFORE_STACK = re.compile(rf"(\s*(?:⨯\s*)?(?:Uncaught )?){_SHORT}: ")
_MARKS = (" is not ", "(evaluating", " before init", " operator to search", "lass constructor ", "ing '")
"""One of them stands in every sentence of the language's that names a variable."""


def without_given_names(text: str) -> str:
    """The text without what a minifier named, and without the value that an operator was applied to."""
    if not any(mark in text for mark in _MARKS):
        return text
    text = _SUBJECT.sub(_without_variable, _EXPORTED.sub(lambda found: _without_root(found[1]), text))
    text = _EVALUATED.sub(lambda found: _without_root(found[1]), text)
    text = _DECLARED.sub(lambda found: found[1] + _without_root(found[2]), text)
    text = _SEARCHED.sub(lambda found: f"{found[1]} in {SLOT}", text)
    return _CONSTRUCTED.sub(SLOT, _PROPERTY.sub(SLOT, text))


def without_given_class(text: str, *, has_stack: bool) -> str:
    """An error without the name of its class, where a minifier gave it: `le: lead is archived`."""
    found = (_CLASS_BEFORE_STACK if has_stack else _CLASS).match(text)
    return found[1] + text[found.end() :] if found else text


def _without_variable(found: re.Match[str]) -> str:
    return found[1].replace("(...)", "").lstrip("?.") or SLOT


def _without_root(name: str) -> str:
    """`r.getInbox` as `getInbox`, `lead.save` as it is."""
    root, _, steps = name.partition(".")
    if not _OF_A_BUNDLE.match(root.removesuffix("?")):
        return name
    return SLOT if not steps or _OF_A_BUNDLE.match(steps) else steps
