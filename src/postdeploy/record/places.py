"""Where earlier verdicts are: a file, a directory of verdict.json files, or a branch of this repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from postdeploy.model import Blocked, UsageError
from postdeploy.record import entries, git_branch, retention
from postdeploy.record.entries import Record
from postdeploy.record.git_branch import Branch
from postdeploy.system import files

_GIT = "git:"
_WAIT = 30.0
"""Seconds that another run may hold the lock."""
_MOST_FILES = 500
_LARGEST = 64 << 20
"""Bytes; a record never grows to that."""


class Place(Protocol):
    """Where the record is."""

    @property
    def name(self) -> str:
        """Its name in messages."""
        ...

    @property
    def grows(self) -> bool:
        """Whether it takes entries, or is only read."""
        ...

    def read(self) -> Record:
        """What stands there.

        Raises:
            Blocked: it can't be read.
        """
        ...

    def append(self, document: bytes) -> None:
        """Take one verdict.json.

        Raises:
            Blocked: it can't be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class File:
    """A file with a verdict on each line."""

    path: Path
    grows: bool = True

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def refusal(self) -> str:
        """Why it takes no entry, as far as permissions show it; empty: it does."""
        missing = [one for one in (self.path, self.path.parent) if one.exists() and not os.access(one, os.W_OK)]
        return f"{self.path} can only be read: no permission to write {missing[0]}" if missing else ""

    def read(self) -> Record:
        """All lines; one that can't be read becomes a note with its number."""
        return entries.read_lines(self._content())

    def append(self, document: bytes) -> None:
        """Replace the file as a whole, so that a reader, or a crash, leaves the old one or the new one."""
        if self.refusal:
            raise Blocked(self.refusal, "Give this user the permission to write it, or give --record another file.")
        path = self.path.resolve()  # the file stays where a link leads
        try:
            with FileLock(path.with_name(f"{path.name}.lock"), timeout=_WAIT):
                content = retention.appended(self._content(), retention.entry_of(document))
                files.replace(path, content, durable=True)
        except Timeout:
            raise Blocked(
                f"{self.path} was locked for {_WAIT:g} s", f"Remove {path.name}.lock if no other run is writing."
            ) from None
        except OSError as error:
            raise Blocked(
                f"{self.path} can't be written: {error.strerror}", "Make room, or give --record another file."
            ) from None

    def _content(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise Blocked(
                f"{self.path} can't be read: {error.strerror}", "Give this user the permission to read it."
            ) from None


@dataclass(frozen=True, slots=True)
class Directory:
    """Verdicts of earlier runs, as they were downloaded; only read."""

    path: Path
    grows: bool = False

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    def read(self) -> Record:
        """The newest of the files called verdict….json, in all folders below."""
        files = sorted(self._files(), key=_changed, reverse=True)
        documents, notes = [], []
        for file in files[:_MOST_FILES]:
            name = str(file.relative_to(self.path))
            try:
                if file.stat().st_size <= _LARGEST:
                    documents.append((name, file.read_bytes()))
                else:
                    notes.append(f"{name}: larger than {_LARGEST >> 20} MB, left out")
            except FileNotFoundError:  # gone meanwhile
                continue
            except OSError as error:
                notes.append(f"{name}: can't be read ({error.strerror}), left out")
        if len(files) > _MOST_FILES:
            notes.append(f"only the newest {_MOST_FILES} of {len(files)} files were read")
        found = entries.read(documents)
        return replace(found, notes=(*found.notes, *notes))

    def append(self, document: bytes) -> None:
        """Nothing: verdict.json is what a pipeline keeps."""

    def _files(self) -> Iterator[Path]:
        for folder, _, names in os.walk(self.path):
            for name in names:
                if name.startswith("verdict") and name.endswith(".json"):
                    file = Path(folder, name)
                    if file.is_file():
                        yield file


def _changed(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


@dataclass(frozen=True, slots=True)
class OnBranch:
    """A file with a verdict on each line, on a branch of this repository."""

    branch: Branch
    grows: bool = True

    @property
    def name(self) -> str:
        """As the option spells it."""
        return f"{_GIT}{self.branch.name}:{self.branch.path}"

    def read(self) -> Record:
        """All lines, as the remote has them now, if it can be asked."""
        content, note = self.branch.content()
        found = entries.read_lines(content)
        return replace(found, notes=(*found.notes, note)) if note else found

    def append(self, document: bytes) -> None:
        """One commit on that branch."""
        entry = retention.entry_of(document)
        earlier = entries.parse(entry)
        message = f"{earlier.decision} {earlier.stage} {earlier.deployment or earlier.host}\n\n[skip ci]"
        self.branch.rewrite(
            lambda content: content if entry in content else retention.appended(content, entry), message
        )


def open_record(where: str, folder: Path) -> Place:
    """What `--record` names, seen from this folder. Looks, and writes nothing.

    Raises:
        UsageError: it can't be used.
    """
    if where.startswith(_GIT):
        return OnBranch(git_branch.open_branch(where.removeprefix(_GIT), folder))
    path = folder / where
    if path.is_dir():
        return Directory(path)
    if where.endswith("/"):
        raise UsageError(f"--record={where}: there is no such directory. Make it, or give a file.")
    if not path.parent.is_dir():
        raise UsageError(f"--record={where}: there is no directory {path.parent}. Make it first.")
    if path.exists():
        _refuse_other_files(where, path)
    return File(path)


def _refuse_other_files(where: str, path: Path) -> None:
    """A line of ours would damage a file that is something else."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise UsageError(f"--record={where} is not a record of verdicts. Give a file of its own.")
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--record={where} can't be read: {error.strerror}. Give another file.") from None
    found = entries.read_lines(content)
    if content.strip() and not found.entries and not found.newer:
        raise UsageError(
            f"--record={where} is not a record of verdicts: none of its lines is a verdict. Give a file of its own,"
            " or the directory that holds verdict.json files."
        )
