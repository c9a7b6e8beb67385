"""The faults of the address: it leads to another host."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sandbox.edge.redirects import LeadsTo
from sandbox.fault import Decision, Fault

if TYPE_CHECKING:
    from sandbox.switches import Switches

_NOBODY = "http://127.0.0.1:9/"
"""The discard port: nothing listens there."""


def _leads(name: str, description: str, decision: Decision, location: Callable[[Switches], str]) -> Fault:
    def begin(switches: Switches) -> None:
        switches.edge.barrier = LeadsTo(location(switches))

    return Fault(name, description, decision, begin)


ADDRESS_FAULTS = (
    _leads("address-leads-nowhere", "the address leads to a host that refuses", "FAIL", lambda _: _NOBODY),
    _leads(
        "address-leads-to-no-name",
        "the address leads to a host that there is not",
        "FAIL",
        lambda _: "https://nowhere.invalid/",
    ),
    _leads(
        "address-leads-to-broken-tls",
        "the address leads to a host whose TLS is broken",
        "FAIL",
        lambda switches: switches.vendor_url.replace("http:", "https:"),
    ),
    _leads(
        "address-leads-elsewhere",
        "the address leads to another app, which answers",
        "INCONCLUSIVE",
        lambda switches: f"{switches.vendor_url}/loader.js",
    ),
)
