"""Files that other processes read: replaced as a whole, so that a reader, or a crash, meets the old one or the new one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def replace(path: Path, content: bytes, *, durable: bool = False, private: bool = False) -> None:
    """Write the file anew; its directory must exist, and the mode of an existing file stays.

    `durable`: it survives a power failure. `private`: readable by its owner alone, from its first byte on.

    Raises:
        OSError: it can't be written.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.fresh")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    if not private and path.exists():
        shutil.copymode(path, fresh)
    fresh.replace(path)
