"""What names the trouble in fields, within an error and in quotes, each next to what names one instance."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import named_slots, words

HOSTS = ("api.hubapi.com", "api.attio.com", "server.smartlead.ai", "api.pipedrive.com")
AXIOS = "AxiosError: Request failed with status code 422"
CALLS = [
    pytest.param(AXIOS, "  config: {{ method: 'get', url: 'https://{}/v2/{}?page={}' }},\n  status: 422,\n", id="axios: url"),
    pytest.param(AXIOS, "  config: {{ url: '/leads/{1}?x={2}', baseURL: 'https://{0}' }},\n", id="axios: baseURL"),
    pytest.param(AXIOS, "  config: {{ url: 'leads/{1}', baseURL: 'https://key:x@{0}/v{2}' }},\n", id="axios: with a key"),
    pytest.param("HTTPError: Response code 422", "  options: {{ url: URL {{ href: 'https://{}/r/{}?x={}' }} }}\n", id="got"),
    pytest.param("GaxiosError: Forbidden", "  config: {{\n    url: 'https://{}/v1/{}?q={}'\n  }},\n  code: 403,\n", id="gaxios"),
    pytest.param("HTTPError: Bad Gateway", "  request: Request {{ method: 'GET', url: 'https://{}/x/{}?x={}' }}\n", id="ky"),
    pytest.param("Error: write EPROTO", "  host: '{}',\n  path: '/x/{}?{}'\n", id="a top-level host"),
    pytest.param("TypeError: fetch failed", "  [cause]: Error: altnames\n {{\n    host: '{}',\n    path: '/{}{}'\n  }}\n", id="TLS"),
]  # fmt: skip


def thrown(message: str, fields: str = "") -> str:
    return f" ⨯ {message}\n    at a (/var/task/.next/server/chunks/1.js:1:1) {{\n{fields}  digest: '31415'\n}}"


@pytest.mark.parametrize(("message", "fields"), CALLS)
def test_the_called_host_distinguishes_and_the_rest_of_an_address_does_not(message: str, fields: str) -> None:
    found = {words(thrown(message, fields.format(host, "a1", 7))) for host in HOSTS}
    assert len(found) == len(HOSTS)
    assert len({words(thrown(message, fields.format(HOSTS[0], f"b{n}", n))) for n in range(4)}) == 1


@pytest.mark.parametrize(
    "message",
    [
        'FetchError: [POST] "https://{}/v1/{}": 422 Unprocessable Entity',
        "Error: GET 'https://{}/v1/{}' failed",
        "Error: request to `https://{}/v1/{}` failed",
        "AxiosError: no {{ baseURL: 'https://{}', url: '/{}' }}",
        "Error: Host: {}. is not in the cert's altnames: DNS:a{}",
        'Error: {{"code":"x1","baseURL":"https://{}/","id":"{}"}}',
    ],
)
def test_the_called_host_distinguishes_in_a_sentence(message: str) -> None:
    assert len({words(message.format(host, 1)) for host in HOSTS}) == len(HOSTS)
    assert words(message.format(HOSTS[0], 1)) == words(message.format(HOSTS[0], 22))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('Error: website "https://acme.com" is not valid', 'Error: website "https://globex.de/x" is not valid'),
        (thrown(AXIOS, "  data: '{\"url\":\"https://acme.com\"}',\n"), thrown(AXIOS, "  data: '{\"url\":\"https://globex.de\"}',\n")),
        (thrown(AXIOS, "  doc_url: 'https://a.com/x',\n"), thrown(AXIOS, "  doc_url: 'https://b.com/y',\n")),
        (thrown(AXIOS, "  host: '10.0.0.5',\n"), thrown(AXIOS, "  host: '10.0.0.9',\n")),
    ],
)  # fmt: skip
def test_an_address_that_was_not_called_does_not(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    "fields",
    [
        "  [errors]: [\n    Error: {}\n        at x (1)\n  ]\n",
        "  [errors]: [\n    [TypeError: it says {}],\n    [TypeError: it says {}]\n  ]\n",
        "  errors: [ [Error: {}] ],\n",
        "  errors: [ {{ message: '{}' }} ],\n",
        "  errors: [ 'it says {}' ],\n",
        "  [cause]: Error: {}\n      at x (1)\n",
    ],
)
def test_the_errors_within_an_error_distinguish(fields: str) -> None:
    said = ("no seats left", "draft is locked", "lead has no owner", "thread is gone")
    outer = "AggregateError: All promises were rejected"
    assert len({words(thrown(outer, fields.format(*[one] * 2))) for one in said}) == len(said)
    ids = {words(thrown(outer, fields.format(*[f"lead lead_{n} is gone"] * 2))) for n in range(4)}
    assert len(ids) == 1


@pytest.mark.parametrize(
    "fields",
    [
        "  errors: [ {{ code: '{0}', message: 'x{1}' }} ],\n",
        "  errors: [\n    {{\n      code: '{0}',\n      id: '{1}'\n    }}\n  ]\n",
    ],
)
def test_the_codes_within_an_error_distinguish(fields: str) -> None:
    codes = ("form_password_pwned", "form_identifier_exists", "form_param_format_invalid")
    outer, more = "ClerkAPIResponseError: Unprocessable Entity", "  code: 'api_response_error',\n"
    assert len({words(thrown(outer, more + fields.format(code, 1))) for code in codes}) == len(codes)
    assert len({words(thrown(outer, more + fields.format(codes[0], n))) for n in range(4)}) == 1


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('Error: save failed: "draft is locked"', "draft is locked"),
        ('Error: import rejected: "missing column lead_id"', "missing column lead_id"),
        ('Error: sync failed: "quota exceeded"', "quota exceeded"),
        ('Error: reply failed: "I am not interested"', "failed: ‹text›"),
        ('Error: reply failed: "not interested, thanks"', "failed: ‹text›"),
        ('Error: send failed: "we are closed until Monday"', "failed: ‹text›"),
        ('Error: import rejected: "he said no to the offer"', "rejected: ‹text›"),
        ('Error: sync failed: "the offer is too expensive"', "failed: ‹text›"),
    ],
)
def test_a_text_in_quotes_behind_a_failure_is_shown_where_it_reads_like_a_reason(message: str, shown: str) -> None:
    assert named_slots(words(message)).endswith(shown)


@pytest.mark.parametrize("kind", ["column", "field", "relation"])
def test_a_name_of_the_code_behind_its_kind_distinguishes_and_a_persons_does_not(kind: str) -> None:
    assert len({words(f"Error: {kind} named {name} is missing") for name in ("lead_id", "owner_id", "ownerEmail")}) == 3
    assert len({words(f"Error: {kind} named {name} is missing") for name in ("Anna", "anna-schmidt", "kunden")}) == 1


def test_how_many_addresses_of_a_host_were_tried_does_not_distinguish() -> None:
    once = "  code: 'ECONNREFUSED',\n  [errors]: [\n    Error: connect ECONNREFUSED ::1:5432\n        at x (1)\n  ]\n"
    twice = once.replace("  ]\n", "    Error: connect ECONNREFUSED 127.0.0.1:5432\n        at x (1)\n  ]\n")
    assert words(thrown("AggregateError: x", once)) == words(thrown("AggregateError: x", twice))


NAMED = [
    ('TRPCError: No "query"-procedure on path "{}"', ("lead.list", "inbox.unread")),
    ('TRPCError: No "{}"-procedure on path "lead.list"', ("query", "mutation")),
    ('Error: Could not find the module "[project]/components/{}.tsx#default" in it', ("LeadCard", "InboxList")),
    ('Error: Could not find the module "/vercel/path0/app/(inbox)/[slug]/{}.tsx" in it', ("card", "list")),
    ("Error: Unknown reducer action '{}'", ("archive", "snooze")),
    ('Error: Step "{}" has no handler', ("enrich", "score")),
    ('Error: Email template "{}" not found', ("welcome", "reset-password")),
    ('Error: No worker for job "{}"', ("sync-leads", "send-mail")),
    ('Error: Invalid `<Link>` prop "{}"', ("href", "prefetch")),
    ('SyntaxError: The requested module "./lib.js" does not provide an export named "{}"', ("getLead", "getInbox")),
    ("Error: no function called '{}' in it", ("save", "merge")),
    ("Error: relation has no column named `{}`", ("score", "tier")),
    ("Error: Unsupported operation '{}' in reducer", ("archive", "snooze")),
    ("Error: tool `{}` is not registered", ("searchLeads", "send_mail")),
    ('Error: failed {{"step":"{}"}}', ("enrich", "score")),
    ("Error: 400 Invalid schema: In context=('properties', '{}'), 'minimum' is not permitted", ("score", "age")),
    ('ValidationError: {{"loc": ["body", "{}"], "msg": "required"}}', ("score", "age")),
]


@pytest.mark.parametrize(("message", "names"), NAMED)
def test_a_thing_of_the_code_in_quotes_distinguishes(message: str, names: tuple[str, str]) -> None:
    one, other = (words(message.format(name)) for name in names)
    assert one != other


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ('Error: lead "{}" is gone', ("Anna", "ben")),
        ('Error: campaign "{}" is gone', ("Spring", "autumn sale")),
        ('Error: campaign named "{}" is gone', ("Spring", "autumn")),
        ('Error: a lead called "{}" is gone', ("Anna", "ben")),
        ('Error: campaign "{}" step failed', ("spring", "autumn")),
        ('Error: file "{}" is not readable', ("kunden.csv", "leads.xlsx")),
        ('Error: template "{}" is empty', ("Black Friday", "Anna")),
        ('Error: job "{}" failed', ("7f3a9c", "Head of Sales")),
        ('Error: path "{}" is not readable', ("/srv/a1", "kunden.csv")),
        ('Error: task "{}" is overdue', ("Call Anna", "Ruf Ben an!")),
    ],
)
def test_what_people_name_in_quotes_does_not(message: str, names: tuple[str, str]) -> None:
    one, other = (words(message.format(name)) for name in names)
    assert one == other


ZOD = (
    'ZodError: [ {{ "received": "{0}", "code": "invalid_enum_value", "path": [ "stage" ],'
    " \"message\": \"Expected 'A' | 'B', received '{0}'\" }} ]"
)


def test_what_a_person_entered_does_not_distinguish_and_its_type_does() -> None:
    assert len({words(ZOD.format(value)) for value in ("Offen", "abierto", "in_arbeit", "anna@firma.de")}) == 1
    assert len({words(ZOD.format(value)) for value in ("undefined", "null", "string", "nan")}) == 4


@pytest.mark.parametrize(
    ("message", "values"),
    [
        (
            "Error: Could not parse {}: unexpected end of file",
            ("kunden.xlsx", "kontakte-mai.csv", "Анна.csv", "a_b.PDF"),
        ),
        ("Error: Unsupported file extension {}", (".heic", ".mov", ".exe")),
        ("Error: No exchange rate from {}", ("EUR to USD", "GBP to JPY")),
        ("Error: no text for locale {} today", ("de", "pt-BR", "zh-Hant")),
        ("RangeError: Invalid time zone specified: {}", ("Europe/Kiew", "GMT+25", "Berlin", "Not_A_Zone")),
        ("Error: lead was updated {} ago", ("3 minutes", "an hour", "2 weeks", "45 s", "a few days")),
        ("Error: gave up after {}", ("1 attempt", "3 attempts")),
        ("Error: gave up after {}", ("1 retry", "12 retries")),
        ("Error: cannot send to {}", ("anna@firma", "ännä@müller.de", "anna AT firma DOT de", "<@U02ABCDEF|anna>")),
    ],
)
def test_what_people_bring_along_does_not_distinguish(message: str, values: tuple[str, ...]) -> None:
    assert len({words(message.format(value)) for value in values}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TypeError: invoice.pdf is not a function", "TypeError: lead.doc is not a function"),
        ("RangeError: Incorrect locale information provided", "RangeError: Incorrect locale data provided"),
        ("Error: Cannot find package 'react'", "Error: Cannot find package 'next'"),
        ('error: column "kunden" does not exist', 'error: column "leads" does not exist'),
        ("Error: no time zone: required", "Error: no time zone: expired"),
        ("Error: it was an hour late", "Error: it was a day late"),
        ("Error: gave up on attempts", "Error: gave up on retries"),
    ],
)
def test_what_reads_alike_but_is_of_the_code_does(one: str, other: str) -> None:
    assert words(one) != words(other)


ADAPTER = """ ⨯ PrismaClientKnownRequestError: \nInvalid `lead.create()` invocation:\n\n\nUnique constraint failed on the (not available)
    at a (/var/task/1.js:1:1) {
  code: 'P2002',
  meta: {
    modelName: 'Lead',
    driverAdapterError: DriverAdapterError: UniqueConstraintViolation
        at ei.onError (/var/task/1.js:1:1) {
      cause: {
        originalCode: '23505',
        §
      }
    }
  },
  clientVersion: '7.0.1'
}"""
CAUSES = [
    pytest.param("kind: 'UniqueConstraintViolation', constraint: { fields: [ '§' ] }", id="fields"),
    pytest.param(
        "constraint: {\n          fields: [\n            '§'\n          ]\n        }", id="over several lines"
    ),
    pytest.param("kind: 'UniqueConstraintViolation', constraint: { index: 'Lead_§_key' }", id="index"),
    pytest.param(
        "originalMessage: 'duplicate key value violates unique constraint \"Lead_§_key\"', kind: 'x'", id="message"
    ),
]


@pytest.mark.parametrize("cause", CAUSES)
def test_the_constraint_that_a_driver_adapter_names_distinguishes(cause: str) -> None:
    names = ("email", "slug", "phone", "externalId")
    found = [words(ADAPTER.replace("§", cause.replace("§", name))) for name in names]
    assert len(set(found)) == len(names)
    assert all(name in text for name, text in zip(names, found, strict=True))


def test_the_value_that_broke_a_constraint_does_not() -> None:
    cause = "originalMessage: 'Key (email)=(§) already exists'"
    assert words(ADAPTER.replace("§", cause.replace("§", "a@b.de"))) == words(
        ADAPTER.replace("§", cause.replace("§", "c@d.de"))
    )
