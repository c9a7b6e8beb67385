"""The library that makes HTTP requests, without its command line: that would load rich, pygments and a parser of Markdown."""

from __future__ import annotations

import importlib
import sys

_COMMAND_LINE = "httpx._main"


def load() -> None:
    """Load httpx, unless that was done. Where its command line can't be imported, it goes on without it (`httpx/__init__.py`)."""
    if "httpx" in sys.modules:
        return
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment] # so the import fails, as it does where click is not installed
    try:
        importlib.import_module("httpx")
    finally:
        del sys.modules[_COMMAND_LINE]
