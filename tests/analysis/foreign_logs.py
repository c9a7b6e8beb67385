"""Logs of clients that left, of texts of people and models, and of other products, each next to one in which the app itself is meant."""

from __future__ import annotations

import json

from tests.analysis.misleading_logs import FOUR, thrown
from tests.analysis.named_logs import CRON, OUTAGE, postgres
from tests.analysis.strange_logs import PEOPLE, SPREAD, Case, failing, line, often
from tests.logs.rows import Sent, command_line_64

LEFT = "clients left"
REFUSED = "another service refuses"
PAGES = ("/", "/leads", "/settings", "/campaigns")
PIPED_ABORT = (
    " ⨯ Error [AbortError]: The operation was aborted\n    at y (1)\n"
    "    at z (/var/task/node_modules/next/dist/server/pipe-readable.js:88:9)"
)


def aborted(more: str = "") -> str:
    return (
        " ⨯ Error: aborted\n    at abortIncoming (node:_http_server:838:17)\n"
        f"    at socketOnClose (node:_http_server:832:3) {{\n  code: 'ECONNRESET'{more}\n}}"
    )


PIPED = " ⨯ Error: failed to pipe response\n    at async x (1) {{\n  [cause]: {cause}\n    at a (1)\n}}"


def _left(name: str, *said: str, says: str = "pass", unique: int = 0, warns: str = LEFT, **more: object) -> Case:
    sent = [Sent(20 + 60 * n, "POST", path, 500, said[n % len(said)]) for n, path in enumerate(PAGES)]
    return Case(name, [*PEOPLE, *sent], says, unique, "server-actions" if says == "roll-back" else "", warns, **more)  # type: ignore[arg-type]


CLIENTS = (
    _left("requests that people aborted", aborted()),
    _left(
        "the same, from the command line",
        aborted(",\n  digest: '123'"),
        write=command_line_64,
    ),
    _left(
        "the same with Node's own frame",
        " ⨯ Error: aborted\n    at connResetException (node:internal/errors:720:14)\n    at abortIncoming (node:_http_server:781:17)",
    ),
    _left("Next's name of it", " ⨯ Error [ResponseAborted]: \n    at x (1) {\n  digest: '1'\n}"),
    _left(
        "answers whose reader left",
        PIPED.format(cause="[ResponseAborted: ]"),
        PIPED.format(cause="Error [ERR_STREAM_PREMATURE_CLOSE]: Premature close"),
        " ⨯ Error [ERR_STREAM_PREMATURE_CLOSE]: Premature close\n    at ServerResponse.onclose (node:internal/streams:162:30)",
        PIPED_ABORT,
    ),
    _left(
        "calls of the app that were reset",
        *(
            thrown(f"TypeError: fetch failed [{step}]", 1, f"  [cause]: Error: read ECONNRESET {host}\n")
            for step, host in (("a", "api.hubapi.com"), ("b", "api.attio.com"), ("c", "api.clay.com"), ("d", "x.dev"))
        ),
        says="roll-back",
        unique=4,
        warns="",
    ),
    Case(
        "the database's connection was reset",
        [*PEOPLE, *often("Error: read ECONNRESET\n    at x (/var/task/node_modules/pg/lib/client.js:1:2)")],
        "hold",
        1,
        "database",
    ),
    _left(
        "errors of the code in what an abort set off",
        *(f" ⨯ {one}\n    at onAborted (a.js:1:2)\n    at abortIncoming (node:_http_server:838:17)" for one in FOUR),
        says="roll-back",
        unique=4,
        warns="",
    ),
    Case(
        "a request that was aborted, and an error of the code in it",
        [
            *PEOPLE,
            *(Sent(20 + 60 * n, "POST", "/", 500, thrown(one), line=aborted()) for n, one in enumerate(FOUR)),
        ],
        "roll-back",
        4,
        "server-actions",
    ),
)


def _wrote(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, line(99, said, "/api/webhooks/inbound")], warns="no signal explains")


def _outage(name: str, said: str, level: str = "error") -> Case:
    rows = (line(at, said, "/api/inbox/counts", level=level, method="GET") for at in SPREAD)
    return Case(name, [*PEOPLE, *rows], "hold", cause="database")


def _missing(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, line(99, said, CRON)], "fix-environment", cause="environment")


UNSET = "DATABASE_URL is not set"
FIELDS = (
    *("input", "output", "query", "q", "response", "payload", "title", "notes", "summary", "value", "chunk", "draft"),
    *("excerpt", "caption", "bodyText", "body_plain", "TextBody", "userMessage", "latest_reply", "stripped-text"),
    *("emailHTML", "data.comment", "lastInboundMessage", "CONTENT", "replies"),
)
OF_THE_APP = (
    "msg",
    "message",
    "error",
    "err",
    "reason",
    "cause",
    "detail",
    "errorText",
    "error_message",
    "originalMessage",
    "textPayload",
)
LETTERS = {
    "German": "Sehr geehrte Damen und Herren, {}",
    "German, of every day": "Guten Tag, {}",
    "Italian": "Buongiorno, {}",
    "Portuguese": "Olá, {}",
    "Dutch": "Beste Anna, {}",
    "Spanish": "Estimado equipo: {}",
    "Chinese": "您好,{}",
    "Polish": "Dzień dobry, {}",
    "Japanese": "お世話になっております。{}",
    "Russian": "Здравствуйте! {}",
    "Russian, to friends": "привет, {}",
    "Turkish": "Merhaba, {}",
    "English": "hi there, {}",
    "HTML": "<p>Hi, <b>{}</b></p>",
    "HTML of two lines": '<div dir="auto">Good morning</div>\n<div>{}</div>',
    "Markdown": "> {}\n> Best, Anna",
    "nested quotes": "\n> > {}",
}
TEXTS = (
    *(_wrote(f"a field {name}", json.dumps({"level": "error", "msg": "refused", name: UNSET})) for name in FIELDS),
    *(_missing(f"… and {name}, the app's own", json.dumps({"level": "error", name: UNSET})) for name in OF_THE_APP),
    *(
        _wrote(f"a letter, {name}", f"[inbound] could not thread mail: {said.format(UNSET)}")
        for name, said in LETTERS.items()
    ),
    _wrote("a field of Twilio's", f"[twilio] failed From=x&Body={UNSET}&To=y"),
    _wrote("a text of two lines", f"failed {{\n  body: 'Hi,\\n' +\n    '{UNSET}',\n  id: 1\n}}"),
    _wrote("a text with both quotation marks", f'failed {{ body: `it\'s "so": {UNSET}` }}'),
    _wrote("a list of texts", f"failed {{ notes: [ 'a', '{UNSET}' ], id: 1 }}"),
    _wrote("a letter in the middle of a sentence", f"no category for message Hallo, bei uns {UNSET}"),
    _wrote("JSON in JSON, with a quotation", json.dumps({"msg": json.dumps({"body": f'"so": {UNSET}'})})),
    Case(
        "a model's answer that was refused",
        [
            *PEOPLE,
            *failing(
                thrown(
                    "BadRequestError: 400 The response was filtered due to content management policy: "
                    "'relation \"users\" does not exist'"
                )
            ),
        ],
        unique=1,
    ),
    Case(
        "an outage behind a letter in quotation marks",
        [*PEOPLE, *often(f'Error: cannot send "Hi Anna, how are you?": {OUTAGE}')],
        "hold",
        1,
        "database",
    ),
    Case(
        "an outage next to a text",
        [*PEOPLE, *often("Error: cannot send { body: 'Hi', note: \"it's\", code: 'P1001' }")],
        "hold",
        1,
        "database",
    ),
    _outage("an outage in a line of JSON", json.dumps({"level": "error", "msg": OUTAGE, "body": "Hi"}), "info"),
    _missing(
        "an address that lacks a variable", "TypeError: Invalid URL { code: 'ERR_INVALID_URL', input: 'undefined/api' }"
    ),
    _wrote(
        "a database that a person names", "Error: connect ECONNREFUSED 10.1.1.1:5000 { body: 'our postgres database' }"
    ),
)


def _schema(name: str, said: str, says: str = "fix-forward") -> Case:
    return Case(name, [*PEOPLE, *failing(thrown(said))], says, 1, "schema" if says == "fix-forward" else "")


PRODUCTS = (
    _schema("a board's column", 'Error: Monday API: column "status7" does not exist on board 123', "pass"),
    _schema("a sheet's table", 'GaxiosError: Unable to parse range: table "Leads" does not exist', "pass"),
    _schema("a CRM's type", 'Error: HTTP-Code: 400 type "p123_custom" does not exist', "pass"),
    _schema("a warehouse's table", "Error: Snowflake: table analytics.events does not exist", "pass"),
    _schema("a column of ours that is called like a CRM", 'Error: column "hubspot_id" does not exist'),
    _schema(
        "a column of ours, in a query that names others",
        'Error: select "id" from "leads" where "stripe_id" = $1 - column leads.tier does not exist',
    ),
    _schema("a table of ours, while a CRM is synced", 'Error: [hubspot] sync: relation "stripe_events" does not exist'),
    _schema("a column of ours, as pg says it", 'Error: [stripe] failed: error: column "score" does not exist'),
    _schema("Prisma's own words", "Error: The column `leads.hubspot_id` does not exist in the current database."),
    _schema(
        "PostgREST's own", "Error: PGRST204: Could not find the 'hubspot_id' column of 'leads' in the schema cache"
    ),
)

PGJS = "Error: write {}\n    at x (/var/task/node_modules/postgres/src/connection.js:790:11)"


def _held(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *often(said)], "hold", 1, "database")


def _elsewhere(name: str, said: str) -> Case:
    rows = (line(at, said, CRON, method="GET") for at in range(60, 560, 60))
    return Case(name, [*PEOPLE, *rows], warns="no signal explains")


OUTAGES = (
    _held("postgres.js, on any port", PGJS.format("CONNECT_TIMEOUT db.internal.acme.com:5433")),
    _held("postgres.js, closed", PGJS.format("CONNECTION_CLOSED private-db.b.db.ondigitalocean.com:25060")),
    _held("postgres.js, ended", PGJS.format("CONNECTION_ENDED undefined:undefined")),
    _held("postgres.js, by its code", "PostgresError: x { code: 'CONNECTION_DESTROYED' }"),
    _held(
        "a broken pipe to the database",
        "Error: write EPIPE\n    at x (/var/task/node_modules/pg/lib/connection.js:1:1)",
    ),
    _held("a replica's conflict", postgres("canceling statement due to conflict with recovery", "40001")),
    _held("Accelerate's plan is used up", thrown("PrismaClientKnownRequestError: x", 1, "  code: 'P6003',\n")),
    _held("Accelerate has too many requests", thrown("PrismaClientKnownRequestError: x", 1, "  code: 'P5011',\n")),
    _held("a hold on the account", thrown("Error: There is a hold on your account. Reason: planLimitReached.")),
    _held(
        "Neon is switched off",
        thrown("NeonDbError: The endpoint has been disabled. Enable it using Neon API and retry."),
    ),
    _elsewhere("a mailbox's connection is closed", "Error: CONNECTION_CLOSED by imap.gmail.com:993"),
    _elsewhere(
        "a broken pipe to elsewhere", "Error: write EPIPE\n    at WriteWrap.onWriteComplete (node:internal/x:1:1)"
    ),
    _elsewhere("a customer's endpoint is switched off", "Error: The webhook endpoint has been disabled"),
    _elsewhere("a person who stops a statement", postgres("canceling statement due to user request")),
    _elsewhere("a part that is numbered so", "Error: SKU P6003 is out of stock"),
)


def _key(name: str, said: str, extra: str = "") -> Case:
    return Case(name, [*PEOPLE, *often(thrown(said, 1, extra))], "fix-environment", 1, "environment", REFUSED)


def _code(name: str, said: str, extra: str = "", warns: str = "") -> Case:
    return Case(name, [*PEOPLE, *often(thrown(said, 1, extra))], "roll-back", 1, "server-actions", warns)


CLERK = "  clerkError: true,\n  status: 401,\n  errors: [ { code: 'secret_key_invalid', message: 'x' } ],\n"
SENDGRID = "\n    at x (/var/task/node_modules/@sendgrid/client/src/classes/client.js:1:1)"
KEYS = (
    _key("Clerk refuses the key", "ClerkAPIResponseError: Unauthorized", CLERK),
    _key("Slack refuses the token", "Error: An API error occurred: invalid_auth"),
    _key("Slack's token is revoked", "Error: An API error occurred: token_revoked"),
    _key("GitHub refuses the token", "HttpError: Bad credentials - https://docs.github.com/rest", "  status: 401,\n"),
    _key("HubSpot's client", "Error: HTTP-Code: 401\nMessage: Unauthorized"),
    _key("HubSpot, in the app's words", "Error: HubSpot API responded with 401"),
    _key(
        "axios, of a CRM",
        "AxiosError: Request failed with status code 401",
        "  config: { url: 'https://api.attio.com/v2' },\n",
    ),
    _key("SendGrid's client, by its frame", f"ResponseError: Unauthorized{SENDGRID}", "  code: 401,\n"),
    _key("Supabase's storage", "StorageApiError: signature verification failed"),
    _key("PostgREST's keys", "Error: No suitable key or wrong key type", "  code: 'PGRST301',\n"),
    _key("Inngest refuses the key", "Error: Inngest API Error: 401 Event key not found"),
    _key(
        "OpenAI's quota is used up",
        "RateLimitError: 429 You exceeded your current quota",
        "  code: 'insufficient_quota',\n",
    ),
    _key(
        "Anthropic's credit is used up",
        'BadRequestError: 400 {"message":"Your credit balance is too low to access the API"}',
    ),
    _key("Upstash's limit is reached", "UpstashError: ERR max daily request limit exceeded. Limit: 10000"),
    _key("Resend's limit is reached", "Error: You have reached your quota.", "  name: 'daily_quota_exceeded',\n"),
    _key(
        "a payment is due", "ApiError: Request to https://api.replicate.com/v1 failed with status 402 Payment Required"
    ),
    _code("the app's own refusal", "Error: Unauthorized", "  status: 401,\n"),
    _code(
        "the app's own refusal, in a function about payments",
        "Error: Unauthorized\n    at chargeStripe (/var/task/.next/server/app/api/stripe/route.js:1:2)",
        "  status: 401,\n",
    ),
    _code("a person's signature", "JWSSignatureVerificationFailed: signature verification failed"),
    _code("a service that refuses what the code sends", "Error: HubSpot API responded with 400: unknown property"),
    _code("a customer's card", "StripeCardError: Your card has insufficient funds.", "  statusCode: 402,\n"),
    _code("a workspace without credits", "Error: insufficient credits left in workspace 12"),
    _code("a mailbox's limit", "Error: mailbox 12: Gmail daily sending limit reached"),
    _code("a person without permission", "Error: Unauthorized access to the Stripe settings"),
    _code("too many requests by the code", "Error: HubSpot API responded with 429"),
    Case(
        "a key that is refused, and fails nothing",
        [*PEOPLE, line(99, "[slack] post failed: token_revoked", CRON)],
        warns=REFUSED,
    ),
    Case(
        "four errors of the code, and a customer's key",
        [*PEOPLE, *failing(*map(thrown, FOUR), thrown("Error: An API error occurred: token_revoked"))],
        "roll-back",
        5,
        "server-actions",
        REFUSED,
    ),
)


def _down(name: str, said: str, extra: str = "") -> Case:
    return Case(name, [*PEOPLE, *often(thrown(said, 1, extra))], "investigate", 1, "server-actions", "out of order")


SERVICES = (
    _down("OpenAI is overloaded", "InternalServerError: 503 The server is overloaded or not ready yet."),
    _down("a CRM is out of order", "Error: HubSpot API responded with 502"),
    _down(
        "axios, of a CRM",
        "AxiosError: Request failed with status code 503",
        "  config: { baseURL: 'https://api.attio.com' },\n",
    ),
    _down(
        "a certificate has expired",
        "TypeError: fetch failed",
        "  [cause]: Error: x {\n    code: 'CERT_HAS_EXPIRED'\n  },\n",
    ),
    _code("a route of the app's own", "Error: fetch of /api/leads failed with status 500"),
    _code("a service that names a number", "Error: HubSpot returned list 500"),
    Case(
        "the database's certificate has expired",
        [*PEOPLE, *often(thrown("Error: certificate has expired: postgres", 1, "  code: 'CERT_HAS_EXPIRED',\n"))],
        "fix-environment",
        1,
        "environment",
    ),
    Case(
        "four errors of the code, and a service that is out of order once",
        [*PEOPLE, *failing(*map(thrown, FOUR), thrown("Error: HubSpot API responded with 502"))],
        "roll-back",
        5,
        "server-actions",
    ),
)


def _setting(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *failing(thrown(said))], "fix-environment", 1, "environment")


def _data(name: str, said: str) -> Case:
    return Case(name, [*PEOPLE, *failing(thrown(said))], unique=1)


SETTINGS = (
    _setting(
        "Zod's flattened errors", "Error: Environment validation failed: { STRIPE_WEBHOOK_SECRET: [ 'Required' ] }"
    ),
    _setting(
        "the same without a title",
        "Error: { RESEND_API_KEY: [ 'Invalid input: expected string, received undefined' ] }",
    ),
    _setting(
        "znv's",
        "Error: Errors found while parsing environment:\n  [DATABASE_URL]:\n    Invalid input: expected string, received undefined",
    ),
    _setting("Clerk lacks its other key", "Error: @clerk/nextjs: Missing publishableKey."),
    _setting("Clerk's key is not one", "Error: The publishableKey passed to Clerk is invalid. (key=undefined)"),
    _setting("Inngest's", "Error: No signing key found in client options or INNGEST_SIGNING_KEY env var."),
    _setting(
        "Upstash's",
        'UrlError: Upstash Redis client was passed an invalid URL. You should pass another. Received: "undefined".',
    ),
    _setting("PostHog's", "Error: [PostHog] You must pass your PostHog project's api key."),
    _setting("in German", "Error: Umgebungsvariable RESEND_API_KEY fehlt"),
    _setting("in German, the other way round", "Error: Umgebungsvariable fehlt: RESEND_API_KEY"),
    _setting("in French", "Erreur: la variable d'environnement RESEND_API_KEY est manquante"),
    _setting("in Spanish", "Error: falta la variable de entorno RESEND_API_KEY"),
    _setting("Supabase knows no such key", "Error: Unregistered API key"),
    Case(
        "Supabase's key is refused, and the app answers 200",
        [
            *PEOPLE,
            line(99, "Failed to fetch: { hint: 'Double check your Supabase `anon` or `service_role` API key.' }"),
        ],
        "fix-environment",
        cause="environment",
    ),
    _data("a form's field", "Error: Validation failed: { title: [ 'Required' ] }"),
    _data("a field of a lead", "Error: Validation failed: { LEAD_SOURCE: [ 'Required' ] }"),
    _data("a person's token", "Error: Validation failed: { SESSION_TOKEN: [ 'Required' ] }"),
    _data("a column of a file", "Error: column API_KEY: Required"),
    _data("a lead's website", 'Error: lead 12 has an invalid URL. Received: "undefined"'),
    _data("a key that a customer has not entered", "Error: workspace 12 has no signing key"),
    _data("a German sentence", "Error: Umgebungsvariablen sind hier nicht erlaubt"),
    _data("a German field", "Error: Das Feld Nachname fehlt"),
)

CASES = (*CLIENTS, *TEXTS, *PRODUCTS, *OUTAGES, *KEYS, *SERVICES, *SETTINGS)
