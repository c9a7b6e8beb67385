"""Healthy pages that are unusual, and failures that a first look misses: later in a list, in another workspace, twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.database import WORKSPACES
from sandbox.fault import Decision, Fault, in_the_app

if TYPE_CHECKING:
    from sandbox.switches import Switches


def _with_a_tag(name: str, description: str, decision: Decision = "PASS") -> Fault:
    def begin(switches: Switches) -> None:
        switches.tag(name)

    return Fault(name, description, decision, begin)


UNUSUAL_FAULTS = (
    _with_a_tag("cards-without-workspace", "the conversation cards do not say which workspace they belong to"),
    _with_a_tag("names-abbreviated", "the conversation cards show a last name by its first letter"),
    _with_a_tag("hydration-differs", "React finds other HTML than it expects, and renders the page anew"),
    _with_a_tag("dialog-in-the-way", "a dialog about what is new lies over the inbox until the Escape key is pressed"),
    _with_a_tag("dates-invalid", "every age of a message reads Invalid Date"),
    _with_a_tag("card-twice", "the page shows the first conversation twice", "FAIL"),
    _with_a_tag("pane-stale", "an opened conversation's pane still shows the messages of the first one", "FAIL"),
    Fault(
        "hundred-workspaces",
        "the smoke user sees a hundred workspaces",
        "PASS",
        lambda switches: switches.further_workspaces(100 - len(WORKSPACES)),
    ),
    in_the_app("list-doubled", "the server's list has every conversation twice"),
    in_the_app("messages-empty", "every conversation is answered without its messages"),
    in_the_app("fourth-workspace-throws", "the list route throws for one workspace, which is not among the first two"),
    in_the_app("second-page-throws", "the list route throws as soon as a list is continued"),
)
