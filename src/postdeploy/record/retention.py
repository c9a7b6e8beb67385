"""How long verdicts stay in the record: what is needed to know a deployment again is kept, however old it is. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from postdeploy.model import Decision
from postdeploy.record import reading
from postdeploy.record.entries import RecordedVerdict, effective_verdict, effective_verdicts, parse
from postdeploy.record.reading import Unreadable

MOST_ENTRIES = 200
MOST_BYTES = 16 << 20
_DEPLOYMENTS_KEPT = 5
"""Of so many good and so many bad deployments of an app the effective verdict is kept, however old it is."""
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def entry_of(document: bytes) -> bytes:
    """A verdict.json as a line of the record: without the examples of log messages, because a record is kept for long."""
    found = reading.read(document)
    if found.log:
        incidents = tuple(msgspec.structs.replace(one, example="") for one in found.log.incidents)
        found = msgspec.structs.replace(found, log=msgspec.structs.replace(found.log, incidents=incidents))
    return msgspec.json.encode(found)


def appended(content: bytes, entry: bytes) -> bytes:
    """The file with one more entry, and without what is too old to count."""
    return b"".join(line + b"\n" for line in kept([*content.split(b"\n"), entry]))


def kept(lines: Sequence[bytes]) -> list[bytes]:
    """The newest lines, and of older ones those that still count for a deployment."""
    lines = [line for line in lines if line.strip()]
    first = _first_of_the_newest(lines)
    if first == 0:
        return lines
    readable = {place: found for place, line in enumerate(lines) if (found := _readable(line))}
    before = {place: found for place, found in readable.items() if place < first}
    recent = {found.deployment for place, found in readable.items() if place >= first}
    wanted = recent | _remembered(effective_verdicts(_by_time(readable)))
    rescued = sorted({place for name in wanted if name for place in _telling(name, before)})
    return [lines[place] for place in rescued] + lines[first:]


def _first_of_the_newest(lines: Sequence[bytes]) -> int:
    """Where the lines begin that are kept without being read."""
    first, size = len(lines), 0
    while first > 0 and len(lines) - first < MOST_ENTRIES:
        size += len(lines[first - 1])
        if size > MOST_BYTES and first < len(lines):
            break
        first -= 1
    return first


def _by_time(entries: Mapping[int, RecordedVerdict]) -> list[RecordedVerdict]:
    return sorted(entries.values(), key=lambda one: one.at)


def _telling(deployment: str, entries: Mapping[int, RecordedVerdict]) -> Iterator[int]:
    """The places of all that must stay of a deployment: the verdict that counts, its first, a PASS, and since when it was live.

    And the last FAIL before the one that counts: without it an older PASS of the whole window would count instead.
    """
    places = {id(found): place for place, found in entries.items()}
    runs = [one for one in _by_time(entries) if one.deployment == deployment and one.counts]
    counts = effective_verdict(runs)
    if counts:
        earlier = runs[: runs.index(counts)]
        failed = next((one for one in reversed(earlier) if one.decision is Decision.FAIL), None)
        passed = next((one for one in runs if one.proves_the_inbox), None)
        live = max(runs, key=lambda one: one.live_since or _NEVER)
        wanted = (counts, failed, passed, live, runs[0])
        yield from {places[id(one)] for one in wanted if one}


def _remembered(verdicts: Mapping[str, RecordedVerdict]) -> set[str]:
    """The newest good and the newest bad deployments of each app."""
    kinds: dict[tuple[str, Decision], list[str]] = {}
    for name, verdict in sorted(verdicts.items(), key=lambda pair: pair[1].went_live, reverse=True):
        kinds.setdefault((verdict.project or verdict.host, verdict.decision), []).append(name)
    return {name for names in kinds.values() for name in names[:_DEPLOYMENTS_KEPT]}


def _readable(line: bytes) -> RecordedVerdict | None:
    try:
        return parse(line)
    except Unreadable:
        return None
