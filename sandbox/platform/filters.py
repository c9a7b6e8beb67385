"""The filter language of the observability events: ``deploymentId:"dpl_1" AND level:(error OR fatal)``.

Comparisons are ``:`` (with ``*`` as a wildcard; ``:*`` means present), ``=``, ``!=``, ``>``, ``>=``, ``<``, ``<=``; they
are joined by AND, OR, NOT and parentheses, AND binding closer. Values with reserved characters stand in quotes.
"""

from __future__ import annotations

import fnmatch
import operator
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Test = Callable[[Mapping[str, Any]], bool]

TOKEN = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|(>=|<=|!=|[:=<>()])|([^\s:=<>()!"]+))')
ORDERS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class FilterError(Exception):
    """The filter cannot be understood."""


def parse(text: str, fields: Collection[str]) -> Test:
    """What the filter asks of an event; raises `FilterError`."""
    parser = _Parser(_tokens(text), fields)
    test = parser.either()
    if parser.token is not None:
        raise FilterError(f"unexpected {parser.token}")
    return test


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    text = text.strip()
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise FilterError(f"unexpected character at {at}")
        tokens.append(found[0].strip())
        at = found.end()
    return tokens


class _Parser:
    """Recursive descent, a method for each level of the language."""

    def __init__(self, tokens: list[str], fields: Collection[str]) -> None:
        self._tokens = tokens
        self._fields = fields

    @property
    def token(self) -> str | None:
        return self._tokens[0] if self._tokens else None

    def take(self) -> str:
        if not self._tokens:
            raise FilterError("the expression ends too early")
        return self._tokens.pop(0)

    def expect(self, token: str) -> None:
        if (taken := self.take()) != token:
            raise FilterError(f"expected {token} instead of {taken}")

    def either(self) -> Test:
        tests = [self.both()]
        while self.token == "OR":  # noqa: S105 - a word of the language
            self.take()
            tests.append(self.both())
        return lambda event: any(test(event) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self.token not in {None, "OR", ")"}:
            if self.token == "AND":  # noqa: S105
                self.take()
            tests.append(self.one())
        return lambda event: all(test(event) for test in tests)

    def one(self) -> Test:
        if self.token == "NOT":  # noqa: S105
            self.take()
            test = self.one()
            return lambda event: not test(event)
        if self.token == "(":  # noqa: S105
            self.take()
            test = self.either()
            self.expect(")")
            return test
        return self.comparison()

    def comparison(self) -> Test:
        field, comparison = self.take(), self.take()
        if field not in self._fields:
            raise FilterError(f"unknown field {field}")
        values = self.values()
        if comparison in ORDERS:
            return lambda event: any(_ordered(comparison, event.get(field), value) for value in values)
        if comparison == "!=":
            return lambda event: not any(_equals(event.get(field), value) for value in values)
        if comparison in {":", "="}:
            return lambda event: any(_equals(event.get(field), value) for value in values)
        raise FilterError(f"unknown comparison {comparison}")

    def values(self) -> list[str]:
        if self.token != "(":  # noqa: S105
            return [self.take()]
        self.take()
        values = [self.take()]
        while self.token == "OR":  # noqa: S105
            self.take()
            values.append(self.take())
        self.expect(")")
        return values


def _equals(found: object, wanted: str) -> bool:
    if wanted == "*":
        return found not in {None, ""}
    text = str(found).lower() if isinstance(found, bool) else "" if found is None else str(found)
    if wanted.startswith('"'):
        return text == re.sub(r"\\(.)", r"\1", wanted[1:-1])
    return fnmatch.fnmatchcase(text, wanted.replace("[", "[[]"))


def _ordered(comparison: str, found: object, wanted: str) -> bool:
    try:
        return bool(ORDERS[comparison](float(str(found)), float(wanted)))
    except ValueError:
        return False
