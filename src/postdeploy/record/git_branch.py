"""The record on a branch of this repository: nothing else to host.

Read by `git show`, written by plumbing: an index of its own, a commit, a push. Neither the work tree nor the branch that is checked
out is touched. Another push in between is not lost: it is fetched, and ours is put on top.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from postdeploy.model import Blocked, UsageError

DEFAULT_PATH = "verdicts.jsonl"
_ATTEMPTS = 10
_PAUSE = 0.2
"""Seconds; longer with each attempt, and random, so that two runs that collided do not collide again."""
_FINAL = re.compile(r"denied|declined|protected|\b403\b|not permitted|read-only", re.IGNORECASE)
"""What a remote says when another attempt would not help."""
_TIMEOUT = 60.0
"""Seconds for one command of git."""
_QUIET = ("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", f"core.hooksPath={os.devnull}")
"""No housekeeping, no hooks: they are for pushes of developers."""
_WHO = {
    f"GIT_{role}_{fact}": value
    for role in ("AUTHOR", "COMMITTER")
    for fact, value in (("NAME", "postdeploy"), ("EMAIL", "postdeploy@localhost"))
}
_REASON = re.compile(r"^(fatal|error|remote):|rejected\]")
_USER_OF_URL = re.compile(r"(?<=://)[^/@\s]+@")


class _Refused(Exception):  # noqa: N818 - reads as a sentence: git refused it
    """A command of git ended badly."""

    def __init__(self, said: str, code: int | None) -> None:
        super().__init__(said)
        self.code = code


@dataclass(frozen=True, slots=True)
class Git:
    """Commands of git in one repository."""

    folder: Path

    def __call__(self, *command: str, given: bytes = b"", environ: Mapping[str, str] | None = None) -> bytes:
        """What a command prints.

        Raises:
            _Refused: it ended badly, or not in time.
        """
        settings = os.environ | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **(environ or {})}
        try:
            process = subprocess.Popen(
                ["git", *_QUIET, *command],
                cwd=self.folder,
                env=settings,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise _Refused(f"git can't be started: {error.strerror}", None) from None
        try:
            out, said = process.communicate(given, timeout=_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # git's helpers hold its pipes open
            process.communicate()
            raise _Refused(f"git {command[0]} gave no answer within {_TIMEOUT:g} s", None) from None
        if process.returncode:
            lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
            last = next((line for line in lines if _REASON.search(line)), "".join(lines[-1:]))
            raise _Refused(_USER_OF_URL.sub("", f"git {command[0]}: {last[:200]}"), process.returncode)
        return out

    def line(self, *command: str, given: bytes = b"", environ: Mapping[str, str] | None = None) -> str:
        """What a command prints, as one word or line."""
        return self(*command, given=given, environ=environ).decode("utf-8", "replace").strip()

    def maybe(self, *command: str) -> str:
        """The same; empty where the command ends badly."""
        try:
            return self.line(*command)
        except _Refused:
            return ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One file on one branch."""

    git: Git
    name: str
    path: str
    remote: str
    """Empty: the repository has none."""

    def content(self) -> tuple[bytes, str]:
        """The file as it stands there now, and what is to be said about that."""
        note = ""
        try:
            tip = self._tip()
        except _Refused as error:
            tip = self._known()
            note = f"{self.remote} was not asked for the branch {self.name} ({error}): what is known here is used"
        return self._read(tip), note

    def rewrite(self, change: Callable[[bytes], bytes], message: str) -> None:
        """Replace the file by what `change` makes of it, as often as another push comes first.

        Raises:
            Blocked: it can't be written.
        """
        said = ""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                tip = self._tip()
                before = self._read(tip)
                after = change(before)
                if after == before:  # an attempt that seemed to fail had arrived
                    return
                self._publish(self._commit(tip, after, message), tip)
            except _Refused as error:
                said = str(error)
                if _FINAL.search(said):
                    break
                time.sleep(_PAUSE * attempt * random.uniform(0.5, 1.5))  # noqa: S311
            else:
                return
        where = f"to {self.remote}" if self.remote else "here"
        raise Blocked(
            f"the branch {self.name} can't be written {where} ({said})",
            "Allow this user to push to that branch (in GitHub Actions: permissions: contents: write), and leave it unprotected.",
        )

    def _tip(self) -> str:
        """The newest commit of the branch, fetched; empty: there is no such branch yet."""
        if not self.remote:
            return self._known()
        try:
            self.git("ls-remote", "--exit-code", "--heads", self.remote, f"refs/heads/{self.name}")
        except _Refused as error:
            if error.code == 2:  # the remote answers, and has no such branch
                return self.git.maybe("rev-parse", "--verify", "--quiet", f"refs/heads/{self.name}^{{commit}}")
            raise
        tracking = f"refs/remotes/{self.remote}/{self.name}"
        source = f"+refs/heads/{self.name}:{tracking}"
        self.git("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", self.remote, source)
        return self.git.line("rev-parse", "--verify", f"{tracking}^{{commit}}")

    def _known(self) -> str:
        """The newest commit of it that this repository has."""
        known = [f"refs/remotes/{self.remote}/{self.name}"] if self.remote else []
        found = (
            self.git.maybe("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
            for ref in [*known, f"refs/heads/{self.name}"]
        )
        return next((one for one in found if one), "")

    def _read(self, tip: str) -> bytes:
        if not tip or not self.git.maybe("ls-tree", "--name-only", "--full-tree", tip, self.path):
            return b""
        return self.git("show", f"{tip}:{self.path}")

    def _commit(self, tip: str, content: bytes, message: str) -> str:
        """A commit on top of this one in which the file is this; everything else on the branch stays."""
        with tempfile.TemporaryDirectory(prefix="postdeploy-") as folder:
            own = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            blob = self.git.line("hash-object", "-w", "--stdin", given=content)
            self.git("read-tree", tip or "--empty", environ=own)
            self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{self.path}", environ=own)
            tree = self.git.line("write-tree", environ=own)
        parent = ("-p", tip) if tip else ()
        return self.git.line("commit-tree", tree, *parent, "-m", message, environ=_WHO)

    def _publish(self, commit: str, tip: str) -> None:
        if self.remote:
            self.git("push", "--quiet", "--no-verify", self.remote, f"{commit}:refs/heads/{self.name}")
        else:
            self.git("update-ref", "-m", "postdeploy: a verdict", f"refs/heads/{self.name}", commit, tip)


def open_branch(spec: str, folder: Path) -> Branch:
    """`BRANCH` or `BRANCH:PATH` in the repository that this folder is in. Changes nothing, and asks no remote.

    Raises:
        UsageError: it can't be used.
    """
    name, _, path = spec.partition(":")
    path = path or DEFAULT_PATH
    where = f"--record=git:{spec}"
    git = Git(folder)
    try:
        git("rev-parse", "--git-dir")
    except _Refused as error:
        raise UsageError(f"{where}: no repository here ({error}). Run it in a clone, or give a file.") from None
    if not name or git.maybe("check-ref-format", "--branch", name) != name:
        raise UsageError(f"{where}: {name!r} is not the name of a branch. Write git:BRANCH or git:BRANCH:PATH.")
    parts = path.split("/")
    if any(part in ("", ".", "..", ".git") for part in parts):
        raise UsageError(
            f"{where}: {path!r} is not a path inside a branch. Write it like {DEFAULT_PATH}, or runs/{DEFAULT_PATH}."
        )
    taken = git.maybe("worktree", "list", "--porcelain").splitlines()
    if f"branch refs/heads/{name}" in taken or git.maybe("symbolic-ref", "--short", "--quiet", "HEAD") == name:
        raise UsageError(
            f"{where}: the branch {name} is checked out. Give the record a branch of its own: --record=git:postdeploy-record"
        )
    return Branch(git, name, path, _remote(git, name))


def _remote(git: Git, branch: str) -> str:
    remotes = git.maybe("remote").split()
    wanted = git.maybe("config", f"branch.{branch}.remote")
    return next((one for one in (wanted, "origin") if one in remotes), remotes[0] if len(remotes) == 1 else "")
