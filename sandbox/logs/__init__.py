"""The platform's logs: what the functions write and what the edge notes, kept, shown, exported and disturbed.

store = LogStore(Clock())
request = Request("iad1::iad1::abcde-1-0123", Origin("dpl_1", "inbox-1.localhost"), "localhost", "/", at=store.clock.milliseconds)
store.add(*invocation(request, Answer(500), [Line("Error: boom")]))
"""

from sandbox.logs.invocations import Answer, Line, invocation
from sandbox.logs.ledger import Ledger
from sandbox.logs.rows import Origin, Request, Row
from sandbox.logs.store import LogStore

__all__ = ["Answer", "Ledger", "Line", "LogStore", "Origin", "Request", "Row", "invocation"]
