"""Logs in ClickHouse: what its own engine (chDB) counts is what the plain reference counts, and little leaves it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from itertools import count

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.logs import warehouse, warehouse_sql
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import open_source
from postdeploy.logs.protocol import Source
from postdeploy.model import UsageError
from tests.analysis.test_plain import RUNBOOK, a_day
from tests.logs.chdb_server import TABLES, ChdbServer
from tests.logs.rows import DEPLOYED, TODAY
from tests.logs.warehouse_cases import (
    SENTINEL,
    a_day_with_sentinels,
    counts_what_the_reference_counts,
    given,
    read,
    what_is_not_proven,
)

pytestmark = pytest.mark.warehouse

PASSWORD = "hunter2secret"
_names = count()


@pytest.fixture(scope="module")
def server() -> Iterator[ChdbServer]:
    engine = importlib.import_module("chdb.session")  # half a gigabyte, which only `make warehouse` installs
    found = ChdbServer(engine.Session(), PASSWORD)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICKHOUSE_PASSWORD", PASSWORD)


@pytest.fixture
def table() -> str:
    return f"logs{next(_names)}"


def opened(server: ChdbServer, table: str, schema: str = "vercel") -> Source:
    return open_source(server.address(table, f"&schema={schema}"), runbook=RUNBOOK)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("schema", TABLES)
def test_it_counts_what_the_reference_counts(server: ChdbServer, table: str, schema: str, seed: int) -> None:
    rows = a_day(seed)
    server.fill(table, schema, rows)
    counts_what_the_reference_counts(opened(server, table, schema), rows)


def test_a_user_who_may_change_no_setting(server: ChdbServer, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server.fill(table, "vercel", a_day(1))
    free, _ = given(opened(server, table))
    monkeypatch.setattr(server, "is_strict", True)
    strict, _ = given(opened(server, table))
    assert strict == free


def test_the_password_is_in_no_message_and_not_in_the_address(
    server: ChdbServer, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.fill(table, "vercel", [SENTINEL])
    monkeypatch.setenv("CLICKHOUSE_PASSWORD", "wrong")
    with pytest.raises(UsageError, match="access denied: check the user in the address, and CLICKHOUSE_PASSWORD"):
        opened(server, table)
    with pytest.raises(UsageError) as found:
        open_source(f"clickhouse://reader:{PASSWORD}@h/d?table={table}", runbook=RUNBOOK)
    assert PASSWORD not in str(found.value)
    assert "set CLICKHOUSE_PASSWORD instead" in str(found.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("table=missing", "there is no such table"),
        ("table=x%20y", "it names no table"),
        ("table={table}&schema=none", "schema=none is not known; known are otel, vercel"),
        ("table={table}&schema=otel", "a column is not there"),
        ("table={table}&hours=no", "hours= takes a number"),
    ],
)
def test_what_is_wrong_has_a_remedy(server: ChdbServer, table: str, more: str, said: str) -> None:
    server.fill(table, "vercel", [SENTINEL])
    spec = f"clickhouse://reader@127.0.0.1:{server.port}/default?secure=no&{more.format(table=table)}"
    with pytest.raises(UsageError, match=said):
        open_source(spec, runbook=RUNBOOK)


def test_sentinels_arrive_as_they_are_and_what_was_read_is_covered(server: ChdbServer, table: str) -> None:
    server.fill(table, "vercel", [SENTINEL, *a_day(1)[:50]])
    _, news = read(opened(server, table))
    sentinels = {entry for one in news for entry in one.entries}
    assert {(one.at, one.path, one.status) for one in sentinels} == {(SENTINEL.at, SENTINEL.path, 401)}
    covered = [one.covered for one in news if one.covered]
    assert [one.since for one in covered] == [DEPLOYED - 120_000]
    assert covered[0].until > DEPLOYED + 600_000


def test_rows_that_come_late_are_counted_once(server: ChdbServer, table: str) -> None:
    rows = [
        LogEntry(at=DEPLOYED + number * 10, method="GET", path="/", status=200, request_id=f"a{number}-1-{number:012x}")
        for number in range(40)
    ]
    server.fill(table, "vercel", rows[:30])
    source = opened(server, table)
    first, _ = given(source)
    server.fill(table, "vercel", [*rows[30:], *rows[:5]])
    second, news = given(source)
    assert (len(first), len(second)) == (30, 10)
    assert len({one.row_id for one in first + second}) == 40
    assert not any(one.gap for one in news)


def test_a_request_that_changes_after_it_was_counted_replaces_itself(server: ChdbServer, table: str) -> None:
    """A function that ran long, a row that came late: it began where it did, and is counted once."""
    row = LogEntry(at=DEPLOYED, method="GET", path="/", status=None, request_id="a1-1-000000000001")
    server.fill(table, "vercel", [row])
    source = opened(server, table)
    (before,), _ = given(source)
    failed = msgspec.structs.replace(row, at=row.at + 60_000, status=504, message="Task timed out after 60 seconds")
    server.fill(table, "vercel", [failed])
    (after,), news = given(source)
    assert (before.row_id, before.request_id, before.at) == (after.row_id, after.request_id, after.at)
    assert (before.status, after.status, after.message) == (None, 504, failed.message)
    assert not any(one.gap for one in news)


def test_requests_that_are_gone_are_a_gap(server: ChdbServer, table: str) -> None:
    row = LogEntry(at=DEPLOYED, method="GET", path="/", status=200, request_id="a1-1-000000000001")
    server.fill(table, "vercel", [row])
    source = opened(server, table)
    given(source)
    source._server.rows(f"TRUNCATE TABLE {table}")  # type: ignore[attr-defined]
    _, news = given(source)
    assert ["requests that were counted are gone" in one.gap.why for one in news if one.gap] == [True]


def test_a_cut_is_said(server: ChdbServer, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server.fill(table, "vercel", a_day(2))
    monkeypatch.setattr(warehouse_sql, "MOST_TEXTS", 3)
    monkeypatch.setattr(warehouse, "MOST_TEXTS", 3)
    _, news = given(opened(server, table))
    assert ["more than 3 distinct texts; the others were left out" in one.unread for one in news if one.unread] == [
        True
    ]


def test_what_can_not_be_read_at_the_end_proves_nothing(server: ChdbServer, table: str) -> None:
    server.fill(table, "vercel", [SENTINEL])
    source = opened(server, table)
    server.refuses = 1
    assert ["it ran out of memory" in one.gap.why for one in given(source)[1] if one.gap] == [True]


def test_a_refusal_between_two_looks_loses_nothing(
    server: ChdbServer, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.fill(table, "vercel", [SENTINEL])
    monkeypatch.setattr(warehouse, "_EVERY", 0)
    source = opened(server, table)
    server.refuses = 2
    answers = iter([False, False, False, True, True])
    news = list(source.read(DEPLOYED - 120_000, lambda: next(answers, True)))
    assert not any(one.gap or one.unread for one in news)
    assert [one.covered.since for one in news if one.covered]


def test_counts_leave_the_warehouse_not_rows(server: ChdbServer, table: str) -> None:
    """Ten times the rows of the same minutes answer as much as before; no id of a user's request is in it."""
    rows = [
        LogEntry(
            at=DEPLOYED + number,
            method="POST",
            path="/inbox",
            status=500,
            message=f"⨯ Error: no lead 4f3a{number:08x}",
            level="error",
            request_id=f"a{number}-1-{number:012x}",
        )
        for number in range(2_000)
    ]
    sizes: list[int] = []
    entries: list[LogEntry] = []
    for part in (rows[:200], rows[200:]):
        server.fill(table, "vercel", part)
        source = opened(server, table)
        server.answered = 0
        entries, _ = given(source)
        sizes.append(server.answered)
    assert len(entries) == 2_000
    assert sizes[1] < sizes[0] + 100
    assert len({one.message for one in entries}) == 1


def test_patterns_mean_the_same_there(server: ChdbServer, table: str) -> None:
    """`.` ends at a line's end, as in the suite's own reading: each pattern says so itself."""
    server.fill(table, "vercel", [SENTINEL])
    ask = opened(server, table)._server.rows  # type: ignore[attr-defined]
    assert ask("SELECT match('a\\nb', '(?-s)a.b') AS found") == [{"found": 0}]


@pytest.mark.parametrize("lost", [0, 1])
def test_the_window_is_proven_as_with_other_sources(server: ChdbServer, table: str, lost: int) -> None:
    """By sentinels at both ends and every minute, and by what was covered."""
    rows = a_day_with_sentinels()
    server.fill(table, "vercel", rows[: len(rows) - lost])
    missing = what_is_not_proven(opened(server, table))
    assert missing == (("1 of 11 sentinels did not appear in the log",) if lost else ())


def test_a_saved_log_is_judged_from_the_moment_that_is_given(server: ChdbServer, table: str) -> None:
    """Not only its last hour: these rows are much older."""
    rows = [row for row in a_day(1) if row.at >= DEPLOYED]
    server.fill(table, "vercel", rows)
    found = saved_logs.examine([server.address(table)], LogQuery(since=DEPLOYED), RUNBOOK, TODAY)
    assert found.totals.requests > 300
    assert found.fails


def test_rows_that_name_no_request_are_put_together_by_time_and_that_is_said_once(
    server: ChdbServer, table: str
) -> None:
    row = LogEntry(at=DEPLOYED, method="GET", path="/", status=200)
    server.fill(table, "vercel", [row, msgspec.structs.replace(row, at=DEPLOYED + 3)])
    source = opened(server, table)
    looks = [given(source), given(source)]
    assert [len(entries) for entries, _ in looks] == [1, 0]
    assert [[one.note for one in news if one.note] for _, news in looks] == [
        ["some requests have no id: which rows belong together is estimated by path, method and time"],
        [],
    ]
