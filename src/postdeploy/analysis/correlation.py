"""What failed in the browser, with what the server logged of it: pure.

A link says how strong it is: the same request id, the same reference shown to the user, the same digest, or only the same path at
the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from postdeploy.analysis.fingerprint import named_slots, words
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.model import Sent
from postdeploy.page.journal import path_template
from postdeploy.system import times

_NEAR = 2_000
"""Milliseconds within which a request and a line of the same path may belong together."""
_MOST_LINES = 12
_LONGEST = 300


class Strength(StrEnum):
    """By what a request and its lines were linked, the surest first."""

    REQUEST_ID = "same request id"
    REF = "ref = debugId"
    DIGEST = "same digest"
    PATH_AND_TIME = "same path and time only"


@dataclass(frozen=True, slots=True)
class Link:
    """A request of the browser, and the log lines of it."""

    sent: Sent
    strength: Strength | None
    """None: no matching log line."""
    entries: tuple[LogEntry, ...] = ()

    def lines(self) -> Iterator[str]:
        """For people. Of a message the words of its fingerprint: what was logged besides is not ours to show."""
        what = f"{self.sent.method} {path_template(self.sent.path)} {self.sent.status or ''}".strip()
        if self.strength is None:
            yield f"{what}: no matching log line"
            return
        with_message = [entry for entry in self.entries if entry.message]
        yield f"{what} ({self.strength})" + ("" if with_message else ": logged without a message")
        for entry in with_message[:_MOST_LINES]:
            at = times.time_of_day(entry.at, milliseconds=True)
            yield f"  {at} {entry.level or 'log'} {named_slots(words(entry.message), entry.message)}"


def correlate(sent: Iterable[Sent], entries: Sequence[LogEntry], ahead: float) -> list[Link]:
    """A link for each request. `ahead`: by how many milliseconds the platform's clock is ahead of the browser's."""
    by_id: dict[str, list[LogEntry]] = {}
    for entry in entries:
        if entry.request_id:
            by_id.setdefault(entry.request_id, []).append(entry)
    return [_link(one, by_id, entries, ahead) for one in sent]


def _link(sent: Sent, by_id: dict[str, list[LogEntry]], entries: Sequence[LogEntry], ahead: float) -> Link:
    if found := by_id.get(request_key(sent.request_id) or ""):
        return Link(sent, Strength.REQUEST_ID, _in_order(found))
    if sent.ref and (found := [entry for entry in entries if sent.ref in entry.message]):
        return Link(sent, Strength.REF, _in_order(found))
    digest = (sent.digest or "").partition("@")[0]
    if digest and (found := [entry for entry in entries if "digest" in entry.message and digest in entry.message]):
        return Link(sent, Strength.DIGEST, _in_order(found))
    found = [
        entry
        for entry in entries
        if entry.method == sent.method
        and entry.path == sent.path
        and abs(entry.at - sent.at - ahead) <= _NEAR
        and entry.status in (None, sent.status)
    ]
    return Link(sent, Strength.PATH_AND_TIME, _in_order(found)) if found else Link(sent, None)


def _in_order(entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.at))
