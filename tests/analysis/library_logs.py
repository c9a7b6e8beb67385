"""Logs of libraries and loggers that the rules do not name: library_logs.toml, as cases for test_strange_logs.py."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.analysis.strange_logs import PEOPLE, SPREAD, Case
from tests.logs.rows import Sent

_FILE = Path(__file__).with_suffix(".toml")


def _moments(log: dict[str, Any], messages: list[str]) -> list[tuple[float, str]]:
    match log["when"]:
        case "spread":
            return [(at, messages[0]) for at in SPREAD]
        case "few":
            return [(at, messages[0]) for at in SPREAD[::7]]
        case _:
            return [(30.0 + 40 * number, message) for number, message in enumerate(messages)]


def _cases() -> Iterator[Case]:
    for log in tomllib.loads(_FILE.read_text(encoding="utf-8"))["log"]:
        asked = (log.get("method", "POST"), log.get("path", "/"), log.get("status", 500))
        moments = _moments(log, log["messages"] * log.get("times", 1))
        sent = [Sent(at, *asked, message, level=log.get("level", "error")) for at, message in moments]
        says = {name: log[name] for name in ("says", "unique", "cause", "warns") if name in log}
        yield Case(log["name"], [*PEOPLE, *sent], **says)


CASES = tuple(_cases())
