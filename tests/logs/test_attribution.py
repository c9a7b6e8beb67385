"""Rows that come, change and go are of the same requests as if all had been there at once; and a plain program finds the same ones."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from postdeploy.logs.attribution import Attribution, identified
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.requests import LoggedRequest, estimated, row_order

_PLACES = (("GET", "/"), ("GET", "/"), ("GET", "/"), ("POST", "/"), ("GET", "/a"), ("GET", ""))
"""Most rows at one place, so that they crowd."""


def crowd(dice: random.Random) -> list[LogEntry]:
    """Rows of a few requests, some of which they name; of several places, statuses and kinds."""
    count, milliseconds = dice.choice((5, 20, 60)), dice.choice((100, 1000, 5000))
    return [one_row(dice, f"row-{number}", dice.randrange(milliseconds), count // 4 + 1) for number in range(count)]


def one_row(dice: random.Random, name: str, at: int, requests: int) -> LogEntry:
    method, path = dice.choice(_PLACES)
    return LogEntry(
        at=at,
        message=dice.choice(("", "", "x", "⨯ Error")),
        method=method,
        path=path,
        status=dice.choice((200, 200, 500, None)),
        request_id=dice.choice((None, f"r{dice.randrange(requests)}")),
        row_id=name,
        source=dice.choice(("function", "middleware")),
    )


def plainly(rows: list[LogEntry]) -> Iterator[LogEntry]:
    """Each row with its request's id: one after the other, and all requests are asked."""
    named: dict[str, LoggedRequest] = {}
    for row in sorted((one for one in rows if one.request_id), key=row_order):
        named.setdefault(str(row.request_id), LoggedRequest(str(row.request_id))).take(row.row_id, row)
        yield row
    places = {key: {(row.method, row.path) for row in one.rows.values()} for key, one in named.items()}
    unnamed: defaultdict[tuple[str, str], list[LoggedRequest]] = defaultdict(list)
    for row in sorted((one for one in rows if not one.request_id), key=row_order):
        if not row.path:
            yield row
            continue
        place = (row.method, row.path)
        there = [one for key, one in named.items() if place in places[key] and one.may_have(row)]
        owner = min(there, key=lambda one: (distance(one, row), one.first, one.id), default=None)
        owner = owner or next((one for one in reversed(unnamed[place]) if one.may_have(row)), None)
        if owner is None:
            owner = estimated(row.row_id, row)
            unnamed[place].append(owner)
        owner.take(row.row_id, row)
        yield msgspec.structs.replace(row, request_id=owner.id)


def distance(request: LoggedRequest, row: LogEntry) -> int:
    return min(abs(row.at - one.at) for one in request.rows.values())


def shape(rows: Iterable[LogEntry]) -> list[tuple[str | None, str | None]]:
    return sorted((row.row_id, row.request_id) for row in rows)


@pytest.mark.parametrize("seed", range(100))
def test_a_plain_program_finds_the_same_requests(seed: int) -> None:
    rows = crowd(random.Random(seed))  # noqa: S311 - made-up rows
    assert shape(identified(rows)) == shape(plainly(rows))


@pytest.mark.parametrize("seed", range(200))
def test_rows_that_come_change_and_go_are_of_the_same_requests_as_all_at_once(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - made-up rows
    rows = crowd(dice)
    attribution = Attribution()
    there: dict[str, LogEntry] = {}
    known: dict[str, LogEntry] = {}
    for _ in range(8):
        for _ in range(dice.randrange(1, 15)):
            row = dice.choice(rows)
            name = str(row.row_id)
            if name in there and dice.random() < 0.2:
                attribution.remove(name)
                del there[name]
                continue
            late = dice.choice((0, 0, 30))
            there[name] = one_row(dice, name, row.at + late, 4) if dice.random() < 0.4 else row
            attribution.put(name, there[name])
        for key, now in attribution.changed():
            if now is None:
                known.pop(str(key), None)
            else:
                known[str(key)] = now
        assert shape(known.values()) == shape(identified(there.values()))
        assert {one.id for one in attribution.requests()} == {row.request_id for row in known.values()} - {None}
        assert all(attribution.request(row.request_id) for row in known.values() if row.request_id)


def test_only_what_has_changed_is_said() -> None:
    attribution = Attribution()
    rows = [one_row(random.Random(1), f"row-{at}", 10_000 * at, 4) for at in range(9)]  # noqa: S311 - made-up rows
    for row in rows:
        attribution.put(str(row.row_id), msgspec.structs.replace(row, path="/", request_id=None))
    assert len([*attribution.changed()]) == 9
    assert not [*attribution.changed()]
    attribution.put("row-4", msgspec.structs.replace(rows[4], path="/", request_id="named"))
    assert [(key, row and row.request_id) for key, row in attribution.changed()] == [("row-4", "named")]


def test_requests_that_are_forgotten_change_nothing_for_others() -> None:
    attribution = Attribution()
    for at, name in ((0, "a"), (100, "b"), (5_000, "c")):
        attribution.put(
            name, LogEntry(at, method="GET", path="/", row_id=name, request_id="n" if name == "c" else None)
        )
    assert {key: row and row.request_id for key, row in attribution.changed()} == {"a": "~a", "b": "~b", "c": "n"}
    for one in attribution.requests():
        if one.id != "~b":
            attribution.forget(one)
    assert [one.id for one in attribution.requests()] == ["~b"]
    attribution.put("d", LogEntry(120, "x", method="GET", path="/", row_id="d"))
    assert [(key, row and row.request_id) for key, row in attribution.changed()] == [("d", "~b")]
