"""Rows of several views put together: each real row once, whatever came first, and however often."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.logs.attribution import identified, requests
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.join import Joined
from postdeploy.logs.sighting import View
from tests.properties import tried

NOON = 1_790_000_000_000
ERROR = " ⨯ Error: boom"


def live(at: int = 0, message: str = "", status: int | None = 500, row_id: str = "r1", path: str = "/") -> LogEntry:
    return LogEntry(NOON + at, message, "error", "POST", path, status, row_id=row_id, source="serverless")


def history(
    at: int = 0, message: str = "", request: str = "q1", status: int | None = None, path: str = "/"
) -> LogEntry:
    return LogEntry(NOON + at, message, "error", "POST", path, status, request_id=request, source="function")


def joined(*views: tuple[View, list[LogEntry]]) -> tuple[LogEntry, ...]:
    both = Joined()
    for view, entries in views:
        both.add(entries, view)
    return both.entries()


def shape(entries: tuple[LogEntry, ...]) -> list[tuple[int, str, int | None, str | None]]:
    return [(row.at - NOON, row.message, row.status, row.request_id) for row in entries]


def test_status_comes_from_the_live_row_and_the_request_from_the_history() -> None:
    [row] = joined((View.LIVE, [live(message="x")]), (View.HISTORY, [history(100, "x")]))
    assert (row.status, row.request_id, row.row_id) == (500, "q1", "r1")


def test_a_row_that_is_seen_again_keeps_its_name() -> None:
    both = Joined()
    [first] = both.add([history(message="x")], View.HISTORY)
    [again] = both.add([live(message="x")], View.LIVE)
    assert first.row_id == again.row_id
    assert (again.status, again.request_id) == (500, "q1")
    assert both.add([live(message="x"), live(message="x")], View.LIVE) == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "rows"),
    [
        pytest.param([live(0, "x")], [history(250, "x")], 1, id="250 ms apart"),
        pytest.param([live(0, "x")], [history(251, "x")], 2, id="further apart"),
        pytest.param([live(0, "x")], [history(0, "y")], 2, id="another message"),
        pytest.param([live(0, "x")], [history(0, "x", path="/b")], 2, id="another path"),
        pytest.param([live(0)], [history(0, status=200)], 2, id="another status"),
        pytest.param(
            [live(0, row_id="a"), live(0, row_id="b")], [history(0), history(1, request="q2")], 2, id="two of a kind"
        ),
        pytest.param(
            [live(0, row_id="a"), live(200, row_id="b")],
            [history(180), history(400, request="q2")],
            2,
            id="the nearest pair would leave two over",
        ),
    ],
)
def test_two_rows_are_the_same_one_or_not(ours: list[LogEntry], theirs: list[LogEntry], rows: int) -> None:
    assert len(joined((View.LIVE, ours), (View.HISTORY, theirs))) == rows
    assert len(joined((View.HISTORY, theirs), (View.LIVE, ours))) == rows


def test_of_several_the_nearest_is_taken() -> None:
    rows = joined(
        (View.LIVE, [live(0, "x", row_id="a"), live(100, "x", row_id="b")]),
        (View.HISTORY, [history(110, "x", "second"), history(5, "x", "first")]),
    )
    assert {row.row_id: row.request_id for row in rows} == {"a": "first", "b": "second"}


def test_the_status_of_a_request_is_that_of_all_its_rows() -> None:
    rows = joined((View.HISTORY, [history(7, "x")]), (View.HISTORY, [history(0, status=502)]))
    assert [row.status for row in rows] == [502, 502]


def test_a_line_may_come_long_after_its_request_where_the_view_shows_only_that() -> None:
    [row] = joined((View.REQUESTS, [history(0, "x", status=500)]), (View.LIVE, [live(9_000, "x")]))
    assert (row.at - NOON, row.request_id) == (9_000, "q1")


def test_a_cut_message_is_its_whole_one() -> None:
    cut = msgspec.structs.replace(live(message="x" * 300), truncated=True)
    [row] = joined((View.LIVE, [cut]), (View.HISTORY, [history(message="x" * 500)]))
    assert (len(row.message), row.truncated) == (500, False)


# Against the truth ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Real:
    """A row that there really was."""

    number: int
    request: int
    at: int
    message: str
    path: str
    status: int
    off: int
    """By how much the live view dates it differently."""

    @property
    def live(self) -> LogEntry:
        return LogEntry(
            NOON + self.at + self.off, self.message, "", "POST", self.path, self.status, row_id=f"row-{self.number}"
        )

    @property
    def history(self) -> LogEntry:
        return LogEntry(NOON + self.at, self.message, "", "POST", self.path, request_id=f"q{self.request}")

    @property
    def with_status(self) -> LogEntry:
        return msgspec.structs.replace(self.history, status=self.status)


@st.composite
def traffic(draw: st.DrawFn) -> list[Real]:
    """Requests of few kinds close together; a row's place in its request makes it different from the request's others."""
    found: list[Real] = []
    for request in range(draw(st.integers(0, 8))):
        begin = draw(st.integers(0, 3_000))
        path, status = draw(st.sampled_from(["/", "/api/a"])), draw(st.sampled_from([200, 500]))
        messages = draw(st.lists(st.sampled_from(["", "x", "y"]), min_size=1, max_size=3, unique=True))
        for message in messages:
            at = begin + draw(st.integers(0, 50))
            off = draw(st.one_of(st.just(0), st.integers(-250, 250)))
            found.append(Real(len(found), request, at, message, path, status, off))
    return found


@st.composite
def deliveries(draw: st.DrawFn, sights: list[tuple[View, LogEntry]]) -> list[tuple[View, list[LogEntry]]]:
    """Everything at least once, in any order, in pieces of any size."""
    again = draw(st.lists(st.sampled_from(sights), max_size=6)) if sights else []
    order = draw(st.permutations([*sights, *again]))
    pieces: list[tuple[View, list[LogEntry]]] = []
    for view, entry in order:
        if pieces and pieces[-1][0] is view and draw(st.booleans()):
            pieces[-1][1].append(entry)
        else:
            pieces.append((view, [entry]))
    return pieces


def facts(entries: tuple[LogEntry, ...]) -> Counter[tuple[object, ...]]:
    return Counter((row.at, row.message, row.path, row.status, row.request_id) for row in entries)


@tried(150)
@given(st.data())
def test_each_real_row_is_there_once_whatever_the_order(data: st.DataObject) -> None:
    """The history is complete, the live view saw some of it; the other way round; or the status is known to both."""
    rows = data.draw(traffic())
    some = data.draw(st.sets(st.sampled_from(rows))) if rows else set()
    theirs = "with_status" if data.draw(st.booleans()) else "history"
    live_ones, history_ones = (list(some), rows) if data.draw(st.booleans()) else (rows, list(some))
    sights = [(View.LIVE, one.live) for one in live_ones]
    sights += [(View.HISTORY, getattr(one, theirs)) for one in history_ones]
    both = Joined()
    kept: dict[str | None, LogEntry] = {}
    for view, entries in data.draw(deliveries(sights)):
        kept |= {row.row_id: row for row in both.add(entries, view)}
    assert len(both.entries()) == len(rows)
    assert Counter(kept.values()) == Counter(both.entries())
    if len(history_ones) == len(rows):
        assert Counter((row.path, row.message, row.request_id) for row in both.entries()) == Counter(
            (one.path, one.message, f"q{one.request}") for one in rows
        )
    straight = Joined()
    for view, entry in sights:
        straight.add([entry], view)
    assert facts(straight.entries()) == facts(both.entries())


@pytest.mark.parametrize("late", [0, 3, -3], ids=lambda late: f"history {late} ms later")
@pytest.mark.parametrize("together", [True, False], ids=["at once", "one after the other"])
def test_a_crowd_of_equal_rows_is_counted_exactly(late: int, *, together: bool) -> None:
    times = range(0, 4_000, 10)
    ours = [live(at, row_id=f"r{at}") for at in times]
    theirs = [history(at + late, request=f"q{at}") for at in times]
    if together:
        rows = joined((View.LIVE, ours), (View.HISTORY, theirs[::-1]))
    else:
        rows = joined(
            *(
                (view, [one])
                for pair in zip(theirs, ours, strict=True)
                for view, one in zip((View.HISTORY, View.LIVE), pair, strict=True)
            )
        )
    assert len(rows) == 400
    assert len({row.request_id for row in rows}) == 400


# Requests ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        pytest.param([live(0), live(200, ERROR, row_id="b")], 1, id="a request and its error"),
        pytest.param([live(0), live(251, ERROR, row_id="b")], 2, id="too late"),
        pytest.param([live(0), live(9, ERROR, 200, row_id="b")], 2, id="another status"),
        pytest.param([live(0, ERROR), live(9, ERROR, row_id="b")], 2, id="two errors of the framework"),
        pytest.param([live(0, "x"), live(9, "x", row_id="b")], 1, id="two lines"),
        pytest.param([live(0), live(9, row_id="b")], 2, id="two rows that note the request itself"),
        pytest.param([live(0), history(100)], 1, id="a row that names its request, and one that does not"),
        pytest.param([history(0), history(9, "x", "q2")], 2, id="two names"),
        pytest.param([live(0, "starting", None, path="")], 0, id="of no request"),
    ],
)
def test_rows_without_a_request_are_put_together(rows: list[LogEntry], count: int) -> None:
    assert len(requests(rows)) == count
    assert len(requests(reversed(rows))) == count


def test_what_is_estimated_says_so() -> None:
    assert [(one.estimated, one.id) for one in requests([live(0), history(900)])] == [(True, "~r1"), (False, "q1")]
    assert [row.request_id for row in identified([live(0), live(1, "x", row_id="b")])] == ["~r1", "~r1"]


@tried(80)
@given(st.data())
def test_requests_do_not_depend_on_the_order_of_rows(data: st.DataObject) -> None:
    rows = [one.live if data.draw(st.booleans()) else one.history for one in data.draw(traffic())]
    shuffled = data.draw(st.permutations(rows))
    assert Counter(one.id for one in requests(rows)) == Counter(one.id for one in requests(shuffled))
    assert sum(len(one.entries) for one in requests(rows)) == len(rows)


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_all_name_their_request_are_the_same_as_when_one_does_not(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - made-up rows
    named = [
        msgspec.structs.replace(live(draw.randrange(60), "x", row_id=str(at)), request_id=f"r{draw.randrange(9)}")
        for at in range(40)
    ]
    outside = [msgspec.structs.replace(live(draw.randrange(60), "y", row_id=f"o{at}"), path="") for at in range(3)]
    nameless = msgspec.structs.replace(live(999_999, "z", row_id="n"), path="/elsewhere")
    quick, whole = identified([*named, *outside]), identified([*named, *outside, nameless])
    assert sorted(map(repr, quick)) == sorted(repr(row) for row in whole if row.row_id != "n")
    assert [row.at for row in quick[: len(named)]] == sorted(row.at for row in named)
    assert [row.row_id for row in quick[len(named) :]] == [
        row.row_id for row in sorted(outside, key=lambda row: (row.at, row.row_id or ""))
    ]
