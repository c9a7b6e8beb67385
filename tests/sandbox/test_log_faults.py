"""The troubles of the logs as values: combined at random, repeatable, and always beside the whole truth."""

from __future__ import annotations

import json

import pytest

from sandbox.clock import Clock
from sandbox.logs import Gap, LogFaults, Logs, chaos
from sandbox.logs.live import LiveStream
from tests.sandbox.rows import happened

START = 1_795_000_000_000


def filled(faults: LogFaults) -> tuple[Logs, LiveStream]:
    """Two minutes of requests, and somebody who has followed them from the start."""
    logs = Logs(Clock())
    logs.faults = faults
    stream = LiveStream(logs, "dpl_new")
    for number in range(60):
        happened(logs, number, f"Error: number {number}", ago=120 - 2 * number, path="/api/x")
    return logs, stream


def test_a_healthy_stream_shows_everything_once_in_order() -> None:
    logs, stream = filled(LogFaults())
    seen = [json.loads(line) for line in stream.due()]
    assert sorted(row["rowId"] for row in seen) == sorted(row.id for row in logs.truth)
    assert [row["timestampInMs"] for row in seen] == sorted(row["timestampInMs"] for row in seen)
    assert stream.due() == []


def test_the_same_seed_is_the_same_chaos() -> None:
    assert chaos(7, START) == chaos(7, START)
    assert len({chaos(seed, START) for seed in range(200)}) == 200


def test_what_happens_to_a_row_follows_from_its_id() -> None:
    one, _ = filled(LogFaults())
    faults = LogFaults(seed=3, duplicated=0.5, reordered=5.0)
    row = one.truth[0]
    assert [faults.due(row), faults.repeats(row)] == [faults.due(row), faults.repeats(row)]
    assert any(LogFaults(seed=seed, reordered=5.0).due(row) != faults.due(row) for seed in range(5))


@pytest.mark.parametrize("seed", range(200))
def test_no_chaos_invents_a_row(seed: int) -> None:
    logs, stream = filled(chaos(seed, Clock().milliseconds - 120_000, 120))
    faults = logs.faults
    logs.clock.advance(200)
    shown, damaged = [], 0
    for line in stream.due():
        try:
            shown.append(json.loads(line)["rowId"])
        except ValueError:
            damaged += 1
    truth = {row.id: row for row in logs.truth}
    assert set(shown) <= set(truth)
    missing = {id_ for id_ in truth if id_ not in shown}
    lost = {id_ for id_ in missing if faults.loses(truth[id_], live=True)}
    torn = {id_ for id_ in missing if faults.chance(truth[id_], "malformed") < faults.malformed}
    assert missing == lost | torn
    assert faults.duplicated or len(shown) == len(set(shown))


def test_a_gap_may_be_live_only() -> None:
    now = Clock().milliseconds
    logs, stream = filled(LogFaults(gaps=(Gap(now - 60_000, now - 30_000, history=False),)))
    assert len(stream.due()) < len(logs.truth) == len(logs.history())


def test_counted_troubles_end() -> None:
    logs = Logs(Clock())
    logs.faults = LogFaults(failing=2)
    assert [logs.spend("failing") for _ in range(3)] == [True, True, False]
