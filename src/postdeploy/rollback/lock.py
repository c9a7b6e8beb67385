"""One rollback at a time on one machine. Between machines the production state shows that another one is in progress."""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from postdeploy.model import Blocked
from postdeploy.system import files


class _Holder(msgspec.Struct):
    who: str = "an unknown user"
    process: int = 0
    since: float = 0.0


@contextlib.contextmanager
def alone(project: str, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Hold the project's lock. The system releases it when the process ends, however it ends.

    Raises:
        Blocked: another process holds it; the message names its user and since when.
    """
    folder = _folder(environ)
    name = hashlib.sha256(project.encode()).hexdigest()[:16]
    holder = folder / f"rollback-{name}.holder"
    lock = FileLock(folder / f"rollback-{name}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Blocked(
            f"another rollback of this project is in progress on this machine, {_describe(holder)}. Nothing was sent",
            "Wait for its end, then check: postdeploy deployments.",
        ) from None
    try:
        files.replace(holder, msgspec.json.encode(_Holder(_user(), os.getpid(), time.time())))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _folder(environ: Mapping[str, str]) -> Path:
    """The user's state directory (XDG); where there is none, one below the temporary directory."""
    home = environ.get("HOME")
    state = environ.get("XDG_STATE_HOME") or (f"{home}/.local/state" if home else "")
    for folder in (Path(state, "postdeploy") if state else None, Path(tempfile.gettempdir(), f"postdeploy-{_user()}")):
        if folder is None:
            continue
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    raise Blocked(
        "there is no writable directory for the lock of a rollback",
        "Set XDG_STATE_HOME to a writable directory: the lock keeps two people from rolling back at once.",
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "an unknown user"


def _describe(holder: Path) -> str:
    try:
        found = msgspec.json.decode(holder.read_bytes(), type=_Holder)
    except (OSError, msgspec.DecodeError):
        return "by an unknown process"
    seconds = max(0.0, time.time() - found.since)
    return f"by {found.who} (process {found.process}), for {seconds:.0f} s"
