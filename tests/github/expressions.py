"""GitHub's expressions, as far as our files use them: `${{ always() && steps.a.outputs.b != '' }}`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_][\w.-]*)|(?P<sign>&&|\|\||==|!=|[!(),]))"
)
_WHOLE = re.compile(r"\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*", re.DOTALL)
_EMBEDDED = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS = re.compile(r"\b(?:always|cancelled|failure|success)\(")


@dataclass
class Expression:
    """One expression in its contexts."""

    contexts: Mapping[str, Any]
    failed: bool = False
    """Whether a step before failed."""
    _tokens: list[tuple[str, str]] = field(default_factory=list)

    def value(self, text: str) -> Any:
        """What it is worth."""
        self._tokens = [(str(found.lastgroup), found[found.lastgroup or 0]) for found in _TOKEN.finditer(text)]
        found = self._either()
        assert not self._tokens, f"not understood: {text}"
        return found

    def is_run(self, condition: str | None) -> bool:
        """Whether a step with this `if` runs."""
        if condition is None:
            return not self.failed
        whole = _WHOLE.fullmatch(condition)
        text = whole[1] if whole else condition
        return bool(self.value(text)) and (not self.failed or bool(_STATUS.search(text)))

    def fill(self, value: Any) -> Any:
        """A value of the file with its expressions replaced."""
        if not isinstance(value, str):
            return value
        whole = _WHOLE.fullmatch(value)
        if whole:
            return self.value(whole[1])
        return _EMBEDDED.sub(lambda found: as_text(self.value(found[1])), value)

    def _either(self) -> Any:
        found = self._both()
        while self._take("||"):
            other = self._both()
            found = found or other
        return found

    def _both(self) -> Any:
        found = self._compared()
        while self._take("&&"):
            other = self._compared()
            found = other if found else found
        return found

    def _compared(self) -> Any:
        found = self._negated()
        for sign in ("==", "!="):
            if self._take(sign):
                return (as_text(found) == as_text(self._negated())) is (sign == "==")
        return found

    def _negated(self) -> Any:
        if self._take("!"):
            return not self._negated()
        if self._take("("):
            found = self._either()
            assert self._take(")")
            return found
        kind, token = self._tokens.pop(0)
        if kind == "text":
            return token[1:-1].replace("''", "'")
        if kind == "number":
            return int(token)
        return self._call(token) if self._take("(") else self._named(token)

    def _call(self, name: str) -> Any:
        given = []
        while not self._take(")"):
            given.append(self._either())
            self._take(",")
        functions: dict[str, Callable[..., Any]] = {
            "always": lambda: True,
            "cancelled": lambda: False,
            "failure": lambda: self.failed,
            "success": lambda: not self.failed,
            "contains": lambda where, what: what in where,
            "startsWith": lambda text, beginning: as_text(text).lower().startswith(beginning.lower()),
            "fromJSON": json.loads,
        }
        return functions[name](*given)

    def _named(self, name: str) -> Any:
        if name in ("true", "false", "null"):
            return json.loads(name)
        found: Any = self.contexts
        for part in name.split("."):
            found = found.get(part, "") if isinstance(found, Mapping) else ""
        return found

    def _take(self, sign: str) -> bool:
        if self._tokens and self._tokens[0] == ("sign", sign):
            self._tokens.pop(0)
            return True
        return False


def as_text(value: Any) -> str:
    """As GitHub writes it into a text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
