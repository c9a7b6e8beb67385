"""A plugin for a run: how many messages each check sends to the browser's driver, written to the file named by ROUND_TRIPS.

Left out is what depends on how fast the machine is: answers to what the page reports. A check that waits sends nothing.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright._impl.connection import Connection

_WAITS = frozenset({"cookies", "resolve", "reject", "__waitInfo__"})


class RoundTrips:
    """Counts by check, and by method."""

    def __init__(self) -> None:
        self._check = "before the first check"
        self._sent: dict[str, Counter[str]] = {}
        self._send = Connection.send_message_to_server

    def pytest_sessionstart(self) -> None:
        counting = self

        def send(connection: Connection, sender: Any, method: str, *rest: Any, **more: Any) -> Any:
            if method not in _WAITS:
                counting._sent.setdefault(counting._check, Counter())[method] += 1
            return counting._send(connection, sender, method, *rest, **more)

        Connection.send_message_to_server = send  # type: ignore[assignment, method-assign]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._check = str(getattr(item, "originalname", item.name))

    def pytest_sessionfinish(self) -> None:
        Connection.send_message_to_server = self._send  # type: ignore[method-assign]
        Path(os.environ["ROUND_TRIPS"]).write_text(json.dumps(self._sent), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RoundTrips())
