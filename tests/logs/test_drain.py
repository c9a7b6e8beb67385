"""A drain delivers a batch again that failed: its rows count once, and not every id is kept for that."""

from __future__ import annotations

import json

import pytest

from postdeploy.logs import drain
from postdeploy.logs.protocol import Shows
from tests.logs.rows import DEPLOYED


def row(number: int) -> bytes:
    return json.dumps(
        {"id": f"row-{number}", "timestamp": DEPLOYED + number, "source": "lambda", "requestId": f"r-{number}"}
    ).encode()


def test_what_is_delivered_again_soon_counts_once_however_long_the_drain_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "_REMEMBERED", 100)
    reader = drain.Drain(drain.shows({"id", "timestamp", "source"}) or Shows.NOTHING)
    for number in range(1000):
        assert len([*reader.parse(row(number))]) == 1
        for earlier in range(max(0, number - 99), number + 1):
            assert not [*reader.parse(row(earlier))]
    assert len([*reader.parse(row(0))]) == 1, "what is long past is not kept"
