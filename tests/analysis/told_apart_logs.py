"""Logs of four troubles that look like one, and of one trouble that looks like four."""

from __future__ import annotations

from collections.abc import Iterable

from tests.analysis.misleading_logs import thrown
from tests.analysis.strange_logs import PEOPLE, READ, Case, failing, prisma
from tests.logs.rows import Sent, healthy

HOSTS = ("api.hubapi.com", "api.attio.com", "server.smartlead.ai", "api.pipedrive.com")
SAID = ("no seats left", "draft is locked", "lead is archived", "thread has no owner")


LONG = (
    "Could not save the draft because the workspace is locked by another process and the queue of the mailbox did not answer in time, so "
    "that the message was not sent and the thread stays in the list of those that wait for a reply from the office, which was noted"
)
"""More than is shown of an error."""
ZOD = '{{"code":"invalid_type","expected":"string","received":"undefined","path":["{}"],"message":"Required"}}'


def _four(name: str, errors: Iterable[str]) -> Case:
    return Case(name, [*PEOPLE, *failing(*errors)], "roll-back", 4, "server-actions")


def _undecided(name: str, errors: Iterable[str]) -> Case:
    return Case(name, [*PEOPLE, *failing(*map(thrown, errors))], "unproven", 4)


def _one(name: str, errors: Iterable[str]) -> Case:
    return Case(name, [*PEOPLE, *failing(*errors)], unique=1)


APART = (
    _four(
        "four services that a client called",
        (
            thrown("AxiosError: timeout", 1, f"  config: {{ url: '/x', baseURL: 'https://{host}' }},\n")
            for host in HOSTS
        ),
    ),
    _one(
        "one service, and other paths of it",
        (
            thrown("AxiosError: timeout", 1, f"  config: {{ url: 'https://{HOSTS[0]}/leads/{n}?q={n}' }},\n")
            for n in range(4)
        ),
    ),
    _four(
        "four errors within an error",
        (
            thrown("AggregateError: rejected", 1, f"  [errors]: [\n    Error: {said}\n        at x (1)\n  ]\n")
            for said in SAID
        ),
    ),
    _four(
        "four procedures that the build lacks",
        (
            thrown(f'TRPCError: No "query"-procedure on path "{name}"')
            for name in ("lead.list", "inbox.unread", "draft.create", "label.all")
        ),
    ),
    _undecided("four steps", (f'Error: Step "{name}" has no handler' for name in ("enrich", "score", "draft", "send"))),
    _one("four campaigns", (thrown(f'Error: campaign "{name}" is gone') for name in ("Spring", "sale", "Q3", "anna"))),
    _undecided(
        "four cities",
        (
            f"Error: No numbers available in {city}"
            for city in ("Berlin, Germany", "Paris, France", "São Paulo, Brazil", "Tokyo, Japan")
        ),
    ),
    _one("four pairs of currencies", (thrown(f"Error: No rate from {a} to EUR") for a in ("USD", "GBP", "JPY", "CHF"))),
    _four(
        "four constraints, as earlier Prismas write them",
        (
            prisma("P2003", f"Foreign key constraint failed on the field: `{name} (index)`")
            for name in ("Lead_ownerId_fkey", "Lead_workspaceId_fkey", "Draft_leadId_fkey", "Label_leadId_fkey")
        ),
    ),
    _undecided(
        "four keys that a schema expects",
        (
            f'ValiError: Invalid key: Expected "{name}" but received undefined'
            for name in ("email", "title", "channel", "slug")
        ),
    ),
    _four(
        "four helpers that a template lacks",
        (thrown(f'Error: Missing helper: "{name}"') for name in ("upper", "formatDate", "currency", "ifEq")),
    ),
    _four(
        "four sentences with numbers in them",
        (
            thrown(f"Error: could not send reply {said}")
            for said in (
                "3 seats are left of 5",
                "since 7 drafts were locked",
                "as 2 leads have no owner",
                "in 9 languages",
            )
        ),
    ),
    _four(
        "four messages that translations lack",
        (
            thrown(f"IntlError: Could not resolve `{name}` in messages for locale `de`.")
            for name in ("inbox.title", "inbox.empty", "lead.owner", "draft.save")
        ),
    ),
    _one(
        "four languages of such a message",
        (
            thrown(f"IntlError: Could not resolve `inbox.title` in messages for locale `{name}`.")
            for name in ("de", "fr", "pt-BR", "nl")
        ),
    ),
    _one(
        "four answers that are not JSON",
        (thrown(f"SyntaxError: Unexpected token {one} in JSON at position {at}") for at, one in enumerate("<Hi{")),
    ),
    _one(
        "four characters of ids",
        (thrown(f"Error: invalid character: expected a hexadecimal one, found `{one}` at 3") for one in "nzqw"),
    ),
    _one(
        "four workspaces of which one has an apostrophe",
        (
            thrown(f"Error: sync failed for workspace: '{name}'")
            for name in ("Acme", "O'Neill", "D'Angelo Ruiz", "Globex")
        ),
    ),
    _undecided(
        "four street addresses",
        (
            f"Error: Could not geocode {address}"
            for address in (
                "Hauptstr. 5, 10115 Berlin",
                "1600 Amphitheatre Pkwy, Mountain View, CA",
                "12 Rue de Rivoli, 75001 Paris",
                "221B Baker Street, London",
            )
        ),
    ),
    _one("four uploads", (thrown(f"Error: cannot parse {a}.xlsx") for a in ("kunden", "Анна", "leads-neu", "a_b"))),
)
LONG_TEXTS = (
    _four(
        "four codes behind a long sentence",
        (thrown(f"Error: {LONG} ({code})") for code in ("E_LOCK", "E_QUEUE", "E_MAIL", "E_TEAM")),
    ),
    _four(
        "four errors of the language behind a long sentence",
        (
            thrown(f"Error: {LONG}: {said}")
            for said in (
                "TypeError: fetch failed",
                "RangeError: Invalid time value",
                "SyntaxError: Unexpected end of JSON input",
                "ReferenceError: x is not defined",
            )
        ),
    ),
    _four(
        "four columns behind a long sentence",
        (thrown(f'Error: {LONG}: column "{name}" is missing') for name in ("score", "stage", "owner", "phone")),
    ),
    _four(
        "four fields, the fifth of each",
        (
            thrown(f"ZodError: [{','.join(map(ZOD.format, ('name', 'title', 'owner', 'stage', name)))}]")
            for name in ("email", "phone", "note", "kind")
        ),
    ),
    _one("four leads behind a long sentence", (thrown(f"Error: {LONG} for lead {n}77") for n in range(4))),
    _one(
        "four addresses behind a long sentence",
        (thrown(f"Error: {LONG} by {name}@acme.de") for name in ("anna", "ben", "cem", "dora")),
    ),
    _one(
        "four drafts in quotes behind a long sentence",
        (thrown(f'Error: {LONG} in "{name}"') for name in ("Hello", "Re: Offer", "Q3", "x")),
    ),
    _undecided(
        "four names behind a long sentence", (f"Error: {LONG} by {name}" for name in ("Anna", "Ben", "Cem", "Dora"))
    ),
)
LETTERS = (
    _four(
        "four parameters that a model does not support",
        (
            thrown(f"BadRequestError: 400 Unsupported value: '{one}' does not support 0.2 with this model.")
            for one in ("temperature", "top_p", "presence_penalty", "frequency_penalty")
        ),
    ),
    _undecided(
        "four short ids of mixed case",
        (f"Error: Draft {one} not found" for one in ("QwErTy", "aBcDeF", "pOiUyT", "zXcVbN")),
    ),
    _undecided(
        "four ids with a prefix", (f"Error: thread thr_{one} not found" for one in ("kqz", "plm", "vbn", "wtr"))
    ),
    _undecided(
        "four ids with a known prefix", (f"Error: thread lead_{one} not found" for one in ("kqz", "plm", "vbn", "wtr"))
    ),
    _undecided(
        "four ids with lines in them", (f"Error: could not load {one}" for one in ("R_My", "jxV-jk", "nf_eSv", "Ll-hc"))
    ),
    _four(
        "four names of the code with a line",
        (thrown(f"Error: {one} must be set") for one in ("lead_email", "lead_owner", "plan_limit", "mail_from")),
    ),
    _four(
        "four functions",
        (thrown(f"Error: {one} cannot be used here") for one in ("useState", "loadLead", "sendMail", "formatDate")),
    ),
    _four(
        "four columns without quotes",
        (thrown(f"error: column lead_{one} does not exist") for one in ("kqz", "plm", "vbn", "wtr")),
    ),
    _four(
        "four names that are not defined",
        (thrown(f"ReferenceError: {one} is not defined") for one in ("owner", "leads", "window", "document")),
    ),
    _four(
        "four names before their declaration",
        (
            thrown(f"ReferenceError: Cannot access {one} before initialization")
            for one in ("owner", "leads", "tone", "plan")
        ),
    ),
    _four(
        "four names that are not iterable",
        (thrown(f"TypeError: {one} is not iterable") for one in ("owner", "leads", "tone", "plan")),
    ),
    _four(
        "four components that were given a function",
        (
            thrown(f"Error: Functions cannot be passed directly to Client Components: <{one} onClick={{function}}>")
            for one in ("Button", "Row", "Menu", "Card")
        ),
    ),
)
NAMED = (
    _four(
        "four parameters of a wrong type",
        (
            thrown(f"BadRequestError: 400 Invalid type for '{one}': expected a string.")
            for one in ("model", "user", "stop", "tools[0].function.name")
        ),
    ),
    _four(
        "four parameters of a wrong value",
        (
            thrown(f"Error: 400 Invalid value for '{one}'")
            for one in ("model", "temperature", "messages[1].content", "tools[0].name")
        ),
    ),
    _four(
        "four parameters that a call lacks",
        (
            thrown(f"BadRequestError: 400 Missing required parameter: '{one}'.")
            for one in ("model", "input", "tools[0].name", "messages[0].content")
        ),
    ),
    _four(
        "four schemas of answers",
        (
            thrown(f"BadRequestError: 400 Invalid schema for response_format '{one}': a type is missing")
            for one in ("reply", "score", "summary", "intent")
        ),
    ),
    _one(
        "four items of one parameter",
        (
            thrown(f"BadRequestError: 400 Invalid type for 'messages[{n}].content': expected a string.")
            for n in range(4)
        ),
    ),
    _four(
        "four routes that are not static",
        (
            thrown(f"Error: Route {one} couldn't be rendered statically because it used `headers`.")
            for one in ("/leads", "/inbox", "/settings/team", "/reports")
        ),
    ),
    _four(
        "four pages without a boundary",
        (
            thrown(f'Error: useSearchParams() should be wrapped in a suspense boundary at page "{one}".')
            for one in ("/leads", "/inbox", "/team", "/drafts")
        ),
    ),
    _four(
        "four handlers that sent nothing",
        (
            thrown(
                f"Error: API resolved without sending a response for /api/{one}, this may result in stalled requests."
            )
            for one in ("leads", "inbox", "team", "drafts")
        ),
    ),
    _four(
        "four of the app's own calls",
        (thrown(f"Error: fetch /api/{one} failed") for one in ("leads", "drafts", "threads", "labels")),
    ),
    _one(
        "four ids in one of them",
        (
            thrown(f"Error: fetch /api/leads/{one} failed")
            for one in ("4711", "018f2c3a-0000-7000-8000-000000000001", "9", "c1k2j3h4g5")
        ),
    ),
    _one(
        "four pages of people",
        (
            thrown(f"Error: page {one} not found")
            for one in ("/blog/my-first-post", "/p/anna", "/w/acme", "/leads/anna-schmidt")
        ),
    ),
    _four(
        "four functions that threw undefined",
        (
            f" ⨯ undefined\n    at {one} (/var/task/.next/server/chunks/1.js:1:1)"
            for one in ("loadLead", "saveDraft", "sendMail", "closeThread")
        ),
    ),
)

ABORTED = "AbortError: This operation was aborted"
CAUGHT = "Failed to create campaign: Error: NEXT_REDIRECT\n    at x (1.js:1:1) {{\n  digest: 'NEXT_REDIRECT;replace;/{};303;'\n}}"
MISSING = "Failed to load lead: Error: NEXT_HTTP_ERROR_FALLBACK;404\n    at x (1.js:1:1) {\n  digest: 'NEXT_HTTP_ERROR_FALLBACK;404'\n}"
READS = list(healthy(60, over=640, method="GET", path=READ))

PAGES = list(healthy(40, over=640, method="GET"))


def _thirty(said: str, status: int = 500, *, line: str = "") -> list[Sent]:
    """Thirty of a hundred actions."""
    return [
        *READS,
        *healthy(70, over=640),
        *(Sent(20 * at + 1, "POST", "/", status, said, line=line) for at in range(30)),
    ]


def _is_latency(said: str, *, line: str = "") -> Case:
    return Case(
        f"refused next to a call that was aborted: {said[:60]}", _thirty(said, line=line), "hold", 1, "auth-service"
    )


REFUSED = (
    _is_latency(thrown(f"Error: Not authenticated\n{ABORTED}")),
    _is_latency(thrown(f"{ABORTED}\nError: Not authenticated")),
    _is_latency(thrown("Error: Not authenticated", 1, f"  [cause]: {ABORTED},\n")),
    _is_latency(
        thrown("Error: Not authenticated", 1, "  [cause]: DOMException [TimeoutError]: The operation timed out,\n")
    ),
    _is_latency(
        "Failed to fetch clients: {\n  errorClass: 'not_authenticated'\n} Error: Not authenticated", line=ABORTED
    ),
    *(
        _is_latency(thrown(f"{whose}: {error}"))
        for whose in (
            "Failed to get current user",
            "Failed to get session",
            "Error: requireUser failed",
            "could not verify the user",
        )
        for error in (
            ABORTED,
            "DOMException [AbortError]: This operation was aborted",
            "TimeoutError: The operation timed out",
        )
    ),
    Case(
        "refused and aborted, and answered 200",
        _thirty(f"Error: Not authenticated\n{ABORTED}", 200),
        "hold",
        0,
        "auth-service",
    ),
    *(
        Case(f"no session, and no call for one: {said}", _thirty(thrown(said)), "roll-back", 1, "server-actions")
        for said in (
            "Error: Not authenticated",
            "Failed to get user preferences: AbortError: This operation was aborted",
            "Failed to load session recordings: AbortError: This operation was aborted",
            "[hubspot] Failed to get current user: AbortError: This operation was aborted",
            "Failed to get current user: TypeError: x.map is not a function",
        )
    ),
)


def _led_on(said: str, status: int = 303) -> list[Sent]:
    return [*READS, *healthy(60, over=640), *(Sent(15 * at + 1, "POST", "/", status, said) for at in range(40))]


CONTROL_FLOW = (
    Case("redirects that are caught and logged", _led_on(CAUGHT.format("campaigns/1"))),
    Case("the same without a digest", _led_on("Failed to create campaign: Error: NEXT_REDIRECT")),
    Case(
        "missing leads that are caught and logged",
        [*healthy(60), *READS, *(Sent(15 * at + 1, "GET", READ, 404, MISSING) for at in range(20))],
    ),
    Case(
        "a missing lead that is answered as if it were there",
        [*healthy(60), *READS, *(Sent(15 * at + 1, "GET", READ, 200, MISSING) for at in range(20))],
        warns="that no signal explains",
    ),
    Case(
        "another error next to a redirect",
        _led_on("Failed to create campaign: TypeError: x is not a function, after Error: NEXT_REDIRECT", 200),
        "roll-back",
        0,
        "server-actions",
    ),
    Case(
        "an error in the place of the redirect",
        _led_on("Failed to create campaign: Error: no seats left", 200),
        "roll-back",
        0,
        "server-actions",
    ),
    Case("a redirect that fails", _led_on(thrown("Error: NEXT_REDIRECT"), 500), "roll-back", 1, "server-actions"),
)


def _asked(method: str, path: str) -> list[Sent]:
    return [*healthy(100), *READS, *PAGES, *(Sent(60 + 9 * at, method, path, 500, "Error: x") for at in range(4))]


METHODS = (
    *(
        Case(f"four {method} {path} that fail", _asked(method, path), warns="outside the inbox failed")
        for method in ("OPTIONS", "PROPFIND", "PUT", "PATCH", "DELETE")
        for path in ("/", READ)
    ),
    Case("four pages that fail", _asked("GET", "/"), "roll-back", 0, "server"),
    Case("four reads that fail", _asked("GET", READ), "roll-back", 0, "list-route"),
    Case("four actions that fail alike", _asked("POST", "/"), unique=1),
)


def _paths(*paths: str) -> list[Sent]:
    errors = ("no seats left", "no seats left", "draft is locked", "lead is archived")
    pairs = zip(errors, paths, strict=True)
    return [
        *PEOPLE,
        *(Sent(60 + 40 * at, "POST", path, 500, thrown(f"Error: {one}")) for at, (one, path) in enumerate(pairs)),
    ]


NAMES_OF_PAGES = (
    *(
        Case(
            f"three errors, of one page by another name: {other}", _paths("/leads", other, "/leads", "/leads"), unique=3
        )
        for other in ("/leads/", "/leads.rsc", "//leads")
    ),
    Case("the inbox by another name", _paths("/", "/index.rsc", "/", "/"), unique=3),
    Case("two pages", _paths("/leads", "/drafts", "/leads", "/leads"), "roll-back", 4, "server-actions"),
)
CASES = (*REFUSED, *CONTROL_FLOW, *METHODS, *NAMES_OF_PAGES, *APART, *LONG_TEXTS, *LETTERS, *NAMED)
