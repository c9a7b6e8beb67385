"""A record in a file, in a directory, on a branch: read whatever happens to it, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from postdeploy.model import Blocked, UsageError
from postdeploy.record import places
from postdeploy.record.places import Directory, File, open_record
from postdeploy.record.retention import entry_of
from tests.record.runs import FAIL, deployments, run

# A file -------------------------------------------------------------------------------------------------------------------


def test_a_file_grows_by_a_line_a_run(tmp_path: Path) -> None:
    place = open_record("verdicts.jsonl", tmp_path)
    assert isinstance(place, File)
    assert deployments(place) == []
    place.append(run("dpl_1"))
    place.append(run("dpl_2", FAIL, minutes=1))
    assert deployments(place) == ["dpl_1", "dpl_2"]
    assert len((tmp_path / "verdicts.jsonl").read_bytes().splitlines()) == 2


def test_a_torn_last_line_spoils_no_other(tmp_path: Path) -> None:
    place = open_record("verdicts.jsonl", tmp_path)
    place.append(run("dpl_1"))
    with (tmp_path / "verdicts.jsonl").open("ab") as file:
        file.write(b'{"schema": 1, "deci')
    place.append(run("dpl_2", minutes=1))
    assert deployments(place) == ["dpl_1", "dpl_2"]
    assert place.read().notes[0].startswith("line 2: not a verdict")


def test_many_runs_at_once_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda at: open_record("v.jsonl", tmp_path).append(run(f"dpl_{at}")), range(24)))
    assert sorted(deployments(open_record("v.jsonl", tmp_path))) == sorted(f"dpl_{at}" for at in range(24))


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = open_record("v.jsonl", tmp_path)
    place.append(run("dpl_1"))

    def crash(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(Blocked, match=r"No space left on device\. Make room"):
        place.append(run("dpl_2"))
    assert deployments(place) == ["dpl_1"]


def test_a_lock_that_stays_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_WAIT", 0.1)
    with FileLock(tmp_path / "v.jsonl.lock"), ThreadPoolExecutor(1) as pool:
        other = pool.submit(lambda: open_record("v.jsonl", tmp_path).append(run("dpl_1")))
        with pytest.raises(Blocked, match=r"v\.jsonl was locked"):
            other.result(5)


def test_a_link_stays_a_link_and_rights_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").touch(mode=0o600)
    (tmp_path / "v.jsonl").symlink_to("real.jsonl")
    open_record("v.jsonl", tmp_path).append(run("dpl_1"))
    assert (tmp_path / "v.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").stat().st_mode & 0o777 == 0o600
    assert deployments(open_record("real.jsonl", tmp_path)) == ["dpl_1"]


# A directory --------------------------------------------------------------------------------------------------------------


def test_a_directory_holds_what_earlier_runs_left_however_deep(tmp_path: Path) -> None:
    for name, document in {"a/verdict.json": run("dpl_1"), "b/c/verdict-2.json": run("dpl_2", minutes=1)}.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(document)
    (tmp_path / "a/other.json").write_text("{}")
    (tmp_path / "a/verdict-broken.json").write_text("{")
    place = open_record(".", tmp_path)
    assert isinstance(place, Directory)
    assert deployments(place) == ["dpl_1", "dpl_2"]
    assert [note.partition(":")[0] for note in place.read().notes] == ["a/verdict-broken.json"]


def test_a_directory_is_only_read(tmp_path: Path) -> None:
    place = open_record(".", tmp_path)
    assert not place.grows
    place.append(run("dpl_1"))
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_files_of_a_huge_directory_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_MOST_FILES", 3)
    for at in range(5):
        (tmp_path / f"verdict-{at}.json").write_bytes(run(f"dpl_{at}", minutes=at))
        os.utime(tmp_path / f"verdict-{at}.json", (at, at))
    found = open_record(".", tmp_path).read()
    assert [one.deployment for one in found.entries] == ["dpl_2", "dpl_3", "dpl_4"]
    assert found.notes == ("only the newest 3 of 5 files were read",)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        pytest.param("none/", "no such directory", id="no such directory"),
        pytest.param("none/v.jsonl", "Make it first", id="a file in no directory"),
        pytest.param("README.md", "none of its lines is a verdict", id="a text"),
        pytest.param("verdict.json", "or the directory that holds verdict.json files", id="a verdict as it is written"),
        pytest.param("socket", "is not a record", id="no file at all"),
        pytest.param("git:record", "no repository here", id="no repository"),
    ],
)
def test_what_cannot_be_a_record_is_refused_before_the_run(tmp_path: Path, where: str, said: str) -> None:
    (tmp_path / "README.md").write_text("# Not a record\n")
    (tmp_path / "verdict.json").write_bytes(run("dpl_1"))
    os.mkfifo(tmp_path / "socket")
    with pytest.raises(UsageError) as refused:
        open_record(where, tmp_path)
    assert f"--record={where}" in str(refused.value)
    assert said in str(refused.value)
    assert (tmp_path / "README.md").read_text() == "# Not a record\n"


READ_ONLY = {"the file": ("v.jsonl",), "its directory": (".",), "both": ("v.jsonl", ".")}


@pytest.mark.parametrize("which", READ_ONLY.values(), ids=READ_ONLY)
def test_a_file_that_may_not_be_written_is_read_and_left_alone(
    tmp_path: Path, which: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It changes no verdict: only the entry is missing, and that is said. (Root may write everywhere.)"""
    (tmp_path / "v.jsonl").write_bytes(entry_of(run("dpl_1")) + b"\n")
    shut = {tmp_path / one for one in which}
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) not in shut or mode != os.W_OK)
    place = open_record("v.jsonl", tmp_path)
    assert deployments(place) == ["dpl_1"]
    with pytest.raises(Blocked, match=r"can only be read: no permission to write"):
        place.append(run("dpl_2"))
    assert deployments(place) == ["dpl_1"]


def test_a_new_file_where_nothing_may_be_written_is_an_empty_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    place = open_record("v.jsonl", tmp_path)
    assert deployments(place) == []
    with pytest.raises(Blocked):
        place.append(run("dpl_1"))


LEFT_OUT = {
    "torn": (lambda file: file.write_bytes(b"{"), "verdict-2.json: not a verdict"),
    "too large": (lambda file: os.truncate(file, (64 << 20) + 1), "verdict-2.json: larger than 64 MB, left out"),
    "of a later version": (
        lambda file: file.write_bytes(b'{"schema": 7}'),
        "verdict-2.json: written by a newer version",
    ),
}


@pytest.mark.parametrize(("harm", "note"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_of_a_directory_is_not_read_is_a_note(tmp_path: Path, harm: Callable[[Path], object], note: str) -> None:
    (tmp_path / "verdict-1.json").write_bytes(run("dpl_1"))
    (tmp_path / "verdict-2.json").write_bytes(run("dpl_2"))
    harm(tmp_path / "verdict-2.json")
    found = open_record(".", tmp_path).read()
    assert [one.deployment for one in found.entries] == ["dpl_1"]
    assert [one for one in found.notes if one.startswith(note)]
