"""What the processes of one run share."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from postdeploy.system.store import Key, Store

WORD = Key("word", str)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_value_is_unknown_until_it_is_put(store: Store) -> None:
    assert store.get(WORD) is None
    store.put(WORD, "first")
    store.put(WORD, "second")
    assert store.get(WORD) == "second"


def test_of_several_writers_the_first_one_wins(store: Store) -> None:
    barrier = threading.Barrier(8)

    def write(number: int) -> None:
        barrier.wait()
        store.put_first(WORD, str(number))
        seen.append(store.get(WORD))

    seen: list[str | None] = []
    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [file.name for file in store.directory.iterdir()] == ["word.json"]


def test_a_value_is_readable_by_its_owner_alone(store: Store) -> None:
    store.put(WORD, "put")
    store.put_first(Key("first", str), "put first")
    assert {oct(file.stat().st_mode & 0o777) for file in store.directory.iterdir()} == {"0o600"}


def test_a_value_that_is_waited_for_is_seen_as_soon_as_it_is_put(store: Store) -> None:
    threading.Timer(0.1, store.put, (WORD, "late")).start()
    assert store.wait(WORD, 10.0) == "late"


def test_waiting_ends_in_time(store: Store) -> None:
    assert store.wait(WORD, 0.1) is None


def test_the_file_of_a_value_is_its_json(store: Store) -> None:
    store.put(Key("session", dict), {"cookies": []})
    assert (store.directory / "session.json").read_bytes() == b'{"cookies":[]}'
