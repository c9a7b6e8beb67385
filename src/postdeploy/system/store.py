"""What the processes of one run share: the signed-in session, what is known to be down, and what the log says.

A private directory, deleted at the end. Checks that depend on something which is down end at once as "not reached".
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock


@dataclass(frozen=True, slots=True)
class Gate:
    """Opened by the controller, seen by every worker."""

    directory: Path

    def close(self, what: str, why: str) -> None:
        """From now on checks that need `what` are not reached. The first reason stays."""
        fresh = self.directory / f"{what}.{os.getpid()}-{threading.get_ident()}"
        fresh.write_text(why, encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            (self.directory / f"{what}.down").hardlink_to(fresh)  # at once with all that it says
        fresh.unlink()

    def open(self, what: str) -> None:
        """From now on `what` is known to be up."""
        (self.directory / f"{what}.up").touch()

    def opened(self, what: str) -> bool:
        """Whether `what` is known to be up."""
        return (self.directory / f"{what}.up").exists()

    def closed(self, *needs: str) -> str | None:
        """Why something needed is down, or None."""
        for what in needs:
            file = self.directory / f"{what}.down"
            if file.exists():
                return file.read_text(encoding="utf-8") or f"{what} is down"
        return None

    def ask_for_log(self) -> None:
        """The checks that come before the log's are done, as far as this process knows."""
        (self.directory / "log.wanted").touch()

    @property
    def log_wanted(self) -> bool:
        """Whether a check waits for what the log says."""
        return (self.directory / "log.wanted").exists()

    def hand_in_log(self, report: bytes) -> None:
        """What the log says, for the checks of every process."""
        fresh = self.directory / "log.fresh"
        fresh.write_bytes(report)
        fresh.replace(self.directory / "log.json")

    def log(self) -> bytes | None:
        """What the log says, or None while that is not known."""
        try:
            return (self.directory / "log.json").read_bytes()
        except FileNotFoundError:
            return None

    def doubt(self) -> None:
        """Something was met that another deployment may have served."""
        (self.directory / "doubt").touch()

    def take_doubt(self) -> bool:
        """Whether there was doubt since this was asked last."""
        try:
            (self.directory / "doubt").unlink()
        except FileNotFoundError:
            return False
        return True

    def end_log(self) -> None:
        """Nothing more will come of the log."""
        (self.directory / "log.ended").touch()

    @property
    def log_ended(self) -> bool:
        """Whether the watch of the log has come to its end."""
        return (self.directory / "log.ended").exists()

    def tell(self, what: str, document: bytes) -> None:
        """Let the other processes know something that may hold a cookie: it is readable by its owner alone."""
        _write(self.directory / f"{what}.fresh", document)
        (self.directory / f"{what}.fresh").replace(self.directory / f"{what}.told")

    def told(self, what: str) -> bytes | None:
        """What another process has let us know, or None."""
        try:
            return (self.directory / f"{what}.told").read_bytes()
        except FileNotFoundError:
            return None

    @contextmanager
    def session(self) -> Iterator[SharedSession]:
        """The shared session, held alone: the first comer signs in, the others find it there."""
        with FileLock(self.directory / "session.lock"):
            yield SharedSession(self.directory / "session.json")


@dataclass(frozen=True, slots=True)
class SharedSession:
    """A browser storage state, readable by its owner alone."""

    file: Path

    @property
    def handed_in(self) -> bool:
        """Whether it was signed in before this run (`--session`)."""
        return self.file.with_suffix(".given").exists()

    def hand_in(self, state: object) -> None:
        """Begin with a session that was signed in before this run."""
        self.write(state)
        self.file.with_suffix(".given").touch()

    def read(self) -> dict[str, Any] | None:
        """The storage state, or None before the first sign-in."""
        if not self.file.exists():
            return None
        state: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return state

    def write(self, state: object) -> None:
        """Keep the storage state for the other processes of this run."""
        _write(self.file, json.dumps(state).encode())


def _write(file: Path, content: bytes) -> None:
    """Readable by its owner alone, from its first byte on."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
