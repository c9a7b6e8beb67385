# ruff: noqa: UP031 - bytes by the gigabyte: % is the quickest
"""A made-up dashboard export of any size, the same for the same seed.

Its shape is that of real ones: 3.5 rows a request, the status on each of them, 15 % of the rows with a message of several
lines, errors in bursts of few kinds, ids in nearly every message, 28 columns of which most are empty.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_START = 1_790_000_000_000
_PAGES = ("/", "/inbox", "/settings", "/campaigns", "/leads")
_ROUTES = (
    "/api/inbox/conversations",
    "/api/inbox/counts",
    "/api/inbox/conversations/{id}",
    "/api/webhooks/email",
    "/api/cron/sync",
    "/api/clients",
)
_FILES = ("/_next/static/chunks/4bd1b696-{hex}.js", "/icon.png")
_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
_STACK = "".join(
    f"\n    at {name} (/var/task/.next/server/chunks/{chunk}.js:{line}:{line * 37})"
    for name, chunk, line in (
        ("async u.findMany", 7719, 12),
        ("async Object.l [as loadConversations]", 2210, 1),
        ("async f", 5580, 33),
        ("async Promise.all (index 1)", 1186, 5),
    )
)
_TROUBLES = (
    " \N{VECTOR OR CROSS PRODUCT} Error [PrismaClientKnownRequestError]: \nInvalid `prisma.conversation.findMany()` invocation:\n\n\n"
    "Transaction API error: Unable to start a transaction in the given time." + _STACK + " {{\n  code: 'P2028',\n"
    "  clientVersion: '6.19.0',\n  digest: '{number}'\n}}",
    " \N{VECTOR OR CROSS PRODUCT} TypeError: Cannot read properties of undefined (reading 'id')"
    + _STACK
    + " {{\n  digest: '{number}'\n}}",
    "[Inbox] getConversations failed {{ debugId: 'dbg_{hex}', errorClass: 'db_timeout', workspaceId: '{id}' }}"
    "\nDatabaseNotReachable: query_wait_timeout" + _STACK,
    "Vercel Runtime Timeout Error: Task timed out after 60 seconds\n",
)
_CHATTER = (
    '[Inbox] counts loaded {{\n  workspaceId: "{id}",\n  open: {number},\n  unread: 12,\n  tookMs: 87\n}}',
    "[Webhook] received\n  provider=email\n  messageId={hex}{hex}\n  leadId={id}\n  attempts=1\n  queued=true",
    'prisma:query SELECT "public"."Conversation"."id"\n FROM "public"."Conversation"\n WHERE "id" = \'{id}\'\n LIMIT {number}',
    "[Cron] sync finished\n  clients: 14\n  synced: {number}\n  skipped: 3\n  next run in 60 s",
)
_WORRIES = (
    "[Auth] refresh failed\nAuthApiError: Invalid Refresh Token: Refresh Token Not Found\n  {hex} {{ code: 'refresh_token_not_found' }}",
    "Warning: slow response from the provider\n  tookMs: {number}\n  leadId: {id}",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of what there is."""

    failing: float
    """The share of requests that answer 5xx."""
    seed: int = 117


def write(file: Path, size: int, shape: Shape, *, array: bool) -> None:
    """An export of about `size` bytes: NDJSON, or an array as the dashboard writes it."""
    before, between, after = (b"[", b",", b"]") if array else (b"", b"\n", b"\n")
    with file.open("wb") as out:
        written = out.write(before)
        first = True
        for row in rows(shape):
            written += out.write(row if first else between + row)
            first = False
            if written >= size:
                break
        out.write(after)


def rows(shape: Shape) -> Iterator[bytes]:
    """Rows without end."""
    chance = random.Random(shape.seed)  # noqa: S311 - the same for everybody
    at = _START
    while True:
        at += chance.randrange(40)
        yield from _request(chance, at, failing=chance.random() < shape.failing)


def _request(chance: random.Random, at: int, *, failing: bool) -> Iterator[bytes]:
    words = chance.getrandbits(320)
    page = chance.random() < 0.3
    path = chance.choice(_PAGES if page else _ROUTES if chance.random() < 0.85 or failing else _FILES)
    post = chance.random() < (0.4 if page else 0.2) and "_next" not in path
    status = chance.choice((500, 500, 500, 504)) if failing else chance.choice((200, 200, 200, 200, 304, 401, 404, ""))
    drawn = _names(words)
    shared = (
        '"requestPath":"app.example.com%s","requestMethod":"%s","requestQueryString":"%s","responseStatusCode":%s,"requestId":"%s",'
        '"requestUserAgent":"%s","environment":"%s","branch":"main","vercelCache":"%s","host":"app.example.com",'
        '"deploymentDomain":"app-git-main-team.vercel.app","deploymentId":"%s","traceId":"%s","sessionId":"",'
    ) % (
        path.format(**drawn),
        "POST" if post else "GET",
        "" if page else "workspace=%s" % drawn["id"],
        status or '""',
        "%s-%d-%s" % (drawn["five"], at, drawn["hex"]),
        _AGENT,
        "preview" if words % 50 == 0 else "production",
        "" if post else "MISS",
        "dpl_8mXq3" if words % 9 else "dpl_Hn21k",
        drawn["trace"],
    )
    messages = _messages(chance, drawn, failing=failing)
    several = len(messages) + (3 if words % 2 else 2)
    for number in range(max(several, 3)):
        message, level = messages[number] if number < len(messages) else ("", "")
        kind, function = (
            ("middleware", "middleware") if number == several - 1 else ("function", path if page else "/api/inbox")
        )
        yield _row(
            shared, at + number * 3, kind=kind, function=function, level=level, message=message, words=words >> number
        )


def _messages(chance: random.Random, drawn: dict[str, str], *, failing: bool) -> list[tuple[str, str]]:
    found = []
    if failing and chance.random() < 0.85:
        found.append((chance.choice(_TROUBLES).format(**drawn), "error"))
    elif chance.random() < 0.02:
        found.append((chance.choice(_WORRIES).format(**drawn), chance.choice(("error", "warning"))))
    while chance.random() < 0.36:
        found.append((chance.choice(_CHATTER).format(**drawn), "info"))
    return found


def _names(words: int) -> dict[str, str]:
    text = f"{words:080x}"
    return {
        "hex": text[:12],
        "five": text[12:17],
        "id": f"{text[17:25]}-{text[25:29]}-4{text[29:32]}-a{text[32:35]}-{text[35:47]}",
        "trace": text[40:72],
        "number": str(int(text[60:70], 16)),
    }


def _row(  # noqa: PLR0913 - a row has many columns
    shared: str, at: int, *, kind: str, function: str, level: str, message: str, words: int
) -> bytes:
    seconds = at // 1000
    return (
        '{"projectId":"prj_nB3xTqV","TimeUTC":"2026-09-%02d %02d:%02d:%02d","timestampInMs":%d,%s"type":"%s","function":"%s",'
        '"level":"%s","message":%s,"durationMs":%s,"region":"iad1","maxMemoryUsed":%s,"memorySize":"2048",'
        '"invocationId":"%s","instanceId":"%s","concurrency":""}'
        % (
            1 + seconds // 86400 % 28,
            seconds // 3600 % 24,
            seconds // 60 % 60,
            seconds % 60,
            at,
            shared,
            kind,
            function,
            level,
            json.dumps(message) if message else '""',
            words % 900 if words % 3 == 0 else '""',
            200 + words % 300 if words % 3 == 0 else '""',
            f"{words & 0xFFFFFFFF:08x}" if words % 3 == 0 else "",
            f"{words & 0xFFFFFF:06x}" if words % 3 == 0 else "",
        )
    ).encode()
