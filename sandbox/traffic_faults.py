"""The faults between visitors and the app: a gateway that answers in its place, answers that take long, or words of the app's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.edge.barriers import READS, Gateway, Says
from sandbox.edge.slowness import Slowness
from sandbox.fault import Decision, Fault

if TYPE_CHECKING:
    from sandbox.edge import Edge


def _gateway(name: str, description: str, gateway: Gateway) -> Fault:
    def begin(edge: Edge) -> None:
        edge.barrier = gateway.afresh()

    return Fault(name, description, "FAIL", lambda switches: begin(switches.edge))


def _slow(name: str, description: str, slowness: Slowness, decision: Decision = "FAIL") -> Fault:
    def begin(edge: Edge) -> None:
        edge.slowness = slowness

    return Fault(name, description, decision, lambda switches: begin(switches.edge))


def _says(name: str, text: str, digest: str = "") -> Fault:
    def begin(edge: Edge) -> None:
        edge.barrier = Says(text, digest)

    return Fault(name, f"the app's answers say: {text}", "FAIL", lambda switches: begin(switches.edge))


def _policy(name: str, policy: str) -> Fault:
    def begin(edge: Edge) -> None:
        edge.policy = policy

    return Fault(
        name, f"the pages' content security policy is: {policy}", "FAIL", lambda switches: begin(switches.edge)
    )


TRAFFIC_FAULTS = (
    _gateway(
        "gateway-502-one-in-three",
        "a gateway answers 502 to every third request for data",
        Gateway(502, every=3),
    ),
    _gateway("gateway-503-actions", "a gateway answers 503 to every Server Action", Gateway(503, method="POST")),
    _gateway("gateway-504-reads", "a gateway answers 504 to every read", Gateway(504, method="GET")),
    _slow("slow-everything", "every request takes 7 s longer", Slowness(7.0)),
    _slow("slow-actions", "every Server Action takes 8 s longer", Slowness(8.0, method="POST"), "PASS"),
    _slow("slow-reads", "every read takes 9 s longer", Slowness(9.0, prefix=READS), "PASS"),
    _slow("slow-scripts", "each script and style sheet takes 3 s longer", Slowness(3.0, prefix="/_next/"), "PASS"),
    Fault(
        "chunk-is-a-page",
        "a script of the dashboard is a page",
        "FAIL",
        lambda switches: switches.corrupt_chunk("page"),
    ),
    Fault(
        "chunk-cut-off",
        "a script of the dashboard is cut off",
        "FAIL",
        lambda switches: switches.corrupt_chunk("cut-off"),
    ),
    Fault(
        "chunk-of-another-type",
        "a script of the dashboard has another type",
        "FAIL",
        lambda switches: switches.corrupt_chunk("type"),
    ),
    Fault(
        "chunk-undecodable",
        "a script of the dashboard can't be decoded",
        "FAIL",
        lambda switches: switches.corrupt_chunk("encoding"),
    ),
    _policy("policy-without-inline", "default-src 'self'; script-src 'self'"),
    _policy("policy-without-scripts", "script-src 'none'"),
    _policy("policy-without-connections", "connect-src 'none'"),
    _says("says-variable-missing", "[prisma] DATABASE_URL is not set"),
    _says("says-database-missing", "P1003: Database `inbox` does not exist on the database server"),
    _says("says-database-denied", "P1010: User `app` was denied access on the database `inbox`"),
    _says("says-origin-refused", "the origin is not allowed", digest="1234567890@E80"),
    _says("says-database-unreachable", "PrismaClientInitializationError: Can't reach database server at db:6543"),
)
