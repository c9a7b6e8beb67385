"""Answers that are given once and remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Remembered(dict[Asked, Answer]):
    """What a function says of a value, asked once. `most`: how many answers are kept, and then forgotten."""

    def __init__(self, ask: Callable[[Asked], Answer], most: int | None = None) -> None:
        self._ask = ask
        self._most = most

    def __missing__(self, value: Asked) -> Answer:
        if self._most is not None and len(self) >= self._most:
            self.clear()
        found = self[value] = self._ask(value)
        return found
