"""Of several processes that ask at once one holds the file, and each other one learns which."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import threading
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from postdeploy.system import exclusive

PROCESSES, ROUNDS = 6, 60
FORK = multiprocessing.get_context("fork")


def ask(folder: Path, together: Barrier, tell: Connection) -> None:
    """In each process, once per file: None if it holds it, else what the holder said of itself."""
    answers: list[tuple[int, str | None]] = []
    for number in range(ROUNDS):
        together.wait()
        try:
            held = exclusive.hold(folder / str(number), f"process {os.getpid()}")
            said = None
        except exclusive.Held as error:
            held, said = None, str(error)
        together.wait()
        answers.append((os.getpid(), said))
        if held is not None:
            exclusive.release(held)
    tell.send(answers)


def answers_of(folder: Path) -> list[list[tuple[int, str | None]]]:
    """Of each file, of each process."""
    together = FORK.Barrier(PROCESSES)
    pipes = [FORK.Pipe(duplex=False) for _ in range(PROCESSES)]
    started = [FORK.Process(target=ask, args=(folder, together, tell)) for _, tell in pipes]
    for process in started:
        process.start()
    found = [listen.recv() for listen, _ in pipes]
    for process in started:
        process.join()
    return [list(each) for each in zip(*found, strict=True)]


GONE = f"process of before\n{2**22 + 1}\n"
"""Linux has no process of this number."""


@pytest.mark.parametrize("left", ["", GONE], ids=["of nobody before", "of one that was killed"])
def test_of_many_at_once_one_holds_it_and_the_others_learn_which(tmp_path: Path, left: str) -> None:
    for number in range(ROUNDS):
        (tmp_path / str(number)).write_text(left, encoding="utf-8")
    for answers in answers_of(tmp_path):
        holders = [process for process, said in answers if said is None]
        assert len(holders) == 1
        assert {said for _, said in answers if said is not None} == {f"process {holders[0]}"}


@pytest.mark.parametrize("left", ["", GONE], ids=["of nobody before", "of one that was killed"])
def test_who_holds_it_is_waited_for(tmp_path: Path, left: str) -> None:
    """Between holding a file and saying so a process may have to wait for its turn."""
    file = tmp_path / "lock"
    file.write_text(left, encoding="utf-8")
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        later = threading.Timer(0.2, file.write_text, (f"process 1\n{os.getpid()}\n",))
        later.start()
        assert exclusive.holder(file) == "process 1"
        with pytest.raises(exclusive.Held, match="process 1"):
            exclusive.hold(file, "process 2")
        later.join()


def test_a_holder_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.touch()
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert exclusive.holder(file) == ""


def test_it_can_be_held_again_once_it_is_released(tmp_path: Path) -> None:
    for _ in range(2):
        exclusive.release(exclusive.hold(tmp_path / "lock", "process 1"))
    assert exclusive.holder(tmp_path / "lock") is None


def test_the_holder_is_known_to_whoever_only_looks(tmp_path: Path) -> None:
    held = exclusive.hold(tmp_path / "lock", "process 1")
    assert exclusive.holder(tmp_path / "lock") == "process 1"
    exclusive.release(held)


def test_those_that_only_ask_who_holds_it_keep_no_one_from_holding_it(tmp_path: Path) -> None:
    """A gate that asks again and again, at the moment a run begins."""
    file = tmp_path / "lock"
    file.touch()
    with file.open("rb") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        later = threading.Timer(0.1, fcntl.flock, (asking, fcntl.LOCK_UN))
        later.start()
        held = exclusive.hold(file, "process 1")
        later.join()
    assert exclusive.holder(file) == "process 1"
    exclusive.release(held)


def test_one_that_asks_for_ever_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.touch()
    with file.open("rb") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        with pytest.raises(exclusive.Held):
            exclusive.hold(file, "process 1")


def test_a_file_that_cannot_be_opened_may_be_held(tmp_path: Path) -> None:
    """By a run under another user's id, in another container."""
    file = tmp_path / "lock"
    file.symlink_to(file)
    assert "can't be read" in (exclusive.holder(file) or "")
    assert exclusive.holder(tmp_path / "none") is None
