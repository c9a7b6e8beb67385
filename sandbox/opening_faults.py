"""The faults of an opened conversation: what it makes the page write or read fails, or hangs, once its messages are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.edge.opened import ENDLESS, SecondOpened
from sandbox.fault import Decision, Fault

if TYPE_CHECKING:
    from sandbox.switches import Switches

_REFUSED = 'ALTER TABLE "SyncJob" ADD CONSTRAINT "read only" CHECK (false) NOT VALID;'
"""As in a database that only reads: seed.sql takes it away again."""


def _refuse_writes(switches: Switches) -> None:
    switches.write_into_the_database(_REFUSED)
    switches.edge.watch = SecondOpened("write", 1.0)


def _delayed(name: str, description: str, watch: SecondOpened, decision: Decision = "FAIL") -> Fault:
    def begin(switches: Switches) -> None:
        switches.edge.watch = watch.afresh()

    return Fault(name, description, decision, begin)


OPENING_FAULTS = (
    Fault(
        "late-write-refused",
        "the database refuses what an opened conversation writes, one second after its messages are there",
        "FAIL",
        _refuse_writes,
    ),
    _delayed(
        "late-write-hangs", "what an opened conversation writes is never answered", SecondOpened("write", ENDLESS)
    ),
    _delayed(
        "late-write-slow", "what an opened conversation writes takes a second", SecondOpened("write", 1.0), "PASS"
    ),
    _delayed(
        "second-conversation-hangs", "the conversation that is clicked is never answered", SecondOpened("read", ENDLESS)
    ),
    Fault(
        "read-mark-fails",
        "the page marks an opened conversation as read, and the server knows no such route",
        "FAIL",
        lambda switches: switches.tag("read-mark-fails"),
    ),
)
