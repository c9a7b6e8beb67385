"""The ids of a run's own requests, named in the log itself."""

from __future__ import annotations

import pytest

from postdeploy.logs.announcement import announced, is_announcement, names, unique_end
from postdeploy.logs.entry import LogEntry

PATH = "/api/inbox/conversations/"


def ids(count: int) -> list[str]:
    return [f"abcde-17596224{n:05}-{n * 7919:012x}" for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 59, 60, 61, 500])
def test_what_is_asked_for_names_all_ids(count: int) -> None:
    paths = [PATH + name for name in names(ids(count))]
    found = frozenset[str]().union(*(announced(LogEntry(0, method="GET", path=path, status=401)) for path in paths))
    assert found == {unique_end(one) for one in ids(count)}
    assert len(paths) == -(-count // 60)
    assert all(len(path) < 600 and is_announcement(path) for path in paths)


def test_an_id_of_another_form_is_left_out() -> None:
    assert list(names(["7", "", "iad1::x", "abcde-1-0123456789AB", "abcde-1-0123456789abc"])) == []
    assert [unique_end(each) for each in ("7", "", None)] == ["", "", ""]


@pytest.mark.parametrize(
    ("method", "status", "ours"),
    [
        ("GET", 401, True),
        ("GET", 503, True),
        ("", None, True),
        ("GET", 500, False),
        ("GET", 200, False),
        ("POST", 401, False),
        ("GET", -1, False),
    ],
)
def test_another_answer_makes_it_a_request_like_any_other(method: str, status: int | None, *, ours: bool) -> None:
    entry = LogEntry(0, method=method, path=PATH + next(names(ids(2))), status=status)
    assert bool(announced(entry)) is ours


@pytest.mark.parametrize(
    "path",
    [
        PATH + "70d3b107-own-",
        PATH + "70d3b107-own-AAAAAAA",
        PATH + "70d3b107-own-AAAAAAA!",
        PATH + "own-AAAAAAAA",
        PATH + "70d3b107-own-AAAAAAAA/messages",
        PATH + "70d3b107-own-ÄÄÄÄÄÄÄÄ",
    ],
)
def test_another_path_announces_nothing(path: str) -> None:
    assert not is_announcement(path)
    assert not announced(LogEntry(0, method="GET", path=path, status=401))
