"""The engine agrees with the plain reference (plain.py), whatever the log holds, in whatever order its rows come."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import Part
from postdeploy.logs.attribution import identified
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import open_source
from postdeploy.logs.protocol import Shows, Span
from postdeploy.logs.sentinel import Sentinel, answered
from postdeploy.runbook.log_tables import KnownNoise, OwnSignal
from postdeploy.runbook.reading import read_runbook
from tests.analysis import plain
from tests.logs import rows as written
from tests.logs.rows import DEPLOYED, TODAY, WINDOW, Writer
from tests.properties import tried

RUNBOOK = msgspec.structs.replace(
    read_runbook(),
    known=(KnownNoise(r"tenant 4711\d{4}", "being fixed", "web", TODAY, 3),),
    signal=(OwnSignal("stripe_down", "Stripe is down", "payments fail"),),
)
_READER = SignalReader(RUNBOOK, TODAY)
SENTINEL = f"/api/inbox/conversations/{Sentinel(7, 1, DEPLOYED).name}"
PATHS = (
    "/",
    "/inbox",
    "/login",
    "/api/inbox/counts",
    "/api/inbox/x/17",
    "/api/x/17",
    "/api/y",
    "/icon.png",
    "",
    SENTINEL,
)
MESSAGES = (
    "",
    "counts loaded\n open: 3",
    "Error: An error occurred",
    "⨯ Error: An error occurred in the Server Components render",
    " ⨯ Error: tenant 47110001 not found\n    at x (1)\n digest: '1'",
    " ⨯ Error: tenant 47120001 not found\n    at x (2)\n digest: '2'",
    "PrismaClientKnownRequestError P1001: Can't reach database server at db:5432",
    "Error: P2024: Timed out fetching a new connection",
    "AuthApiError: Invalid Refresh Token: Refresh Token Not Found",
    "Not authenticated",
    "AbortError: This operation was aborted",
    "Stripe is down: 17",
    'Failed to find Server Action "x"',
    "[READ_API_DISABLED] the read API is off",
    "Error: can't mail ada@example.com",
    "TypeError: Cannot read properties of undefined (reading 'id')",
    "Vercel Runtime Timeout Error: Task timed out after 60 seconds",
    'ts=17 level=error msg="no seat left"',
    "\x1b[31m[2026-11-02T10:11:12.345Z] ERROR\x1b[0m no seat left",
    ' {"level":50,"msg":"no seat left"}',
)
ROWS = st.builds(
    LogEntry,
    at=(st.integers(-60_000, 660_000) | st.sampled_from([-1, 0, 59_999, 60_000, 600_000])).map(
        lambda at: DEPLOYED + at
    ),
    message=st.sampled_from(MESSAGES),
    level=st.sampled_from(["", "error", "warning", "info", "debug", "fatal", "critical"]),
    method=st.sampled_from(["GET", "POST", ""]),
    path=st.sampled_from(PATHS),
    status=st.sampled_from([None, 200, 201, 304, 401, 404, 500, 503, 504, -1]),
    request_id=st.integers(1, 9).map(lambda number: f"a{number}-1759622400000-{number:012x}"),
    deployment_id=st.sampled_from([None, "dpl_1", "dpl_2"]),
    environment=st.sampled_from([None, "production", "production", "preview"]),
    source=st.sampled_from(["function", "middleware", "static", "firewall"]),
    took=st.sampled_from([None, 3, 60_000]),
    memory=st.sampled_from([None, 50, 100]),
    own=st.sampled_from([False, False, False, True]),
)
"""Few requests, so that each has several rows, which contradict each other."""


@dataclass
class Asked:
    """What the rows are asked for."""

    span: Span | None = None
    deployment: str | None = None
    suite: tuple[str, ...] = ()


ASKED = st.builds(
    Asked,
    span=st.sampled_from([None, WINDOW, Span(DEPLOYED, DEPLOYED + 60_000), Span(0, 1)]),
    deployment=st.sampled_from([None, "dpl_1", "dpl_2", "dpl_3"]),
    suite=st.sampled_from([(), ("a1-1759622400000-000000000001",)]),
)


def as_plain(tally: Tally) -> dict[str, Any]:
    """The engine's tally as the reference says it."""
    same = (
        "requests",
        "actions",
        "inbox",
        "pages",
        "suite_requests",
        "first",
        "last",
        "healthy",
        "by_route",
    )
    incidents = {
        (one.signal, one.route, one.normalized, one.origin, one.known): (
            tally.times([one]).tolist(),
            one.suite_requests,
        )
        for one in tally.incidents
    }
    assert len(incidents) == len(tally.incidents)
    for one in tally.incidents:
        assert one.requests == len(one.members)
    return {
        **{name: getattr(tally, name) for name in same},
        "answers": {part: tally.answers_of(part) for part in Part},
        "succeeded": sorted(tally.at[tally.succeeded].tolist()),
        "incidents": incidents,
    }


def expected(entries: Sequence[LogEntry], asked: Asked, shows: Shows | None = None) -> dict[str, Any]:
    """`shows`: of a finished log; None: it goes on, and rows are read one by one."""
    if asked.deployment is None:
        entries = [msgspec.structs.replace(one, deployment_id=None) for one in entries]
    left_out = None if shows is None else plain.sentinels(entries, shows, _READER)
    by_deployment = plain.requests(entries, _READER, asked.suite, left_out)
    return plain.tally([*by_deployment.get("", ()), *by_deployment.get(asked.deployment or "-", ())], asked.span)


def in_ledger(entries: Sequence[LogEntry]) -> Ledger:
    """Row by row, as what is watched is read."""
    reader, ledger = SignalReader(RUNBOOK, TODAY), Ledger()
    for one in entries:
        if not answered(one) and one.environment != "preview":
            ledger.add(one, reader.read(one))
    return ledger


def in_file(file: Path, content: bytes) -> tuple[Ledger, Shows]:
    """As saved logs are read."""
    file.write_bytes(content)
    reading, source = Ingestion(RUNBOOK, TODAY, 0), open_source(str(file))
    for _ in reading.read(source):
        pass
    return reading.ledger, source.shows


def told(ledger: Ledger, asked: Asked) -> dict[str, Any]:
    return as_plain(ledger.tally(asked.span, asked.deployment, asked.suite))


def as_read(content: bytes) -> list[LogEntry]:
    """The rows of a file; those that name no request get an estimated one as long as others name theirs or none does."""
    return identified(written.entries(content))


@tried(120)
@given(rows=st.lists(ROWS, max_size=24), asked=ASKED)
def test_row_by_row(rows: list[LogEntry], asked: Asked) -> None:
    assert told(in_ledger(rows), asked) == expected(rows, asked)


@pytest.mark.parametrize(
    "write",
    [*written.EXPORTS, *written.DRAINS, written.command_line_64, written.stream],
    ids=lambda write: write.__name__,
)
@tried(20)
@given(rows=st.lists(ROWS, min_size=1, max_size=24), asked=ASKED)
def test_from_a_file(
    write: Writer, rows: list[LogEntry], asked: Asked, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = write(rows)
    ledger, shows = in_file(tmp_path_factory.getbasetemp() / "rows", content)
    assert told(ledger, asked) == expected(as_read(content), asked, shows)


def a_day(seed: int) -> list[LogEntry]:
    """Some thousand rows: requests of three to six rows each, of two deployments, some late, some twice, many of them failing."""
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    found: list[LogEntry] = []
    for number in range(900):
        at = DEPLOYED + number * 700
        words = draw.choices(MESSAGES, k=3) if draw.random() < 0.4 else ["", "counts loaded", ""]
        one = LogEntry(
            at=at,
            method=draw.choice(["GET", "POST"]),
            path=draw.choice(PATHS[:-2]),
            status=draw.choice([None, 500, 504, -1]) if any(words) and draw.random() < 0.5 else 200,
            request_id=f"a{number}-{at}-{number:012x}",
            deployment_id="dpl_1" if number < 500 + draw.randrange(40) else "dpl_2",
            own=number % 50 == 0,
        )
        found += [
            msgspec.structs.replace(
                one,
                at=at + draw.choice([0, 3, 40_000]),
                message=message.replace("17", str(number)),
                level=draw.choice(["error", "info", ""]),
                deployment_id=one.deployment_id if draw.random() < 0.8 else None,
            )
            for message in [*words, *draw.choices(["", *words], k=draw.randrange(4))]
        ]
    draw.shuffle(found)
    return found + found[:100]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("write", [written.export_lines, written.drain_batches], ids=["export", "drain"])
def test_a_day_of_two_deployments(tmp_path: Path, seed: int, write: Writer) -> None:
    content = write(a_day(seed))
    (ledger, shows), rows = in_file(tmp_path / "rows", content), as_read(content)
    for asked in (Asked(), Asked(WINDOW, "dpl_1"), Asked(None, "dpl_2")):
        found = told(ledger, asked)
        assert found == expected(rows, asked, shows)
        assert len(found["incidents"]) > 20


def test_the_order_of_rows_changes_nothing() -> None:
    rows = a_day(4)
    assert in_ledger(rows).tally(WINDOW) == in_ledger(sorted(rows, key=lambda one: one.message)).tally(WINDOW)


def test_a_message_that_is_known_noise_hides_none_that_reads_alike() -> None:
    """The words of two errors are the same, but only one of them is in [[known]]."""
    rows = [
        LogEntry(at=DEPLOYED + number, message=message, path="/", method="POST", status=500, request_id=str(number))
        for number, message in enumerate([MESSAGES[4], MESSAGES[5], MESSAGES[4]])
    ]
    found = {(one.known, one.requests) for one in in_ledger(rows).tally().incidents}
    assert found == {(0, 2), (None, 1)}


def test_a_row_without_a_deployment_belongs_to_the_deployment_of_its_request() -> None:
    rows = [LogEntry(at=DEPLOYED, path="/", request_id="a", deployment_id=one) for one in ("dpl_1", None)]
    assert in_ledger(rows).tally(deployment="dpl_2").requests == 0
    assert in_ledger(rows).tally(deployment="dpl_1").requests == 1
