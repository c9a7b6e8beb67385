"""A plugin of pytest that measures what the report costs inside a run: `-p bench.report_timer`, REPORT_TIMES=FILE.

Counted is the outermost of the functions that make it, on the main thread; allure-pytest's own work is not.
"""

from __future__ import annotations

import functools
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures import screenshot
from postdeploy.plugin.publishing import Publisher
from postdeploy.plugin.recorder import Recorder
from postdeploy.report import allure
from postdeploy.report.html import pictures, writing

_SPENT: Counter[str] = Counter()
_RUNNING: list[str] = []
_MAIN = threading.main_thread()
_AT: dict[str, float] = {"began": time.monotonic()}
_PARTS: tuple[tuple[str, Any, str], ...] = (
    ("screenshots", screenshot, "take"),
    ("screenshots", screenshot, "take_small"),
    ("screenshots", pictures, "keep"),
    ("attachments", Recorder, "_attach"),
    ("redacting Allure's results", allure.AllureListener, "report_result"),
    ("redacting Allure's results", allure.AllureListener, "report_container"),
    ("report.html", writing, "write"),
    ("verdict, incident note", Publisher, "publish"),
    ("verdict, incident note", Publisher, "grow"),
)
"""What is counted, and the function that does it."""


def _counted(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def counted(*given: Any, **named: Any) -> Any:
        if threading.current_thread() is not _MAIN:
            return function(*given, **named)
        began, nested = time.monotonic(), len(_RUNNING)
        _RUNNING.append(part)
        before = sum(_SPENT.values())
        try:
            return function(*given, **named)
        finally:
            del _RUNNING[nested:]
            took, inside = time.monotonic() - began, sum(_SPENT.values()) - before
            _SPENT[part] += took - inside  # type: ignore[assignment]
            if part == "report.html":
                _AT["written"] = time.monotonic()

    return counted


def pytest_configure() -> None:
    """Wrap them."""
    for part, where, name in _PARTS:
        setattr(where, name, _counted(part, getattr(where, name)))


def pytest_runtest_logfinish() -> None:
    """A check has ended: the last one counts."""
    _AT["checked"] = time.monotonic()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave what was measured."""
    times = {"parts": dict(_SPENT), "after": _AT.get("written", 0.0) - _AT.get("checked", 0.0)}
    Path(os.environ["REPORT_TIMES"]).write_text(json.dumps(times), encoding="utf-8")
