"""Small logs of every format, and what goes wrong with them: from a number always the same ones."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

_SEEDS = Path(__file__).parent / "seeds"
SETTINGS = 2
"""Bytes in front of a seed that are not of the log (`exports`)."""
_ROWS = (1, 1, 1, 2, 2, 3, 6)
"""How many rows a log has: what goes wrong between two rows needs two."""
_POOL = 300
_FRAMES = tuple(
    (before, *frame)
    for before in (b"", b"", b"\xef\xbb\xbf", b" \n")
    for frame in (
        (b"[", b",", b"]"),
        (b"[", b",\n", b"]\n"),
        (b"", b"\n", b"\n"),
        (b"", b"\r\n", b""),
        (b"", b"", b""),
        (b"[", b"],\n[", b"]"),
    )
)
_BYTES = [*map(bytes, zip(range(256), strict=True)), b"\xed\xa0\xbd", b"\xef\xbb\xbf", b"\x1f\x8b", b"\\ud83d"]
_PIECES = [
    b"},{",
    b"},\n{",
    b"[{",
    b"}]",
    b"]",
    b"[",
    b"\n",
    b"\r\n",
    b"\r",
    b'"',
    b'\\"',
    b",",
    b"null",
    b"{}",
    b"\0",
    b"1e999",
]
_TEXTS = [
    "",
    "Error: P1001\n    at x",
    " ⨯ Error: boom { digest: '1' }",
    "Not authenticated",
    "AbortError: This operation was aborted",
    "Failed to fetch clients: {debugId: 'a'}",
    "a-" * 300,
    "Task timed out after 60 seconds",
    'PrismaClientKnownRequestError: { code: "P2002", meta: { target: [ "email" ] } }',
    "\ud83d",
    "\x1b[2J\u202e",
    '"},{"',
    "Cannot find module 'x'",
    "anna@example.com called +49 170 1234567",
]
_PATHS = [
    "/",
    "",
    "app.example.com/",
    "/favicon.ico",
    "/w/acme.io",
    "/api/inbox/conversations",
    "/api/cron/x?y=1",
    "//",
    "/%00",
    "/a" * 50,
]
_NUMBERS: list[Any] = [
    0,
    1,
    -1,
    200,
    401,
    404,
    500,
    503,
    504,
    999,
    1 << 31,
    1 << 63,
    1 << 64,
    1.5,
    "500",
    "",
    None,
    True,
    "x",
    1e300,
]
_TIMES: list[Any] = [
    1_759_622_400_000,
    1_759_622_460_000,
    1_759_622_999_999,
    1,
    0,
    -1,
    "2025-10-05T00:00:00.000Z",
    "2025-10-05 00:00:00",
    1e18,
]
_VALUES: list[Any] = [
    None,
    "",
    [],
    {},
    True,
    0,
    "x",
    [1],
    {"a": 1},
    "error",
    "info",
    "production",
    "preview",
    "GET",
    "POST",
]


def _rows(name: str) -> list[dict[str, Any]]:
    text = (_SEEDS / name).read_bytes()[SETTINGS:].decode("utf-8-sig")
    if name == "csv":
        return [dict(row) for row in csv.DictReader(io.StringIO(text))]
    found, at = [], 0
    while text := text[at:].lstrip():
        value, at = json.JSONDecoder().raw_decode(text)
        found += value if isinstance(value, list) else [value]
    return found


_FORMATS = tuple(
    (name, _rows(name)) for name in ("array", "lines", "little", "csv", "cli63", "cli64", "stream", "drain")
)


class Inputs:
    """Endless logs, of rows that are made once and used several times: one changes with each log."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing secret
        self._pools = [[self._row(name, rows) for _ in range(_POOL)] for name, rows in _FORMATS]

    def next(self) -> bytes:
        """One."""
        choose = self._random
        kind = choose.randrange(len(_FORMATS))
        pool, (name, rows) = self._pools[kind], _FORMATS[kind]
        pool[choose.randrange(_POOL)] = self._row(name, rows)
        if name == "csv":
            data = choose.choice(pool)
        else:
            made = choose.choices(pool, k=choose.choice(_ROWS))
            if choose.random() < 0.02:
                made.append(choose.choice(choose.choice(self._pools)))
            before, start, between, end = choose.choice(_FRAMES)
            data = before + start + between.join(made) + end
        for _ in range(choose.choice((0, 0, 0, 1, 1, 2, 5))):
            data = choose.choice(_DAMAGES)(data, choose)
        return data

    def _row(self, name: str, rows: list[dict[str, Any]]) -> bytes:
        """A row; of a table a table with a few."""
        choose = self._random
        if name == "csv":
            return self._table([self._changed(choose.choice(rows)) for _ in range(choose.choice(_ROWS))])
        row = self._changed(choose.choice(rows))
        if choose.random() < 0.1:
            return json.dumps(row, indent=1).encode()
        compact = choose.choice((None, (",", ":")))
        text = json.dumps(row, ensure_ascii=choose.random() < 0.7, separators=compact)
        return text.encode("utf-8", "surrogatepass")

    def _changed(self, row: dict[str, Any]) -> dict[str, Any]:
        choose, changed = self._random, dict(row)
        for _ in range(choose.choice((0, 1, 1, 2, 3))):
            self._change(changed)
        return changed

    def _change(self, row: dict[str, Any]) -> None:
        choose = self._random
        name = choose.choice(list(row)) if row else "message"
        inner = row[name] if row else None
        if isinstance(inner, dict) and choose.random() < 0.8:
            row[name] = self._changed(inner)
        elif choose.random() < 0.1:
            row.pop(name, None)
        elif choose.random() < 0.1:
            row[name] = choose.choice(_VALUES)
        else:
            row[name] = choose.choice(_like(name))

    def _table(self, rows: list[dict[str, Any]]) -> bytes:
        out = io.StringIO()
        columns = list(dict.fromkeys(name for row in rows for name in row))
        self._random.shuffle(columns)
        table = csv.DictWriter(out, columns, lineterminator=self._random.choice(("\n", "\r\n")))
        table.writeheader()
        table.writerows(rows)
        return out.getvalue().encode("utf-8", "surrogatepass")


def _like(name: str) -> list[Any]:
    """What may stand in a field of this name."""
    small = name.lower()
    if "time" in small:
        return _TIMES
    if "status" in small:
        return _NUMBERS
    return _PATHS if "path" in small else _TEXTS if "message" in small else _VALUES


def _flip(data: bytes, choose: random.Random) -> bytes:
    at = choose.randrange(len(data) + 1)
    return data[:at] + choose.choice(_BYTES) + data[at + 1 :]


def _insert(data: bytes, choose: random.Random) -> bytes:
    at = choose.randrange(len(data) + 1)
    return data[:at] + choose.choice(_PIECES) + data[at:]


def _cut(data: bytes, choose: random.Random) -> bytes:
    return data[: choose.randrange(len(data) + 1)]


def _drop(data: bytes, choose: random.Random) -> bytes:
    since, until = sorted((choose.randrange(len(data) + 1), choose.randrange(len(data) + 1)))
    return data[:since] + data[min(until, since + 40) :]


def _repeat(data: bytes, choose: random.Random) -> bytes:
    since, until = sorted((choose.randrange(len(data) + 1), choose.randrange(len(data) + 1)))
    return data[:until] + data[since:until] + data[until:]


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _flip, _insert, _insert, _cut, _drop, _repeat)
