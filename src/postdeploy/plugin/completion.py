"""Whether a check ran to its end. Only then did it prove something, whatever pytest reports.

A debugger that finds no one at the terminal (`--trace`) leaves a check before its first line, and pytest calls that passed. So does a
plugin that calls something else in its place.
"""

from __future__ import annotations

import functools
from bdb import BdbQuit
from collections.abc import Callable

import pytest

from postdeploy.plugin.selection import function_of


class Completion:
    """Of one check: what it raised, or that it returned."""

    def __init__(self) -> None:
        self.raised: BaseException | None = None
        """What the check itself raised, whatever a plugin around it makes of that."""
        self._returned = False

    def follow(self, item: pytest.Item) -> None:
        """From now on the item calls the function as its file defines it, and what comes of that is known here."""
        if isinstance(item, pytest.Function):
            defined = getattr(getattr(item.parent, "obj", None), function_of(item), item.obj)
            item.obj = self._followed(defined)

    def _followed(self, check: Callable[..., object]) -> Callable[..., object]:
        @functools.wraps(check)
        def followed(*args: object, **kwargs: object) -> object:
            try:
                value = check(*args, **kwargs)
            except BaseException as error:
                self.raised = error
                raise
            self._returned = True
            return value

        return followed

    def doubt(self) -> str | None:
        """Why what pytest calls passed proves nothing; None: it ran to its end, or says by its error what it did."""
        if self._returned or not (self.raised is None or isinstance(self.raised, BdbQuit)):
            return None
        return "the check did not run to its end: a debugger left it (--trace), or a plugin did not call it. Run without them"
