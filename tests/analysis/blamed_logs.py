"""Logs of failing requests whose rows say whose trouble it is, each next to one of the build's own."""

from __future__ import annotations

from tests.analysis.misleading_logs import FOUR, thrown
from tests.analysis.strange_logs import PEOPLE, SPREAD, Case, failing, often
from tests.logs.rows import Sent

FETCH = "TypeError: fetch failed"
CAUSE = "  [cause]: Error: {}\n"
INIT = "PrismaClientInitializationError: "
BY = "\n    at x (/var/task/node_modules/{}/dist/index.js:1:1)"
OWN = "\n    at x (/var/task/.next/server/chunks/1.js:1:1)"


def _case(says: str, cause: str, name: str, said: str, extra: str = "", *, warns: str = "") -> Case:
    message = f" ⨯ {said} {{\n{extra}  digest: '31415'\n}}" if "\n    at " in said else thrown(said, 1, extra)
    return Case(name, [*PEOPLE, *often(message)], says, 1, cause, warns)


def _held(name: str, said: str, extra: str = "") -> Case:
    return _case("hold", "database", name, said, extra)


def _auth(name: str, said: str, extra: str = "") -> Case:
    return _case("hold", "auth-service", name, said, extra)


def _setting(name: str, said: str, extra: str = "", warns: str = "") -> Case:
    return _case("fix-environment", "environment", name, said, extra, warns=warns)


def _others(name: str, said: str, extra: str = "", warns: str = "") -> Case:
    return _case("investigate", "server-actions", name, said, extra, warns=warns)


def _code(name: str, said: str, extra: str = "") -> Case:
    return _case("roll-back", "server-actions", name, said, extra)


def postgrest(message: str, details: str = "", code: str = "") -> str:
    """An error object as Supabase's REST client makes it, in Node's print."""
    return f"Error: Failed to load leads: {{\n  message: '{message}',\n  details: '{details}',\n  hint: '',\n  code: '{code}'\n}}"


CAUGHT = "TypeError: fetch failed\\n\\nCaused by: "
SUPABASE = (
    _held("its database times out", postgrest(FETCH, f"{CAUGHT}ConnectTimeoutError: x (UND_ERR_CONNECT_TIMEOUT)")),
    _held("its connection is reset", postgrest(FETCH, f"{CAUGHT}Error: read ECONNRESET (ECONNRESET)")),
    _held(
        "its host has no name",
        postgrest(FETCH, f"{CAUGHT}Error: getaddrinfo ENOTFOUND abcdefgh.supabase.co (ENOTFOUND)"),
    ),
    _held(
        "the same as JSON, cut off",
        f'Error: {{"message":"{FETCH}","details":"{FETCH}\\n    at node:internal/deps/undici',
    ),
    _held(
        "the same with its fields in order",
        'Error: {"code":"","details":"x","hint":"","message":"AbortError: This operation was aborted"}',
    ),
    _held("a read that was aborted", postgrest("AbortError: This operation was aborted")),
    _held("a gateway's text", postgrest("upstream connect error or disconnect/reset before headers")),
    _held("Cloudflare's number", postgrest("error code: 522")),
    _held("in the app's words", "Error: [supabase] leads.select: TypeError: fetch failed"),
    _held("PostgREST by name", f"Error: PostgREST: {FETCH}"),
    _held("its host alone", FETCH, CAUSE.format("getaddrinfo EAI_AGAIN abcdefgh.supabase.co")),
    _held(
        "the storage's database",
        "StorageApiError: The database timed out",
        "  status: 544,\n  statusCode: 'DatabaseTimeout'\n",
    ),
    _held(
        "the storage's pool", "StorageApiError: Timed out acquiring connection from connection pool", "  status: 500,\n"
    ),
    _others(
        "the storage is out of order", "StorageApiError: Internal Server Error", "  status: 500,\n  statusCode: '500'\n"
    ),
    _others("the storage is not reached", f"StorageUnknownError: fetch failed{BY.format('@supabase/storage-js')}"),
    _others("a function's relay", "FunctionsRelayError: Relay Error invoking the Edge Function"),
    _others(
        "a gateway's page",
        "Error: Failed to load: { message: '<html>\\r\\n<head><title>502 Bad Gateway</title></head>' }",
    ),
    _auth("its keys do not come", f"JWKSTimeout: request timed out{BY.format('jose')}", "  code: 'ERR_JWKS_TIMEOUT'\n"),
    _code("an id that is none", postgrest('invalid input syntax for type uuid: \\"undefined\\"', "", "22P02")),
    _code(
        "no row",
        postgrest("JSON object requested, multiple (or no) rows returned", "The result contains 0 rows", "PGRST116"),
    ),
    _code(
        "a row that may not be written",
        postgrest("new row violates row-level security policy for table \\'leads\\'", "", "42501"),
    ),
    _code("a file that is not there", "StorageApiError: Object not found", "  status: 400,\n  statusCode: '404'\n"),
    _code("a function that refuses", "FunctionsHttpError: Edge Function returned a non-2xx status code"),
    _code("a call of the app's that is no Supabase's", FETCH, CAUSE.format("read ECONNRESET")),
    _code("an object of the app's own", f"Error: {{ message: '{FETCH}', status: 1 }}"),
    _code("a page of the app's own", "SyntaxError: Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON"),
    _held(
        "a reason that names its host",
        "FetchError: request to https://abcdefgh.supabase.co/rest/v1/x failed, reason: getaddrinfo ENOTFOUND abcdefgh.supabase.co",
    ),
    _held(
        "Cloudflare's page", "Error: { message: '<!DOCTYPE html><title>abcdefgh.supabase.co | 522: Timed out</title>' }"
    ),
    _others("the storage's gateway", "StorageApiError: Gateway Timeout", "  status: 504,\n"),
    _code(
        "a file that is too large", "StorageApiError: The object exceeded the maximum allowed size", "  status: 413,\n"
    ),
    _code("a key that is there", postgrest("duplicate key value", "Key (id)=(1) already exists.", "23505")),
    _code("an object of the app's own about an abort", "Error: { message: 'AbortError: x', code: 20 }"),
)


def _platform(code: str, status: int, says: str, cause: str, *, warns: str = "") -> Case:
    actions = [Sent(at, "POST", "/", status, f"Error: {code}") for at in SPREAD]
    return Case(f"actions that end with {code}", [*PEOPLE, *actions], says, 1, cause, warns)


def _pages(code: str, status: int, says: str, cause: str) -> Case:
    return Case(
        f"pages that end with {code}", [*PEOPLE, *(Sent(at, "GET", "/", status, code) for at in SPREAD)], says, 0, cause
    )


VERCEL = (
    _platform(
        "INTERNAL_FUNCTION_INVOCATION_FAILED", 500, "investigate", "server-actions", warns="Vercel itself failed"
    ),
    _platform("INTERNAL_EDGE_FUNCTION_INVOCATION_FAILED", 500, "investigate", "server-actions"),
    _platform("INTERNAL_UNEXPECTED_ERROR", 500, "investigate", "server-actions"),
    _platform("INTERNAL_CACHE_LOCK_TIMEOUT", 500, "investigate", "server-actions"),
    _platform("FUNCTION_THROTTLED", 503, "investigate", "server-actions"),
    _platform("ROUTER_EXTERNAL_TARGET_CONNECTION_ERROR", 502, "investigate", "server-actions"),
    _platform("DEPLOYMENT_PAUSED", 503, "fix-environment", "environment", warns="paused"),
    _platform("NO_RESPONSE_FROM_FUNCTION", 502, "roll-back", "server-actions"),
    _platform("INTERNAL_SERVER_ERROR", 500, "roll-back", "server-actions"),
    _pages("INTERNAL_ROUTER_CANNOT_PARSE_PATH", 500, "investigate", "server"),
    _pages("FUNCTION_THROTTLED", 503, "investigate", "server"),
    _pages("DEPLOYMENT_PAUSED", 503, "fix-environment", "environment"),
    _pages("FUNCTION_INVOCATION_FAILED", 500, "roll-back", "function-died"),
    _pages("EDGE_FUNCTION_INVOCATION_TIMEOUT", 504, "roll-back", "function-died"),
    Case(
        "actions that a gateway ended, without a message",
        [*PEOPLE, *(Sent(at, "POST", "/", 522) for at in SPREAD)],
        "investigate",
        1,
        "server-actions",
    ),
    Case(
        "actions that ended otherwise, without a message",
        [*PEOPLE, *(Sent(at, "POST", "/", 500) for at in SPREAD)],
        "roll-back",
        1,
        "server-actions",
    ),
    Case(
        "four errors of the code, and the platform's once",
        [*PEOPLE, *failing(*map(thrown, FOUR), "Error: FUNCTION_THROTTLED")],
        "roll-back",
        5,
        "server-actions",
        "Vercel itself failed",
    ),
)
UNSET = "the address of a service is not set"
ADDRESSES = (
    _setting(
        "a host that is a variable", "Error: getaddrinfo ENOTFOUND undefined", "  hostname: 'undefined',\n", UNSET
    ),
    _setting("a part of it", FETCH, CAUSE.format("getaddrinfo ENOTFOUND undefined.upstash.io"), UNSET),
    _setting("no host", "TypeError: Invalid URL", "  code: 'ERR_INVALID_URL',\n  input: 'https://null/rest/v1'\n"),
    _setting(
        "no host, of another service", "TypeError: Invalid URL", "  input: 'https://undefined/v1/leads',\n", UNSET
    ),
    _setting("no host, in a sentence", "Error: connect ECONNREFUSED: http://undefined/api", "", UNSET),
    _setting("a placeholder", FETCH, CAUSE.format("getaddrinfo ENOTFOUND your-host.example.com"), UNSET),
    _setting("a template's", "Error: GET https://${API_HOST}/v1 failed", "", UNSET),
    _setting("Supabase's example", "Error: getaddrinfo ENOTFOUND your-project.supabase.co"),
    _setting(
        "pg's own host", "Error: getaddrinfo ENOTFOUND base\n    at /var/task/node_modules/pg-pool/index.js:45:11"
    ),
    _setting(
        "the same, as Prisma says it",
        "PrismaClientKnownRequestError: Can't reach database server at base",
        "  code: 'P1001',\n",
    ),
    _setting(
        "pg's undefined host",
        "Error: getaddrinfo ENOTFOUND undefined\n    at /var/task/node_modules/pg-pool/index.js:45:11",
    ),
    _setting("the database on this machine", "Error: connect ECONNREFUSED 127.0.0.1:5432", "  port: 5432\n"),
    _setting("the same by the newer address", "Error: connect ECONNREFUSED ::1:6543"),
    _setting(
        "the same, both",
        "AggregateError [ECONNREFUSED]: ",
        "  [errors]: [\n    Error: connect ECONNREFUSED ::1:5432\n    Error: connect ECONNREFUSED 127.0.0.1:5432\n  ]\n",
    ),
    _setting(
        "the same, as Prisma says it, by name",
        "PrismaClientKnownRequestError: Can't reach database server at `localhost:5432`",
        "  code: 'P1001',\n",
    ),
    _setting(
        "the same, as libpq says it",
        'OperationalError: connection to server at "127.0.0.1", port 5432 failed: Connection refused',
    ),
    _setting("Supabase's own on this machine", FETCH, CAUSE.format("connect ECONNREFUSED 127.0.0.1:54321")),
    _setting("mail on this machine", f"Error: connect ECONNREFUSED 127.0.0.1:587{BY.format('nodemailer')}", "", UNSET),
    _setting("an API on this machine", FETCH, CAUSE.format("connect ECONNREFUSED 127.0.0.1:3000"), UNSET),
    _held("a database at a private address", "Error: connect ECONNREFUSED 10.0.0.5:5432"),
    _held("a database that is called base", "Error: connect ECONNREFUSED base.example.com:5432"),
    _held("a database's name that is gone", "Error: getaddrinfo ENOTFOUND db.abc.supabase.co"),
    _code("a cache on this machine, as its client has it by itself", "Error: connect ECONNREFUSED 127.0.0.1:6379"),
    _code("a value that is undefined", "TypeError: Cannot read properties of undefined (reading 'url')"),
    _code(
        "a website that a lead has not",
        f"{FETCH} for the website of lead 12",
        CAUSE.format("getaddrinfo ENOTFOUND undefined"),
    ),
    _code("a company called null", FETCH, CAUSE.format("getaddrinfo ENOTFOUND nullsoft.com")),
    _code("a company whose name begins like a placeholder", FETCH, CAUSE.format("getaddrinfo ENOTFOUND yourbrand.com")),
    Case(
        "a lead's website on this machine, once",
        [*PEOPLE, *failing(thrown(FETCH, 1, CAUSE.format("connect ECONNREFUSED 127.0.0.1:80")))],
        unique=1,
        warns=UNSET,
    ),
    Case(
        "the database on this machine, and the app answers 200",
        [*PEOPLE, *often("Failed to load: Error: connect ECONNREFUSED 127.0.0.1:5432", status=200)],
        "fix-environment",
        cause="environment",
    ),
    _setting("the database's placeholder", "Error: P1001: Can't reach database server at `your-db-host:5432`"),
    _setting("the database of no machine", "Error: connect ECONNREFUSED 0.0.0.0:5432"),
    _setting(
        "the database on this machine, by the adapter",
        "PrismaClientKnownRequestError: x",
        "  code: 'P1001',\n  meta: { cause: { kind: 'DatabaseNotReachable', host: 'localhost', port: 5432 } },\n",
    ),
    _setting("MongoDB on this machine", "MongoServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017"),
    _held(
        "a host that begins like a placeholder", "Error: P1001: Can't reach database server at `host-1.acme.com:5432`"
    ),
    _code("a page that is crawled", "Error: could not crawl https://undefined/about"),
    _code("a link in a template", "Error: link https://{{company_domain}} in template 12 is invalid"),
)
DATABASES = (
    _setting(
        "Supavisor refuses for a while",
        "error: (ECIRCUITBREAKER) too many authentication failures, new connections are temporarily blocked",
        "  code: 'XX000',\n",
    ),
    *(
        _held(f"Accelerate's {code}", "PrismaClientKnownRequestError: x", f"  code: '{code}',\n")
        for code in ("P5001", "P5006", "P5013", "P6000")
    ),
    _setting(
        "Accelerate's address", "PrismaClientKnownRequestError: Datasource provided is invalid", "  code: 'P5002',\n"
    ),
    _held("a disk without space", 'error: could not write to file "base/pgsql_tmp/x": No space left on device'),
    _held("a table that can't grow", 'error: could not extend file "base/16384/2613": No space left on device'),
    _held(
        "shared memory that can't",
        'error: could not resize shared memory segment "/PostgreSQL.123" to 8 bytes: No space left on device',
    ),
    _others(
        "plans of before a migration",
        "error: cached plan must not change result type",
        "  code: '0A000',\n",
        "renew its connections",
    ),
    _others(
        "the same plans, as Prisma says it",
        'PrismaClientUnknownRequestError: PostgresError { code: "0A000", message: "cached plan must not change result type" }',
    ),
    _code("a disk of the function's", "Error: ENOSPC: no space left on device, write '/tmp/export.csv'"),
    _code(
        "too much is asked of Accelerate",
        "PrismaClientKnownRequestError: Response size of the query exceeded the maximum",
        "  code: 'P6009',\n",
    ),
    _code(
        "a version that Accelerate has not",
        "PrismaClientKnownRequestError: Engine version is not supported",
        "  code: 'P5012',\n",
    ),
    _code("a product's number", "Error: SKU P5006 is out of stock"),
    _code("another feature that is not supported", "error: cannot use a subquery here", "  code: '0A000',\n"),
    _held("a log that can't be written", 'PANIC: could not write to file "pg_wal/xlogtemp.1": No space left on device'),
    _code("a mailbox with a wrong password", "Error: IMAP: too many authentication failures for mailbox 12"),
)
ENGINES = (
    _code("the build lacks the compiler", f"{INIT}The required file `query_compiler_bg.wasm` was not found"),
    _code(
        "an edge that compiles nothing",
        f"{INIT}Query compiler is unable to load: CompileError: WebAssembly.compile(): Wasm code generation disallowed",
    ),
    _code(
        "another system's engine",
        f'{INIT}Prisma Client was generated for "darwin-arm64", but the actual deployment required "rhel-openssl-3.0.x".',
    ),
    _code(
        "a library that is missing",
        f"{INIT}Unable to require(`x.so.node`).\nDetails: libssl.so.10: cannot open shared object file",
    ),
    _code(
        "an adapter for another database",
        f"{INIT}The Driver Adapter `@prisma/adapter-pg`, based on `postgres`, is not compatible with the provider `mysql`",
    ),
    _code("an engine that is none", f"{INIT}Invalid client engine type, please use `library` or `binary`"),
    _code("two versions", f"{INIT}Query Engine and client are of different versions"),
    _setting(
        "a variable that is missing",
        f"{INIT}error: Environment variable not found: DATABASE_URL.\n  -->  schema.prisma:7",
    ),
    _setting("a password that is wrong", f"{INIT}Authentication failed against database server"),
    _setting("a tenant that is unknown", f"{INIT}FATAL: Tenant or user not found"),
    _setting(
        "a password that is wrong, in a build with a compiler",
        f"{INIT}Authentication failed\n    at x (/var/task/node_modules/.prisma/client/query_compiler_bg.js:1:1)",
    ),
    _code("a schema that was not packed", f"{INIT}Could not find mandatory file schema.prisma at /var/task"),
    _code("an engine that was not packed", f"{INIT}ENOENT: no such file or directory, open '/x/query_engine_bg.wasm'"),
    _code("an engine that does not start", f"{INIT}Query engine exited with code 127: version `GLIBC_2.28' not found"),
    _setting("an address that is empty", f"{INIT}The environment variable `DATABASE_URL` resolved to an empty string."),
)
SERVICES = (
    _others(
        "Gemini is overloaded",
        'ApiError: {"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}',
        "  status: 503\n",
    ),
    _others(
        "a client of AWS",
        "ServiceUnavailableException: x",
        "  '$fault': 'server',\n  '$metadata': { httpStatusCode: 503 }\n",
    ),
    _others(
        "a client that no list names", f"FirecrawlError: Unexpected error. Status code: 502{BY.format('firecrawl')}"
    ),
    _others("one by its field", f"ServerError: x{BY.format('@sanity/client')}", "  statusCode: 503,\n"),
    _others("one by its words", f"LiveblocksError: Service Unavailable{BY.format('@liveblocks/node')}"),
    _others(
        "one behind a frame of Node's",
        f"Error: Request failed with status code 503\n    at process.processTicksAndRejections (node:x:1:1){BY.format('@novu/node')}",
    ),
    _others(
        "one in another layout", f"Error: Unexpected status code 503{BY.format('.pnpm/pusher@5/node_modules/pusher')}"
    ),
    _others("a gateway of a queue", "QstashError: upstream connect error or disconnect/reset before headers"),
    _others(
        "a configuration of Vercel's",
        "Error: @vercel/edge-config: Unexpected error due to response with status code 503",
    ),
    _setting(
        "a credit card",
        "GatewayInternalServerError: AI Gateway requires a valid credit card on file to service requests.",
    ),
    _setting("a day's limit", "QstashDailyRatelimitError: Exceeded daily rate limit."),
    _setting(
        "a token of a store", "Error: Vercel Blob: Access denied, please provide a valid token for this resource."
    ),
    _code("a 503 of the app's own", f"HttpError: Service Unavailable{OWN}", "  status: 503,\n"),
    _code(
        "the same, made by a package for errors",
        f"ServiceUnavailableError: Service Unavailable{BY.format('http-errors')}{OWN}",
        "  statusCode: 503,\n",
    ),
    _code("the same, in a frame of the framework", f"Error: failed with status 503{BY.format('next')}"),
    _code(
        "an address of the app's own, by a client of HTTP",
        f"AxiosError: Request failed with status code 503{BY.format('axios')}",
        "  config: { url: '/api/leads' },\n",
    ),
    _code(
        "an error of the app in what a client calls back", f"Error: failed with status 503{OWN}{BY.format('inquirer')}"
    ),
    _code(
        "a client that refuses what it is sent",
        f"ValidationException: bad{BY.format('@aws-sdk/client-ses')}",
        "  '$fault': 'client',\n",
    ),
    _code("a client that finds nothing", f"FirecrawlError: Status code: 404{BY.format('firecrawl')}"),
    _others("one that calls by gRPC", f"Error: 14 UNAVAILABLE: No connection established.{BY.format('@grpc/grpc-js')}"),
    _others(
        "one by its status alone",
        f"Error: Internal Server Error{BY.format('@mailchimp/transactional')}",
        "  status: 500,\n",
    ),
    _setting(
        "a key that a client's service refuses", f"PusherRequestError: Unexpected status code 401{BY.format('pusher')}"
    ),
    _setting("a bill that is not paid", f"Error: 402 Payment required{BY.format('together-ai')}"),
    _code("a day's report", "DailyReportError: no rows"),
    _code(
        "a process of the function's own", f"Error: connect ECONNREFUSED 127.0.0.1:9222{BY.format('puppeteer-core')}"
    ),
    _code("a range of 500", f"RangeError: at most 500 items{BY.format('pusher')}"),
    _code("an answer to a sign-in", f"Error: responded with status 500{BY.format('next-auth')}"),
)
WORDS = (
    _code("an OAuth of Gmail's", "Error: [auth] Gmail OAuth token refresh timed out"),
    _code("a session at LinkedIn", "Error: unipile.getSession timed out after 10000 ms"),
    _others("a CRM's auth service", "Error: HubSpot auth service responded with 503"),
    _auth("ours", "Error: [auth] getUser timed out after 8000 ms"),
    _auth("ours, by its name", "Error: auth service responded 503"),
    _code("a customer's MySQL", "Error: customer site: no database connection (connect ECONNREFUSED 203.0.113.5:3306)"),
    _code("a base of Airtable's", "Error: Airtable base: too many connections to database"),
    _others("a database of leads", "Error: lead database of Apollo is unavailable: 503 Service Unavailable"),
    _code("a database of Notion's", "Error: Notion database 12: read ECONNRESET"),
    _held("ours, without more", "Error: could not load from the database: read ECONNRESET"),
    _held("ours, while a CRM is synced", "Error: [hubspot] sync: database: connect ECONNREFUSED 10.0.0.5:5432"),
    _held("ours, for a webhook", "Error: webhook could not reach the database: read ECONNRESET"),
    _code("a database of HubSpot's", "Error: HubSpot database: read ECONNRESET"),
    _auth("ours, in a session", "Error: session refresh: auth api timed out"),
    _code("a messenger's auth service", "Error: Slack auth service timed out"),
)


def _piped(name: str, cause: str, says: str = "roll-back", unique: int = 1) -> Case:
    said = f" ⨯ Error: failed to pipe response\n    at async x (1) {{\n  [cause]: {cause}\n}}"
    cause = "server-actions" if says == "roll-back" else ""
    return Case(name, [*PEOPLE, *often(said)], says, unique, cause, "" if unique else "clients left")


READERS = (
    _piped(
        "a time-out of the app's own",
        "Error [AbortError]: Request to OpenAI was aborted after 30000 ms\n      at y (/var/task/node_modules/openai/client.js:1:1)",
    ),
    _piped(
        "a generic one, in a call of the app's",
        "DOMException [AbortError]: This operation was aborted\n      at y (/var/task/.next/server/chunks/1.js:1:1)",
    ),
    _piped(
        "an error of the code, and an abort behind it",
        "TypeError: e.map is not a function\n      at a (1.js:1:1) {\n    [cause]: AbortError: x\n  }",
    ),
    _piped(
        "a reader who left, by an abort",
        "Error [AbortError]: The operation was aborted\n      at y (node:internal/streams/pipeline:1:1)",
        "pass",
        0,
    ),
    _piped(
        "a reader who left, by Next's frame",
        "AbortError: This operation was aborted\n      at y (/var/task/node_modules/next/dist/server/pipe-readable.js:88:9)",
        "pass",
        0,
    ),
    _piped("a reader who left, without frames", "Error [AbortError]: The operation was aborted", "pass", 0),
)

KEYS = (
    _setting("a private key that is no PEM", "Error: error:1E08010C:DECODER routines::unsupported"),
    _setting("the same by an older OpenSSL", "Error: error:0909006C:PEM routines:get_name:no start line"),
    _setting(
        "a secret where a private key is due", "Error: secretOrPrivateKey must be an asymmetric key when using RS256"
    ),
    _setting(
        "an HMAC without its key",
        'TypeError: The "key" argument must be of type string or an instance of Buffer. Received undefined',
    ),
    _setting(
        "a token without its key",
        "TypeError: Key must be one of type KeyObject, CryptoKey, or Uint8Array. Received undefined",
    ),
    _code("a key of the wrong length", "RangeError: Invalid key length"),
    _code("another argument is undefined", 'TypeError: The "path" argument must be of type string. Received undefined'),
    _code(
        "a key of another kind", 'TypeError: The "key" argument must be of type string. Received an instance of Lead'
    ),
    _code("the app's client that is none", 'Error: Invalid client id "undefined" in getClients'),
    _code("a grant of the app's", "Error: invalid grant: scope is not an array"),
    _code("the type of a grant", "ZodError: invalid_grant_type"),
    _code("a key's shape", "TypeError: unknown api key shape"),
    _code("a lead's number is a code of Twilio's", "Error: lead 20003 has no owner"),
    _code("a class that is no export", "SyntaxError: ExpiredTokenView is not exported"),
    _setting("Twilio's code", "RestException: code: 20003, Authenticate"),
    _setting("a grant that was revoked", "Error: invalid_grant"),
    _code("a function that is none, named like an outage", "TypeError: planLimitReached is not a function"),
    _code("a class that is none, of the auth client's", "TypeError: AuthRetryableFetchError is not a constructor"),
    _code("a variable that is none", "ReferenceError: auth_timeout is not defined"),
    _code("a constant like Vercel's codes", "ReferenceError: INTERNAL_CACHE_KEY is not defined"),
    _code("what does not decrypt", "Error: Unsupported state or unable to authenticate data"),
)
CASES = (*KEYS, *SUPABASE, *VERCEL, *ADDRESSES, *DATABASES, *ENGINES, *SERVICES, *WORDS, *READERS)
