"""A record in a file, in a directory, on a branch: read whatever happens to it, written whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from postdeploy.model import Blocked, UsageError
from postdeploy.record import git_branch, places
from postdeploy.record.places import Directory, File, OnBranch, Place, open_record
from tests.record.runs import FAIL, run


def deployments(place: Place) -> list[str]:
    return [one.deployment for one in place.read().entries]


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


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="can't be written"):
        open_record("v.jsonl", tmp_path)


# A branch -----------------------------------------------------------------------------------------------------------------


def git(folder: Path, *command: str) -> str:
    settings = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.test", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *command], cwd=folder, capture_output=True, text=True, check=True, env=settings)
    return done.stdout.strip()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a repository with one commit, as a developer works in it."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    git(tmp_path, "init", "--bare", "origin.git")
    git(tmp_path, "clone", "origin.git", "work")
    work = tmp_path / "work"
    (work / "app.ts").write_text("code")
    git(work, "add", ".")
    git(work, "commit", "-m", "code")
    git(work, "push", "origin", "HEAD")
    return work


def state(work: Path) -> tuple[str, str, str, set[str]]:
    """What must not change: where HEAD is, the index, the work tree, what else is there."""
    return (
        git(work, "rev-parse", "HEAD"),
        git(work, "symbolic-ref", "HEAD"),
        git(work, "status", "--porcelain"),
        {path.name for path in work.iterdir()},
    )


def test_a_branch_takes_verdicts_and_leaves_everything_else_alone(clone: Path) -> None:
    (clone / "app.ts").write_text("staged")
    git(clone, "add", ".")
    (clone / "app.ts").write_text("being written")
    before = state(clone)
    place = open_record("git:record", clone)
    assert isinstance(place, OnBranch)
    assert deployments(place) == []
    place.append(run("dpl_1"))
    place.append(run("dpl_2", FAIL, minutes=1))
    assert deployments(place) == ["dpl_1", "dpl_2"]
    assert state(clone) == before
    assert git(clone, "ls-remote", "--heads", "origin", "record") != ""
    log = git(clone, "log", "--format=%an %s|%b", "origin/record").splitlines()
    assert log[:1] == ["postdeploy FAIL smoke dpl_2|[skip ci]"]


def test_another_clone_reads_what_was_recorded(clone: Path, tmp_path: Path) -> None:
    open_record("git:record", clone).append(run("dpl_1"))
    git(tmp_path, "clone", "--depth=1", "--single-branch", "--no-local", "origin.git", "runner")
    place = open_record("git:record", tmp_path / "runner")
    assert deployments(place) == ["dpl_1"]
    place.append(run("dpl_2", minutes=1))
    assert deployments(open_record("git:record", clone)) == ["dpl_1", "dpl_2"]


def test_other_files_on_the_branch_stay(clone: Path) -> None:
    git(clone, "push", "origin", "HEAD:refs/heads/record")
    place = open_record("git:record:runs/app.jsonl", clone)
    place.append(run("dpl_1"))
    assert git(clone, "ls-tree", "-r", "--name-only", "origin/record").split() == ["app.ts", "runs/app.jsonl"]
    assert deployments(place) == ["dpl_1"]


def test_runs_that_push_at_the_same_time_lose_nothing(clone: Path, tmp_path: Path) -> None:
    clones = [tmp_path / f"runner-{at}" for at in range(4)]
    for each in clones:
        git(tmp_path, "clone", "origin.git", each.name)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: open_record("git:record", each).append(run(f"dpl_{each.name}")), clones))
    assert sorted(deployments(open_record("git:record", clone))) == sorted(f"dpl_{each.name}" for each in clones)


def test_processes_of_one_clone_lose_nothing(clone: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from postdeploy.record.places import open_record;"
        "from tests.record.runs import run; open_record('git:record', Path(sys.argv[1])).append(run(sys.argv[2], run_id=sys.argv[2]))"
    )
    project = Path(__file__).parents[2]
    started = [subprocess.Popen([sys.executable, "-c", script, clone, f"dpl_{at}"], cwd=project) for at in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(deployments(open_record("git:record", clone))) == 3


def test_without_a_remote_the_branch_is_a_local_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(tmp_path, "init", "work")
    place = open_record("git:record", tmp_path / "work")
    place.append(run("dpl_1"))
    place.append(run("dpl_2", minutes=1))
    assert deployments(place) == ["dpl_1", "dpl_2"]
    assert git(tmp_path / "work", "for-each-ref", "--format=%(refname)") == "refs/heads/record"


def test_a_push_that_arrived_although_it_seemed_to_fail_is_not_repeated(clone: Path) -> None:
    place = open_record("git:record", clone)
    document = run("dpl_1")
    place.append(document)
    place.append(document)
    assert git(clone, "rev-list", "--count", "origin/record") == "1"


@pytest.fixture
def gone(clone: Path) -> Path:
    """The clone, whose remote can't be reached any more."""
    open_record("git:record", clone).append(run("dpl_1"))
    (clone.parent / "origin.git").rename(clone.parent / "moved.git")
    return clone


def test_a_remote_that_is_out_of_reach_is_said_and_what_is_known_is_read(gone: Path) -> None:
    found = open_record("git:record", gone).read()
    assert [one.deployment for one in found.entries] == ["dpl_1"]
    assert "what is known here is used" in found.notes[0]


def test_a_verdict_that_cannot_be_pushed_is_said(gone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_branch, "_PAUSE", 0.0)
    with pytest.raises(Blocked, match=r"can't be written to origin .*permissions: contents: write"):
        open_record("git:record", gone).append(run("dpl_2"))


def test_a_refusal_for_good_is_not_tried_again(clone: Path) -> None:
    hook = clone.parent / "origin.git/hooks/pre-receive"
    hook.write_text('#!/bin/sh\ndate >> "$GIT_DIR/asked"\necho "protected branch" >&2\nexit 1\n')
    hook.chmod(0o755)
    with pytest.raises(Blocked, match="can't be written"):
        open_record("git:record", clone).append(run("dpl_1"))
    assert len((clone.parent / "origin.git/asked").read_text().splitlines()) == 1


@pytest.mark.parametrize("name", ["pre-push", "reference-transaction"])
def test_a_developers_hooks_are_not_run(clone: Path, name: str) -> None:
    hook = clone / ".git/hooks" / name
    hook.write_text("#!/bin/sh\ntouch ran\nexit 1\n")
    hook.chmod(0o755)
    open_record("git:record", clone).append(run("dpl_1"))
    assert not (clone / "ran").exists()
    assert not (clone / ".git/ran").exists()


def test_a_git_that_hangs_is_ended(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_branch, "_TIMEOUT", 0.5)
    git(clone, "config", "remote.origin.url", "ext::sleep 60")
    git(clone, "config", "protocol.ext.allow", "always")
    reading = threading.Thread(target=open_record("git:record", clone).read, daemon=True)
    reading.start()
    reading.join(10)
    assert not reading.is_alive()


def test_credentials_in_a_remotes_address_are_not_told(clone: Path) -> None:
    helper = clone.parent / "helper"
    helper.write_text("#!/bin/sh\necho 'fatal: https://ada:hunter2hunter2@git.test/app.git: no' >&2\nexit 1\n")
    helper.chmod(0o755)
    git(clone, "config", "remote.origin.url", f"ext::{helper}")
    git(clone, "config", "protocol.ext.allow", "always")
    [note] = open_record("git:record", clone).read().notes
    assert "https://git.test/app.git: no" in note
    assert "hunter2" not in note


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        pytest.param("main", "is checked out", id="the branch that is being worked on"),
        pytest.param("../x", "not the name of a branch", id="no name"),
        pytest.param("-x", "not the name of a branch", id="an option"),
        pytest.param("@{-1}", "not the name of a branch", id="a reference to another"),
        pytest.param("", "not the name of a branch", id="nothing"),
        pytest.param("record:/etc/passwd", "not a path inside a branch", id="a path elsewhere"),
        pytest.param("record:../x", "not a path inside a branch", id="a path above"),
        pytest.param("record:.git/config", "not a path inside a branch", id="a path of git's own"),
    ],
)
def test_what_cannot_be_a_branch_is_refused_before_the_run(clone: Path, spec: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        open_record(f"git:{spec}", clone)
    assert said in str(refused.value)


def test_a_branch_of_another_work_tree_is_left_alone(clone: Path) -> None:
    git(clone, "worktree", "add", "-b", "other", "../other")
    with pytest.raises(UsageError, match="is checked out"):
        open_record("git:other", clone)


def test_what_is_recorded_is_a_document_a_line(clone: Path) -> None:
    open_record("git:record", clone).append(run("dpl_1"))
    [line] = git(clone, "show", "origin/record:verdicts.jsonl").splitlines()
    assert json.loads(line)["decision"] == "PASS"
