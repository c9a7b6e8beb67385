"""Failures among much that succeeds and is none of the inbox's: other routes, bots, other hours; and logs in which little fails."""

from __future__ import annotations

from tests.analysis.misleading_logs import FOUR, thrown
from tests.analysis.strange_logs import READ, Case
from tests.logs.rows import Sent

COUNTS, MESSAGES = "/api/inbox/counts", f"{READ}/3f2504e0-4f89-41d3-9a0c-0305e82c3301/messages"
ERROR = thrown(FOUR[0])


def spread(
    count: int,
    status: int,
    method: str = "GET",
    path: str = READ,
    message: str = "",
    *,
    since: float = 0,
    until: float = 590,
) -> list[Sent]:
    """So many requests at equal distances."""
    between = (until - since) / max(count, 1)
    return [Sent(since + between * at + bool(message), method, path, status, message) for at in range(count)]


def _actions(failed: int, of: int, path: str = "/") -> list[Sent]:
    return [*spread(failed, 500, "POST", path, ERROR), *spread(of - failed, 200, "POST", path)]


def _reads(failed: int, of: int, path: str = READ, until: float = 590) -> list[Sent]:
    return [*spread(failed, 500, "GET", path, ERROR, until=until), *spread(of - failed, 200, "GET", path)]


PAGES, READS, ACTIONS = spread(40, 200, path="/"), spread(60, 200), spread(100, 200, "POST", "/")
POLLS = spread(500, 200, path=COUNTS)
_NO_ACTIONS_OF_THE_INBOX = {
    "a rewrite": spread(300, 200, "POST", "/ingest/e"),
    "a login": spread(300, 200, "POST", "/auth/login"),
    "another page": spread(300, 200, "POST", "/settings"),
    "bots": spread(300, 404, "POST", "/xmlrpc"),
    "a webhook": spread(300, 200, "POST", "/webhooks/stripe"),
}
_NO_PAGES_OF_THE_INBOX = {
    "bots": [Sent(at, "GET", f"/wp-{at % 7}/x", 404) for at in range(400)],
    "pricing": spread(400, 200, path="/pricing"),
    "the signed-out": spread(400, 307, path="/"),
    "a blog": spread(400, 200, path="/blog"),
}

SHARES = (
    *(
        Case(f"the inbox's actions fail, among those of {name}", sent, "roll-back", 1, "server-actions")
        for name, others in _NO_ACTIONS_OF_THE_INBOX.items()
        for sent in ([*PAGES, *READS, *_actions(12, 40), *others],)
    ),
    *(
        Case(f"the inbox's page fails, among {name}", [*READS, *ACTIONS, *sent, *others], "roll-back", 0, "server")
        for name, others in _NO_PAGES_OF_THE_INBOX.items()
        for sent in (_reads(15, 40, "/"),)
    ),
    Case("the list fails, counts answer", [*PAGES, *ACTIONS, *_reads(22, 60), *POLLS], "roll-back", 0, "list-route"),
    Case(
        "messages fail, counts answer",
        [*PAGES, *ACTIONS, *READS, *_reads(12, 30, MESSAGES), *POLLS],
        "roll-back",
        0,
        "list-route",
    ),
    Case("a tenth of the list fails", [*PAGES, *ACTIONS, *_reads(8, 80), *POLLS], "roll-back", 0, "list-route"),
    Case(
        "few of the inbox's actions, all failing, among others that succeed",
        [*PAGES, *READS, *_actions(9, 9), *spread(300, 200, "POST", "/ingest/e")],
        "unproven",
        1,
        warns="9 Server Action requests of 309",
    ),
    Case(
        "few reads of one route, most failing, among others",
        [*PAGES, *ACTIONS, *READS, *_reads(3, 4, MESSAGES), *POLLS],
        "unproven",
        warns="3 inbox read requests of 564",
    ),
    # Little of it fails
    Case(
        "four of the inbox's actions fail",
        [*PAGES, *READS, *_actions(4, 100), *spread(300, 200, "POST", "/settings")],
        unique=1,
        warns="4 Server Action requests",
    ),
    Case(
        "a thirtieth of the inbox's actions",
        [*PAGES, *READS, *_actions(5, 150), *spread(60, 200, "POST", "/settings")],
        unique=1,
        warns="5 Server Action requests",
    ),
    Case(
        "many actions of another page",
        [*PAGES, *READS, *_actions(12, 40, "/leads/import"), *spread(300, 200, "POST", "/")],
        unique=1,
        warns="12 Server Action requests",
    ),
    Case("a read in twenty", [*PAGES, *ACTIONS, *READS, *_reads(1, 20, MESSAGES)], warns="1 inbox read request of 80"),
    Case(
        "a burst on one route",
        [*PAGES, *ACTIONS, *_reads(7, 25, MESSAGES, until=30), *POLLS],
        warns="7 inbox read requests",
    ),
    Case("four reads of many", [*PAGES, *ACTIONS, *_reads(4, 60), *POLLS], warns="4 inbox read requests"),
    Case(
        "few pages", [*READS, *ACTIONS, *_reads(4, 60, "/"), *spread(400, 200, path="/blog")], warns="4 page requests"
    ),
)

SKEW = 'Error: Failed to find Server Action "40ab". This request might be from an older or newer deployment.'


def _old_tabs(count: int, status: int, until: float, message: str = SKEW) -> list[Sent]:
    return spread(count, status, "POST", "/", message, until=until)


OLD_TABS = (
    *(
        Case(
            f"many tabs from before the deploy, refused with {status} until they are closed",
            [*PAGES, *READS, *spread(40, 200, "POST", "/"), *_old_tabs(60, status, 200)],
            warns="version skew",
        )
        for status in (400, 404, 409)
    ),
    Case(
        "the same in the first seconds",
        [*PAGES, *READS, *spread(40, 200, "POST", "/"), *_old_tabs(40, 409, 20)],
        warns="version skew",
    ),
    Case(
        "actions that the build's own pages send are not known, to the end",
        [*PAGES, *READS, *spread(40, 200, "POST", "/"), *_old_tabs(60, 404, 590)],
        "unproven",
        warns="only 40 of 100",
    ),
    Case(
        "no action is known",
        [*PAGES, *READS, *_old_tabs(60, 404, 590)],
        "unproven",
        warns="none of 60",
    ),
    Case(
        "nearly no action is known, and then a few are",
        [*PAGES, *READS, *_old_tabs(200, 404, 500), *spread(12, 200, "POST", "/", since=520)],
        "unproven",
        warns="only 12 of 212",
    ),
    Case(
        "actions that are refused without a word",
        [*PAGES, *READS, *spread(40, 200, "POST", "/"), *_old_tabs(60, 404, 200, "")],
        "unproven",
        warns="only 40 of 100",
    ),
    Case(
        "one of the tabs' actions fails",
        [*PAGES, *READS, *_actions(30, 60), *_old_tabs(60, 409, 200)],
        "roll-back",
        1,
        "server-actions",
    ),
)

CASES = (*SHARES, *OLD_TABS)
