"""Logs that are kept elsewhere, read object by object. Whatever can't be read to its end is a gap: such a log proves nothing.

`--logs='s3://bucket/prefix/*.ndjson.gz'`, `--logs=https://…`
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain

from postdeploy.logs.begun import HEAD, BegunStream
from postdeploy.logs.compression import beginning
from postdeploy.logs.decoding import Decoding, FileShows, shown_together, unread
from postdeploy.logs.formats import UnknownFormatError
from postdeploy.logs.place import ObjectStore, PlaceError, address_parts
from postdeploy.logs.protocol import News, Shows
from postdeploy.model import UsageError

_LIST_EVERY = 10.0
"""Seconds between two looks at what was added."""
_POLL = 0.25


def is_remote(spec: str) -> bool:
    """Whether it is an address of any kind."""
    return "://" in spec


def open_remote(spec: str) -> RemoteSource:
    """The source behind an address.

    Raises:
        UsageError: it can't be used; the message says why, without what is secret of the address.
    """
    parts = address_parts(spec)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    try:
        return RemoteSource(_place(spec, parts.scheme))
    except (PlaceError, UnknownFormatError) as error:
        raise UsageError(f"logs: {shown} can't be used: {str(error).rstrip('.')}.") from None


def _place(spec: str, scheme: str) -> ObjectStore:
    match scheme:
        case "s3":
            if importlib.util.find_spec("boto3") is None:
                raise PlaceError("it needs boto3: pip install 'postdeploy[s3]'")
            from postdeploy.logs.s3 import Bucket  # noqa: PLC0415 - an extra

            return Bucket(spec)
        case "https" | "http":
            from postdeploy.logs.address import Address  # noqa: PLC0415 - only where it is asked for

            return Address(spec)
    raise PlaceError(
        "known are s3://BUCKET/KEY, https://HOST/PATH, files, - for standard input, clickhouse://USER@HOST/DATABASE?table=TABLE,"
        " and spark://MASTER:7077?path=FILES"
    )


class RemoteSource:
    """The objects of a place, each once; those that are added, until `done()`."""

    def __init__(self, place: ObjectStore) -> None:
        """Raises: PlaceError, UnknownFormatError: nothing is there that can be read."""
        self.name = place.name
        self._place = place
        first = next(iter(place.objects()), None)
        if first is None:
            raise PlaceError(
                "no object matches. Check the pattern, which may match only below one folder: ** matches in all"
            )
        self._shown = {first: _beginning(place, first)}

    @property
    def shows(self) -> Shows:
        """What all objects so far can show together; until the first is read, what its beginning shows."""
        return shown_together(self._shown.values())

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """All rows from `since` on, object by object."""
        return self.read_by(partial(self.decoded, since=since), since, done)

    def read_by(
        self, reading: Callable[[BegunStream], Iterator[News]], since: int, done: Callable[[], bool]
    ) -> Iterator[News]:
        """The same, each object by `reading`. What it raises of what could not be received, or is not known, is a gap."""
        seen: dict[str, str] = {}
        while True:
            is_last = done() or not self._place.grows
            try:
                found = self._place.objects()
            except PlaceError as error:
                found = {}  # the next look shows what this one should have; only the last must succeed
                if is_last:
                    yield unread(self.name, since, str(error))
            for name, version in found.items():
                if name not in seen:
                    yield from self._object(name, since, reading)
                elif seen[name] != version:
                    yield unread(name, since, "it was replaced while it was read")
                seen[name] = version
            if is_last:
                return
            listed = time.monotonic()
            while not done() and time.monotonic() < listed + _LIST_EVERY:
                yield News()
                time.sleep(_POLL)

    def decoded(self, begun: BegunStream, since: int) -> Iterator[News]:
        """One, row by row; what it shows is known before its rows are given."""
        decoding = Decoding(begun.name, since)
        for piece in begun.pieces:
            yield News(read=len(piece))
            for news in decoding.feed(piece):
                self._shown[begun.name] = decoding.shown
                yield news
        for news in decoding.end():
            self._shown[begun.name] = decoding.shown
            yield news

    def _object(self, name: str, since: int, reading: Callable[[BegunStream], Iterator[News]]) -> Iterator[News]:
        try:
            with closing(self._place.pieces(name)) as pieces:
                yield from reading(self._begun(name, pieces))
        except (PlaceError, UnknownFormatError) as error:
            yield unread(name, since, str(error))

    def _begun(self, name: str, pieces: Iterator[bytes]) -> BegunStream:
        """An object of which the first bytes were looked at."""
        first, decoding = next(pieces, b""), Decoding(name)
        for at in range(0, len(first), HEAD):
            for _ in decoding.feed(first[at : at + HEAD]):
                pass
            if decoding.format:
                self._shown[name] = decoding.shown
                break
        known = decoding.format if decoding.is_utf8 else None
        return BegunStream(name, known, beginning(first[:HEAD]), chain((first,), pieces))


def _beginning(place: ObjectStore, name: str) -> FileShows:
    """What an object can show, by its first rows."""
    decoding = Decoding(name)
    with closing(place.pieces(name)) as pieces:
        for piece in pieces:
            for _ in decoding.feed(piece):
                pass
            if decoding.format:
                return decoding.shown
    for _ in decoding.end():
        pass
    return decoding.shown
