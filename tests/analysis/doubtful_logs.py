"""Logs that leave open what happened: no answer that succeeded, an outage in few of the requests, messages that were cut, slugs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from postdeploy.logs.entry import LogEntry
from tests.analysis.misleading_logs import thrown
from tests.analysis.strange_logs import PEOPLE, READ, Case, line
from tests.logs.rows import Sent, command_line_63, command_line_64, healthy

RETRY = "[db] retry after P1001: Can't reach database server at db.abc.supabase.co:5432"
NOTE = "note saved: we see P1001: Can't reach database server"
SEATS = ("no seats left", "the draft is locked", "the lead is archived", "the thread has no owner", "the plan ended")


def _beside(said: str, times: int, errors: int = 4) -> list[Sent]:
    """Errors of the code, so many of which logged a line beside."""
    return [
        *PEOPLE,
        *(
            Sent(60 + 40 * at, "POST", "/", 500, thrown(f"Error: {one}"), line=said if at < times else "")
            for at, one in enumerate(SEATS[:errors])
        ),
    ]


def _as_warnings(given: list[LogEntry]) -> list[LogEntry]:
    return [msgspec.structs.replace(one, level="warning") if one.message == RETRY else one for one in given]


OUTAGES_IN_FEW = (
    Case("a person's note beside one of four errors", _beside(NOTE, 1), "unproven", 4, warns="4 unique"),
    Case("a retry beside one of four errors", _beside(RETRY, 1), "unproven", 4, change=_as_warnings, warns="4 unique"),
    Case(
        "a retry beside two of five errors", _beside(RETRY, 2, 5), "unproven", 5, change=_as_warnings, warns="5 unique"
    ),
    Case(
        "a slow sign-in beside one of four errors",
        _beside("getUser timed out after 3000ms", 1),
        "unproven",
        4,
        warns="4",
    ),
    Case("an outage beside all four", _beside(RETRY, 4), "pass", 4, change=_as_warnings, warns="the database was out"),
    Case("an outage beside three of four", _beside(RETRY, 3), "pass", 4, change=_as_warnings, warns="was out"),
    Case(
        "a forged webhook beside one of four",
        _beside("[stripe] API key is invalid", 1),
        "roll-back",
        4,
        "server-actions",
    ),
    Case("four errors and nothing beside", _beside("", 0), "roll-back", 4, "server-actions"),
)


def _answered(path: str, method: str, status: int) -> list[Sent]:
    return [*healthy(60), *(Sent(10 * at, method, path, status) for at in range(50))]


UNSERVED = (
    Case("every read is refused", _answered(READ, "GET", 401), "unproven", warns="none of 50 inbox read requests"),
    Case("every page is gone", _answered("/leads", "GET", 404), "unproven", warns="none of 50 page requests"),
    Case("every page leads on", _answered("/leads", "GET", 307), "unproven", warns="none of 50 page requests"),
    Case("every read is given up", _answered(READ, "GET", 499), "unproven", warns="none of 50 inbox read requests"),
    Case("a webhook refuses everybody", _answered("/api/webhooks/x", "POST", 401)),
    Case("a file is gone", _answered("/wp-login.php", "GET", 404)),
    Case("a stranger is refused", [*healthy(60), *(Sent(60 * at, "GET", READ, 401) for at in range(9))]),
    Case("a tab whose session ended", [*_answered(READ, "GET", 401), *healthy(20, method="GET", path=READ)]),
)

READS = list(healthy(100, method="GET", path=READ))
COUNTS = "/api/inbox/counts"


def _of_one_route(status: int, path: str = COUNTS, *, method: str = "GET", times: int = 50) -> list[Sent]:
    """All reads succeed, but those of one route."""
    return [*PEOPLE, *READS, *(Sent(10 * at + 1, method, path.format(at), status) for at in range(times))]


def _of_actions(status: int) -> list[Sent]:
    """The actions of the other pages succeed."""
    return [*healthy(60, path="/login"), *READS, *(Sent(10 * at + 1, "POST", "/", status) for at in range(50))]


ONE_ROUTE = (
    Case("a route of the inbox is gone", _of_one_route(404), "unproven", warns="none of 50 requests to GET /api/inbox"),
    Case("a route of the inbox refuses", _of_one_route(403), "unproven", warns="(50 × 403)"),
    Case(
        "a route of the inbox leads on",
        _of_one_route(307, "/api/inbox/conversations/{}/messages"),
        "unproven",
        warns="none of 50 requests to GET /api/inbox/conversations/:id/messages",
    ),
    Case("a route of the inbox without an answer", _of_one_route(499), "unproven", warns="(50 × 499)"),
    Case("the inbox's actions are not found", _of_actions(404), "unproven", warns="none of 50 requests to POST /"),
    Case("the inbox's actions refuse", _of_actions(400), "unproven", warns="(50 × 400)"),
    Case("the inbox's actions are too large", _of_actions(413), "unproven", warns="(50 × 413)"),
    Case("the inbox's actions lead on", _of_actions(303)),
    Case(
        "one of the inbox's actions succeeds", [*_of_actions(404), Sent(300, "POST", "/")], "unproven", warns="only 1"
    ),
    Case("most of the inbox's actions succeed", [*_of_actions(404), *healthy(60)]),
    Case(
        "robots post to another page", [*_of_actions(200), *(Sent(9 * at, "POST", "/admin", 405) for at in range(60))]
    ),
    Case("nothing has changed on a route of the inbox", _of_one_route(304)),
    Case("a few are refused by it", _of_one_route(404, times=9)),
    Case(
        "one succeeds among many that are refused",
        [*_of_one_route(404), Sent(300, "GET", COUNTS)],
        "unproven",
        warns="only 1 of 51 requests to GET /api/inbox/counts",
    ),
    Case("most succeed, and many are refused", [*_of_one_route(404), *healthy(60, method="GET", path=COUNTS)]),
    Case("a route outside the inbox is gone", _of_one_route(404, "/api/leads")),
    Case("robots ask a route of the inbox for nothing", _of_one_route(405, method="HEAD")),
)


def _left(times: int) -> Iterator[Sent]:
    said = " ⨯ Error [ResponseAborted]: \n    at x (1) {\n  digest: '1'\n}"
    return (Sent(9 * at, "GET", "/", 200, said) for at in range(times))


def _bailed_out(times: int) -> Iterator[Sent]:
    said = (
        " ⨯ Error: Bail out to CSR: useSearchParams()\n    at x (1) {\n  digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING'\n}"
    )
    return (Sent(9 * at, "GET", "/", 200, said) for at in range(times))


def _streamed(said: str, *, path: str = "/", method: str = "GET", times: int = 60) -> list[Sent]:
    """A page that was being sent, with status 200, when an error broke it."""
    return [*PEOPLE, *READS, *(Sent(9 * at, method, path, 200, thrown(said)) for at in range(times))]


NULL = "TypeError: Cannot read properties of null (reading 'owner')"
LONG = f" ⨯ {NULL}" + "\n    at x (/var/task/.next/server/chunks/ssr/_8c1f._.js:1:2)" * 20
STREAMED = (
    Case("the inbox breaks while it is sent", _streamed(NULL), "roll-back", cause="server"),
    Case(
        "its errors are cut before their digest",
        [*PEOPLE, *(Sent(9 * at, "GET", "/", 200, LONG) for at in range(60))],
        "roll-back",
        cause="server",
    ),
    Case(
        "it breaks for lack of the database",
        _streamed("PrismaClientKnownRequestError: Can't reach database server at `db.example.com:5432`", times=65),
        "hold",
        cause="database",
    ),
    Case(
        "it breaks after its actions",
        [*PEOPLE, *READS, *(Sent(7 * at, "POST", "/", 200, thrown(NULL)) for at in range(80))],
        "roll-back",
        cause="server-actions",
    ),
    Case(
        "it breaks now and then", [*_streamed(NULL, times=9), *healthy(60, method="GET")], warns="in 9 of 69 requests"
    ),
    Case("another page breaks, or is made anew", _streamed(NULL, path="/blog"), warns="no signal explains"),
    Case(
        "people leave while it is sent", [*READS, *PEOPLE, *healthy(40, method="GET"), *_left(20)], warns="clients left"
    ),
    Case(
        "it leads on",
        [*_streamed("x", times=0), *healthy(40, method="GET"), *_bailed_out(40)],
        warns="no signal explains",
    ),
)


def _of_unknown_many(times: int, path: str = "/", *errors: str) -> list[Sent]:
    """Pages that fail; a source without statuses shows of the others only what wrote something."""
    said = [thrown(one) for one in errors or (NULL,)]
    return [*PEOPLE, *(Sent(9 * at + 1, "GET", path, 500, said[at % len(said)]) for at in range(times))]


UNKNOWN_MANY = (
    Case("every page fails", _of_unknown_many(60), "unproven", write=command_line_64, warns="60 page requests of 60"),
    Case("five pages fail", _of_unknown_many(5), "unproven", write=command_line_64, warns="5 page requests"),
    Case("other pages fail", _of_unknown_many(9, "/leads"), "unproven", write=command_line_64, warns="9 page requests"),
    Case("four pages fail", _of_unknown_many(4), write=command_line_64, warns="4 page requests"),
    Case(
        "three errors fail three pages each",
        _of_unknown_many(9, "/", NULL, *SEATS[:2]),
        write=command_line_64,
        warns="9 page requests",
    ),
    Case("every page fails, and statuses are shown", _of_unknown_many(60), "roll-back", cause="server"),
)


def _cut(how: Callable[[LogEntry], bool]) -> Callable[[list[LogEntry]], list[LogEntry]]:
    return lambda given: [msgspec.structs.replace(one, truncated=how(one)) for one in given]


def _prisma(count: int, after: str = "") -> list[Sent]:
    said = f" ⨯ PrismaClientValidationError: \nInvalid `prisma.lead.update{after}"
    return [*PEOPLE, *(Sent(60 + 40 * at, "POST", "/", 500, said) for at in range(count))]


CUT = (
    Case(
        "four messages that were cut",
        _prisma(4),
        "unproven",
        1,
        change=_cut(lambda one: "⨯" in one.message),
        write=command_line_63,
    ),
    Case(
        "three of them",
        _prisma(3),
        "pass",
        1,
        "",
        "1 unique",
        change=_cut(lambda one: "⨯" in one.message),
        write=command_line_63,
    ),
    Case("four that are whole", _prisma(4), "pass", 1, "", "1 unique", write=command_line_63),
    Case(
        "four whose stack was cut",
        _prisma(4, "`\n    at n (/var/task/a.js:1:2)\n    at m (/var/ta"),
        "pass",
        1,
        "",
        "1 unique",
        change=_cut(lambda one: "⨯" in one.message),
        write=command_line_63,
    ),
)


def _on(*paths: str, said: str = "TypeError: Cannot read properties of undefined (reading 'owner')") -> list[Sent]:
    return [*PEOPLE, *(Sent(60 + 40 * at, "POST", path, 500, thrown(said)) for at, path in enumerate(paths))]


SLUGS = (
    Case(
        "four customers' pages",
        _on("/workspace/acme", "/workspace/globex", "/workspace/umbrella", "/workspace/hooli"),
        "unproven",
        4,
        warns="4 unique",
    ),
    Case(
        "a customer's name in front",
        _on("/acme/inbox", "/globex/inbox", "/umbrella/inbox", "/hooli/inbox"),
        "unproven",
        4,
        warns="4 unique",
    ),
    Case("four pages of the app", _on("/inbox", "/leads", "/settings", "/campaigns"), "roll-back", 4, "server-actions"),
    Case(
        "four pages that differ twice",
        _on("/a1/inbox", "/b/leads", "/c/settings", "/d/campaigns"),
        "roll-back",
        4,
        "server-actions",
    ),
    Case("a line of a healthy page", [*PEOPLE, line(30, "ready", level="info")]),
)
WARNING = "(node:4) [DEP0040] DeprecationWarning: The `punycode` module is deprecated"


def _with_warnings(given: list[LogEntry]) -> list[LogEntry]:
    """What Node warns of goes where errors go."""
    return [msgspec.structs.replace(one, level="error") if one.message == WARNING else one for one in given]


WARNED = (
    Case(
        "one error, and Node's warnings beside three of it",
        [
            *PEOPLE,
            *(
                Sent(60 + 40 * at, "POST", "/", 500, thrown("Error: no seats left"), line=WARNING * (at > 0))
                for at in range(4)
            ),
        ],
        "pass",
        1,
        warns="1 unique",
        change=_with_warnings,
    ),
    Case(
        "a request that failed with nothing but a warning",
        [*PEOPLE, Sent(60, "POST", "/", 500, WARNING)],
        "pass",
        1,
        warns="1 unique",
    ),
)
SLOW = "[q7] error: canceling statement due to statement timeout"
MAIL = "[q7] TypeError: x.map is not a function for anna@acme.de"
ACTIONS = list(healthy(100, over=640))
LATE_READS = list(healthy(60, over=640, method="GET", path=READ))


def _reads(said: str, of: int = 60, **more: Any) -> list[Sent]:
    """So many of 60 reads, all of them answered 200, log a line."""
    return [*ACTIONS, *(Sent(10 * at, "GET", READ, 200, said if at < of else "", **more) for at in range(60))]


def _actions(said: str, of: int = 60) -> list[Sent]:
    return [*LATE_READS, *(Sent(10 * at, "POST", "/", 200, said if at < of else "") for at in range(60))]


CLAIMED = (
    *(
        Case(f"all log an error line that a signal claims: {said}", sent, "unproven", warns="wrote an error line")
        for said in (
            SLOW,
            MAIL,
            "[q7] TypeError: x.map is not a function +49 151 23456789",
            "[q7] AuthenticationError: 401 Incorrect API key provided",
            "[q7] error: cached plan must not change result type",
            "[q7] AbortError: This operation was aborted",
            "[q7] InternalServerError: 500 The server had an error",
        )
        for sent in (_reads(said), _actions(said))
    ),
    Case("a third of the reads log that they were slow", _reads(SLOW, 20), warns="the database was slow"),
    Case("a third of the actions log an address", _actions(MAIL, 20), warns="that no signal explains"),
    Case("all reads warn of it", _reads(SLOW, level="warning")),
    Case(
        "as many reads are refused, each with an error line",
        [*ACTIONS, *LATE_READS, *(line(9 * at, MAIL, READ, status=401, method="GET") for at in range(60))],
        warns="that no signal explains",
    ),
)


def _every_read(said: str) -> list[Sent]:
    return [*PEOPLE, *(line(10 * at + 3, said, READ, method="GET") for at in range(60))]


ASIDES = (
    *(
        Case(f"every read writes {said[:24]}", _every_read(said), warns="no signal explains")
        for said in (
            "prisma:warn Prisma failed to detect the libssl/openssl version to use",
            " ⚠ fetch for /x specified two options, only one should be specified.",
            "Warning: Each child in a list should have a unique key prop.",
            "Error: connect ECONNREFUSED 127.0.0.1:8126",
            "Error while flushing PostHog: message=HTTP error while fetching PostHog: status=429",
        )
    ),
    *(
        Case(f"every read fails with {said[:24]}", _every_read(said), "unproven")
        for said in (
            " ⚠ TypeError: x.map is not a function",
            "Warning: the list is empty",
            "Error: connect ECONNREFUSED 10.0.0.3:4318",
            "[posthog-sync] no rows were counted",
        )
    ),
)
CASES = (*CLAIMED, *ASIDES, *WARNED, *OUTAGES_IN_FEW, *UNSERVED, *ONE_ROUTE, *STREAMED, *UNKNOWN_MANY, *CUT, *SLUGS)
