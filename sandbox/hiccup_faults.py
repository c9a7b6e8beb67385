"""The faults of a gateway that answers once, or a few times, in the app's place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.edge.hiccups import Hiccup
from sandbox.fault import Decision, Fault

if TYPE_CHECKING:
    from sandbox.switches import Switches

LIST = "/api/inbox/conversations"
BRIGHTWATER = "2e9d4b63-1f58-4c0a-8e37-5d6c1a7b8f22"


def _hiccup(name: str, description: str, hiccup: Hiccup, decision: Decision) -> Fault:
    def begin(switches: Switches) -> None:
        switches.edge.barrier = replace(hiccup)

    return Fault(name, description, decision, begin)


def _list(status: int, times: int) -> Hiccup:
    return Hiccup(status, LIST, times, query=f"clientId={BRIGHTWATER}")


def _hiccup_of_a_chunk(switches: Switches) -> None:
    switches.edge.barrier = Hiccup(503, switches.visitor.dashboard_chunks()[0])


def _read(times: int) -> Hiccup:
    return Hiccup(502, "/api/analytics/overview", times, signed_in=False)


HICCUP_FAULTS = (
    _hiccup("hiccup-page", "a gateway answers 502 once to the inbox's page", Hiccup(502, "/"), "PASS"),
    _hiccup(
        "hiccup-redirect",
        "a gateway answers 504 once to a signed-in user's login page",
        Hiccup(504, "/auth/login"),
        "PASS",
    ),
    _hiccup(
        "hiccup-list",
        "a gateway answers 502 once to a workspace's list, and the page asks again",
        _list(502, 1),
        "PASS",
    ),
    Fault(
        "hiccup-script",
        "a gateway answers 503 once to a script that only the dashboard needs",
        "PASS",
        _hiccup_of_a_chunk,
    ),
    _hiccup("hiccup-probe", "a gateway answers 502 once to a read without a session", _read(1), "PASS"),
    _hiccup("hiccup-probes", "a gateway answers 502 to every read without a session", _read(9), "FAIL"),
    _hiccup("hiccup-pages", "a gateway answers 502 to the inbox's page, twice", Hiccup(502, "/", times=2), "FAIL"),
    _hiccup(
        "hiccup-lists", "a gateway answers 504 to a workspace's list until the page gives up", _list(504, 4), "FAIL"
    ),
    _hiccup(
        "hiccup-action",
        "a gateway answers 502 once to a Server Action of an opened conversation",
        Hiccup(502, "/", method="POST", query="leadId"),
        "FAIL",
    ),
)
