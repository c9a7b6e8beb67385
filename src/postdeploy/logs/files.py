"""Logs that were saved, or are being saved, to files; and which source an address means.

`--logs=export.json`, `--logs='drain/*.ndjson.gz'`, `--logs=-`. A format is recognised by what a file holds, never by its name.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from glob import glob, has_magic
from pathlib import Path

from postdeploy.logs.decoding import Decoding, shown_together, unread
from postdeploy.logs.format_reader import Format
from postdeploy.logs.formats import UnknownFormatError
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.protocol import News, Shows, Source
from postdeploy.logs.remote import is_remote, open_remote
from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook

STDIN = "-"
_PIECE = 1 << 20
_HEAD = 1 << 14
"""Bytes by which a format is looked for: of a compressed file they are many more."""
WAREHOUSE = ("clickhouse://", "spark:")
"""How the addresses of warehouses begin."""
_POLL = 0.25
"""Seconds between two looks at a file that grows."""


def open_source(spec: str, stdin: int = 0, runbook: Runbook | None = None) -> Source:
    """The source that `spec` names: a file, a pattern of files, an address, a table, or `-` for what is piped in.

    `runbook`: what a warehouse is asked by; without it there is none.

    Raises:
        UsageError: there is none, or it can't be read. What is piped in is not waited for: what is wrong with it is reported
            as a gap.
    """
    if spec == STDIN:
        return PipeSource("stdin", stdin)
    if runbook and spec.startswith(WAREHOUSE):
        from postdeploy.logs.warehouse_address import open_warehouse  # noqa: PLC0415 - its HTTP client takes long to load

        return open_warehouse(spec, runbook)
    if is_remote(spec):
        return open_remote(spec)
    paths = _paths(spec)
    if len(paths) == 1 and stat.S_ISFIFO(_mode(paths[0])):
        return PipeSource(str(paths[0]), os.open(paths[0], os.O_RDONLY))
    return FileSource(spec, tuple(paths))


class FileSource:
    """Files that are read one after another to their ends, whatever `done` says; those that may grow are then followed."""

    def __init__(self, name: str, paths: tuple[Path, ...]) -> None:
        self.name = name
        self.paths = paths
        self._decodings = [_probe(path) for path in paths]

    @property
    def size(self) -> int:
        """Bytes that there are now."""
        return sum(path.stat().st_size for path in self.paths if path.exists())

    @property
    def shows(self) -> Shows:
        """What all of them can show together."""
        return shown_together(one.shown for one in self._decodings)

    @property
    def formats(self) -> frozenset[Format]:
        """The formats of the files."""
        return frozenset(one.format for one in self._decodings if one.format)

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes of all of them can be read as they are, once they are decompressed."""
        return all(one.is_utf8 for one in self._decodings)

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """All rows from `since` on, in the order of the files; then what is appended, until `done()`."""
        tails = [_Tail(path, since) for path in self.paths]
        self._decodings = [tail.decoding for tail in tails]
        for tail in tails:
            yield from tail.more()
        while not done() and any(tail.may_grow for tail in tails):
            for tail in tails:
                yield from tail.more()
            yield News()
            time.sleep(_POLL)
        for tail in tails:
            yield from tail.more()
            yield from tail.decoding.end()


class _Tail:
    """One file: what was read of it, and what has come since."""

    def __init__(self, path: Path, since: int) -> None:
        self.decoding = Decoding(str(path), since)
        self._path, self._since = path, since
        self._position = 0
        self._failed = False

    @property
    def may_grow(self) -> bool:
        return not self._failed and self.decoding.may_grow

    def more(self) -> Iterator[News]:
        """What it has from the last position to its present end; what can't be read is a gap, and ends it."""
        if self._failed:
            return
        try:
            with self._path.open("rb") as file:
                file.seek(self._position)
                while data := file.read(_PIECE):
                    self._position += len(data)
                    yield News(read=len(data))
                    yield from self.decoding.feed(data)
                if os.fstat(file.fileno()).st_size < self._position:
                    yield from self._fail("it became shorter while it was read: it was replaced")
        except OSError as error:
            yield from self._fail(error.strerror or str(error))
        except UnknownFormatError as error:
            yield from self._fail(str(error))

    def _fail(self, why: str) -> Iterator[News]:
        self._failed = True
        yield unread(str(self._path), self._since, why)


def _paths(spec: str) -> list[Path]:
    try:
        path = Path(spec).expanduser()
    except RuntimeError:
        raise UsageError(f"logs: {spec} begins with the home of a user that this machine does not know.") from None
    if not path.exists() and has_magic(spec):
        found = sorted(one for one in map(Path, glob(str(path), recursive=True)) if not one.is_dir())  # noqa: PTH207 - absolute patterns, too
        if not found:
            raise UsageError(f"logs: no file matches {spec}. Check the pattern with: ls {spec}")
        return found
    mode = _mode(path)
    if stat.S_ISDIR(mode):
        raise UsageError(f"logs: {spec} is a directory. Name the files in it: '{spec.rstrip('/')}/*'")
    return [path]


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        raise UsageError(
            f"logs: there is no file {path}. Name a file, a pattern in quotes, - for standard input, or in a run: vercel."
        ) from None
    except OSError as error:
        raise UsageError(f"logs: {path} can't be read: {error.strerror}.") from None


def _probe(path: Path) -> Decoding:
    """The file's beginning, decoded until its format is known."""
    decoding = Decoding(str(path))
    try:
        with path.open("rb") as file:
            while not decoding.format and (data := file.read(_HEAD)):
                for _ in decoding.feed(data):
                    pass
        if not decoding.format:
            for _ in decoding.end():
                pass
    except UnknownFormatError as error:
        raise UsageError(f"logs: {path} can't be used: {error}") from None
    except OSError as error:
        raise UsageError(f"logs: {path} can't be read: {error.strerror}.") from None
    return decoding
