"""An error that a logger writes in fields is distinguished like one that Node prints: by class, message, code and names."""

from __future__ import annotations

import json

import pytest

from postdeploy.analysis.fingerprint import named_slots, words

SAID = ("no seats left", "draft is locked", "lead has no owner", "thread was merged")
STACK = "Error: §\\n    at saveLead (/var/task/.next/server/chunks/1.js:1:1)"
EXCEPTION = '"exception.type":"Error","exception.message":"§"'
LINES = [
    pytest.param('level=error msg="action failed" err="§"', id="logfmt: err"),
    pytest.param('level=error msg="§"', id="logfmt: msg"),
    pytest.param('ts=2026-01-01T00:00:00Z level=error event=failed error="§" user=u_17', id="logfmt: error"),
    pytest.param(f'timestamp=2026-01-01T00:00:00Z level=ERROR fiber=#0 message="action failed" cause="{STACK}"', id="effect"),
    pytest.param('[api] save failed err="§"', id="logfmt behind words"),
    pytest.param('{"level":"error","msg":"action failed","err":"§"}', id="json: err"),
    pytest.param('{"level":"error","msg":"action failed","err":"TypeError: §"}', id="json: class and message"),
    pytest.param('{"level":"error","message":"action failed","exception":"§"}', id="json: exception"),
    pytest.param(f'{{"level":"error","message":"action failed","stack":"{STACK}"}}', id="json: stack alone"),
    pytest.param('{"level":"error","message":"action failed","error":"{\\"message\\":\\"§\\"}"}', id="json within json"),
    pytest.param('{"level":"error","message":"action failed","data":{"error":{"message":"§"}}}', id="json: deeper"),
    pytest.param('{"level":50,"msg":"failed","err":{"type":"Error","message":"x","cause":{"message":"§"}}}', id="json: cause"),
    pytest.param('{"level":50,"msg":"failed","errors":[{"message":"§"}]}', id="json: errors"),
    pytest.param(f'{{"level":50,"time":1,"pid":4,"err":{{"type":"Error","message":"§","stack":"{STACK}"}}}}', id="pino"),
    pytest.param('{"message":"failed","error":{"kind":"Error","message":"§"},"status":"error"}', id="datadog"),
    pytest.param('{"message":"failed","exception":{"values":[{"type":"Error","value":"§"}]}}', id="sentry"),
    pytest.param('{"severity":"ERROR","message":"failed","context":{"err":"§"}}', id="google: context"),
    pytest.param('{"severity":"ERROR","jsonPayload":{"message":"failed","err":{"message":"§"}}}', id="google: payload"),
    pytest.param('{"severityText":"ERROR","body":"§"}', id="opentelemetry: body"),
    pytest.param('{"severityText":"ERROR","body":{"stringValue":"§"}}', id="opentelemetry: typed body"),
    pytest.param(f'{{"severityText":"ERROR","body":"failed","attributes":{{{EXCEPTION}}}}}', id="opentelemetry: attributes"),
    pytest.param(
        '{"severityText":"ERROR","attributes":[{"key":"exception.message","value":{"stringValue":"§"}}]}',
        id="opentelemetry: list of attributes",
    ),
    pytest.param(
        '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"ERROR","body":{"stringValue":"§"}}]}]}]}',
        id="opentelemetry: exported",
    ),
    pytest.param(
        '{"resource_logs":[{"scope_logs":[{"log_records":[{"severity_text":"INFO","body":{"stringValue":"x"}},'
        '{"severity_text":"ERROR","body":{"stringValue":"failed"},"attributes":[{"key":"exception.message","value":{"stringValue":"§"}}]}]}]}]}',
        id="opentelemetry: the record that is an error",
    ),
    pytest.param(
        '{"resourceLogs":[{"resource":{"attributes":[]},"instrumentationLibraryLogs":[{"logRecords":[{"body":{"stringValue":"§"},"severityText":"ERROR"}]}]}',
        id="opentelemetry: exported, cut",
    ),
    pytest.param(f'ERROR {{"body":"failed",{EXCEPTION}}}', id="dots behind words"),
    pytest.param('{"@t":"2026-01-01","@mt":"failed","@l":"Error","@x":"System.Exception: §\\n   at A.B()"}', id="serilog"),
    pytest.param('{"version":"1.1","short_message":"failed","full_message":"Error: §","level":3}', id="gelf"),
    pytest.param('{"errorType":"Error","errorMessage":"§","stackTrace":["Error: §","    at a (1.js)"]}', id="lambda"),
    pytest.param('{"level":"ERROR","message":{"errorType":"Error","errorMessage":"§"}}', id="lambda: its own level"),
    pytest.param('{"event":"sync failed","level":"error","exception":"ValueError: §"}', id="structlog"),
    pytest.param('{"event":"failed","exception":[{"exc_type":"ValueError","exc_value":"§","frames":[]}]}', id="structlog: dict"),
    pytest.param('{"0":"failed","1":{"name":"TypeError","message":"§"},"_meta":{"logLevelName":"ERROR"}}', id="tslog"),
    pytest.param('{"data":["failed",{"message":"§"}],"level":{"levelStr":"ERROR"}}', id="log4js"),
    pytest.param('{"message":["failed",{"name":"Error","message":"§"}],"logLevel":"ERROR"}', id="a list as message"),
    pytest.param('{"exceptions":[{"errorClass":"TypeError","message":"§"}]}', id="bugsnag"),
    pytest.param('{"body":{"trace":{"exception":{"class":"TypeError","message":"§"}}}}', id="rollbar"),
    pytest.param('{"level":"error","error.message":"§","error.kind":"Error","error.stack":"Error: §\\n    at a (1.js)"}', id="with dots"),
    pytest.param('{"thrown":{"name":"java.lang.Error","message":"§"},"message":"failed"}', id="log4j"),
    pytest.param('2026-01-01T00:00:00Z\tb1-c2\tERROR\tInvoke Error\t{"errorType":"Error","errorMessage":"§"}', id="lambda: text"),
    pytest.param('error: action failed {"error":{"message":"§"}}', id="winston: simple"),
    pytest.param('Error: action failed because "§"', id="behind because"),
    pytest.param("Action failed { err: '§' }", id="inspect: text"),
    pytest.param("Action failed { err: TypeError: §\n    at a (/var/task/1.js:1:1) }", id="inspect: error"),
    pytest.param('Error: action failed: "§"', id="quoted"),
    pytest.param("Error: action failed: `§`", id="in backticks"),
    pytest.param("Error: '§'", id="quoted as a whole"),
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_four_errors_are_four_wherever_a_logger_writes_them(line: str) -> None:
    assert len({words(line.replace("§", said)) for said in SAID}) == len(SAID)


@pytest.mark.parametrize("line", LINES)
def test_one_error_is_one_whatever_instance_it_names(line: str) -> None:
    assert len({words(line.replace("§", f"lead lead_{n} is locked")) for n in (4, 17, 188, 2001)}) == 1


REQUEST = '"req":{"method":"POST","url":"/","headers":{"user-agent":"Mozilla/5.0 (Macintosh)","accept":"*/*"},"id":7}'


@pytest.mark.parametrize("end", [0, 1, 2, 30, 55])
def test_a_line_that_was_cut_is_read_as_far_as_it_goes(end: int) -> None:
    line = f'{{"level":50,{REQUEST},"err":{{"type":"TypeError","message":"draft is locked","code":"E_LOCK","stack":"TypeError: draft'
    whole = f'{line} is locked\\n    at saveLead (/var/task/1.js:1:1)\\n    at next (/var/task/2.js:1:1)"}}}}'
    assert words(whole[: len(whole) - end]).startswith("TypeError: draft is locked")


def test_what_a_line_says_of_itself_and_of_its_request_does_not_take_the_place_of_the_error() -> None:
    line = f'{{"level":50,"time":1,"pid":4,"hostname":"web-1",{REQUEST},"err":{{"type":"TypeError","message":"x"}},"msg":"save"}}'
    assert words(line) == "save: TypeError: x"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"msg":"Internal Server Error","stack":"Error: Internal Server Error\\n    at loadInbox (/a.js:1:1)"}', "at loadInbox"),
        ('{"message":"Error: Internal Server Error\\n    at loadInbox (/a.js:1:1)"}', "at loadInbox"),
        ('level=error err="Error: Internal Server Error\\n    at loadInbox (/a.js:1:1)"', "at loadInbox"),
        ('{"msg":"save failed","err":{"message":"x","code":"P2002","meta":{"target":["email"]}}}', "code:P2002,meta:{target:[email]"),
        ('{"msg":"load failed","errorClass":"db_error","action":"listLeads"}', "errorClass:db_error,action:listLeads"),
        ('{"level":"error","msg":"save failed","err":"timeout"}', "timeout"),
        ('level=error msg="save failed" err=EPIPE', "EPIPE"),
    ],
)  # fmt: skip
def test_codes_names_and_the_function_of_the_app_are_kept(line: str, said: str) -> None:
    assert said in words(line)


def test_the_class_that_a_minifier_gave_is_left_out() -> None:
    line = '{"msg":"save failed","err":{"type":"§","message":"lead is archived"}}'
    assert words(line.replace("§", "le")) == words(line.replace("§", "aa"))


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ('{"level":"error","workspace":"§","msg":"sync failed","err":{"message":"no seats left"}}', ("Acme", "Globex")),
        ('level=error msg="sync failed" user=§ err="no seats left"', ("anna", "bob")),
        ('{"level":"error","msg":"send failed","body":"Hi §, thanks for the call"}', ("Anna", "Bob")),
        ('{"level":"error","msg":"send failed","attributes":{"name":"§"}}', ("Anna Schmidt", "Bob Meier")),
        ('Error: unknown label: "§"', ("Kunden Nord", "Head of Sales")),
        ('Error: search failed: "§"', ("Kunden Nord", "Head of Sales")),
        ('Error: import failed: "§"', ("Müller & Söhne", "山田太郎商店")),
        ('SyntaxError: "§" is not valid JSON', ("Bad Gateway", "no such lead")),
    ],
)
def test_what_people_wrote_or_are_called_does_not_distinguish(line: str, values: tuple[str, str]) -> None:
    one, other = (words(line.replace("§", value)) for value in values)
    assert one == other


@pytest.mark.parametrize("value", ["Anna Schmidt", "anna.schmidt@acme.de", "Hi Anna, thanks"])
def test_what_people_wrote_in_a_line_of_fields_is_not_shown(value: str) -> None:
    line = json.dumps(
        {"msg": "save failed", "err": {"message": "no seats left", "name": value}, "body": value, "to": value}
    )
    shown = named_slots(words(line), line)
    assert "Anna" not in shown
    assert "anna" not in shown


DEEP = '{"a":' * 3_000


@pytest.mark.parametrize(
    "line", [DEEP, DEEP + "}" * 3_000, '{"' * 8_000, '{"err":"' + '\\"' * 8_000, "a=" * 8_000, 'a="' * 5_000]
)
def test_a_hostile_line_becomes_one_short_line(line: str) -> None:
    assert len(words(line)) <= 240
