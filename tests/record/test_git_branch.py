"""The record on a branch of the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from postdeploy.model import Blocked, UsageError
from postdeploy.record import git_branch
from postdeploy.record.places import OnBranch, open_record
from tests.record.runs import FAIL, deployments, run


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
