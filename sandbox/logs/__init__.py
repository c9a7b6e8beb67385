"""The platform's logs: what the functions write and what the edge notes, kept, shown, exported and disturbed.

logs = Logs(Clock())
request = Request("iad1::iad1::abcde-1-0123", Origin("dpl_1", "inbox-1.localhost"), "localhost", "/", at=logs.clock.milliseconds)
logs.store.add(*invocation(request, Answer(500), [Line("Error: boom")]))
"""

from sandbox.logs.faults import Gap, LogFaults, chaos
from sandbox.logs.invocations import Line, invocation
from sandbox.logs.ledger import Ledger
from sandbox.logs.logs import Logs
from sandbox.logs.plan import Plan
from sandbox.logs.rows import Answer, Origin, Request, Row
from sandbox.logs.store import LogStore

__all__ = [
    "Answer",
    "Gap",
    "Ledger",
    "Line",
    "LogFaults",
    "LogStore",
    "Logs",
    "Origin",
    "Plan",
    "Request",
    "Row",
    "chaos",
    "invocation",
]
