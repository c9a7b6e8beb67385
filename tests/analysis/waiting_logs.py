"""Logs of functions that died while they waited for something, each next to one of a function that died of the code."""

from __future__ import annotations

from collections.abc import Iterator

from tests.analysis.strange_logs import PEOPLE, READ, SPREAD, Case
from tests.logs.rows import Sent, healthy

TIME_OUT = "Vercel Runtime Timeout Error: Task timed out after 60 seconds"
POOL = "prisma:error Timed out fetching a new connection from the connection pool."
READS = list(healthy(60, method="GET", path=READ))


def _died(line: str, *, path: str = "/", method: str = "POST", until: float = 600, status: int = 504) -> Iterator[Sent]:
    return (Sent(at, method, path, status, TIME_OUT, line=line) for at in SPREAD if at < until)


def _dies(name: str, line: str, says: str, cause: str, warns: str = "", **more: str) -> Case:
    is_action = "path" not in more
    return Case(name, [*PEOPLE, *READS, *_died(line, **more)], says, int(is_action), cause, warns)  # type: ignore[arg-type]


CASES = (
    _dies("a function that waits for a connection", POOL, "hold", "database"),
    _dies("a read that waits for a connection", POOL, "hold", "database", path=READ, method="GET"),
    _dies("a page that waits for a statement", "[db] statement timeout", "hold", "database", path="/", method="GET"),
    _dies(
        "a page that waits for a session",
        "AuthRetryableFetchError: fetch failed",
        "hold",
        "auth-service",
        path="/x",
        method="GET",
    ),
    _dies("a variable that is missing", "Error: OPENAI_API_KEY is not set", "fix-environment", "environment"),
    Case(
        "functions that waited for a connection, and do so no more",
        [*PEOPLE, *READS, *_died(POOL, until=300)],
        unique=1,
        warns="the database was out",
    ),
    _dies(
        "a read that waits for a model",
        "[ai] InternalServerError: 503 The server is overloaded or not ready yet.",
        "investigate",
        "function-died",
        "out of order",
        path=READ,
        method="GET",
    ),
    _dies("a read that waits for nothing", "", "roll-back", "function-died", path=READ, method="GET"),
    _dies("a read that counts", "counted 12 of 4000 leads", "roll-back", "function-died", path=READ, method="GET"),
    Case(
        "a database that is out of memory",
        [*PEOPLE, *(Sent(at, "POST", "/", 500, "error: out of memory { code: '53200' }") for at in SPREAD)],
        "hold",
        1,
        "database",
    ),
)
