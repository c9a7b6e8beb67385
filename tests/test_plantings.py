"""Thousands of plantings of secrets and personal data in log messages (kinds, encodings, places): nothing of them is shown or written.

Two scanners that know nothing of the redactor: one decodes what was written and looks for what was planted, one is detect-secrets.
"""

from __future__ import annotations

import base64
import contextlib
import io
import itertools
import json
import re
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from postdeploy.analysis import log_diff, saved_logs
from postdeploy.analysis.correlation import Link, Strength
from postdeploy.analysis.fingerprint import words
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.cli import logs
from postdeploy.gate import notification
from postdeploy.logs.entry import LogEntry
from postdeploy.model import EvidenceKind, Outcome, evidence_lines
from postdeploy.model import Sent as Request
from postdeploy.record.document import VERDICT
from postdeploy.record.reading import read_file
from postdeploy.redaction import Redactor, blot
from postdeploy.report import allure, incident_note, note_file, terminal, writing
from postdeploy.report.html import writing as html_writing
from postdeploy.runbook.reading import read_runbook
from postdeploy.verdict.decision import Facts, judge
from tests.logs.rows import TODAY, Sent, export_lines, rows
from tests.report import samples
from tests.scanner import scanned, survivors

UNKNOWN = {
    "stripe": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "openai": "sk-proj-Xy9zAbCdEfGhIjKlMnOpQrStUv",
    "slack": "xoxb-1234567890-abcdefghijkl",
    "github": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "twilio": "SK0123456789abcdef0123456789abcdef",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "iban": "DE89370400440532013000",
    "iban with spaces": "DE89 3704 0044 0532 0130 00",
    "card": "4111111111111111",
    "card with spaces": "4111 1111 1111 1111",
    "phone": "+49 151 23456789",
    "anthropic": "sk-ant-api03-Zz81kdPPqaKb3xQ9ZpLm",
    "domestic phone": "0151 23456789",
    "us phone": "(415) 555-0134",
    "e-mail": "ada.lovelace@example.com",
    "uuid": "0b8f7c5e-1111-4222-8333-123456789abc",
    "ip": "203.0.113.77",
    "database": "postgresql://app:pw9xk@db.example.com:6543/x",
    "basic": "Basic YWRhOmh1bnRlcjI9",
    "private key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----",
    "gitlab": "glpat-zY8xW7vU6tS5rQ4pO3nM",
    "npm": "npm_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5",
    "pypi": "pypi-AgEIcHlwaS5vcmcCJDU3OTM1MjliLWIyYTct",
    "sendgrid": "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",
    "mailchimp": "343ea45721923ed956e2b38c31db76aa-us30",
    "mailgun": "key-3a6b29cd6fd54ac373e0bfa1d2c4e5f6",
    "telegram": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawq",
    "square": "sq0csp-ABCDEFGHIJK_LMNOPQRSTUVWXYZ-0123456789abcde",
    "discord": "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs",
    "artifactory": "AKCp8budTFpbypBqQbGJPz3pGCi28pPivfWczqjfYb9drAmd9LbRZbj6UpKFxJXA8ksWGc9fM",
    "azure": "lJzRc1YdHaAA2KCNJJ1tkYwF/+mKK6Ygw0NGe170Xu592euJv2wYUtBlV8z+qnlcNQSnIYVTkLWntUO1F8j8rQ==",
    "grafana": "glsa_HOruNAb7SOiCdshU9algkrq7FDsNSLAa_55e2f8be",
    "vault": "hvs.CAESIJZ4aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
    "shopify": "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",
    "sentry": "sntrys_eyJpYXQiOjE2OTI2MjI0NzUuMjQwOTc1LCJ1cmwiOm51bGx9",
    "supabase": "sbp_0102030405060708090a0b0c0d0e0f1011121314",
    "digitalocean": "dop_v1_a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6",
    "databricks": "dapi0123456789abcdef0123456789abcdef",
    "brevo": "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",
    "linear": "lin_api_aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7b",
    "resend": "re_AbCd1234_EfGhIjKlMnOpQrStUvWxYz01",
    "google oauth": "ya29.a0AfB_byC1d2E3f4G5h6I7j8K9l0M1n2O3p4",
}
LOGS = 14
"""So many that none of them has more incidents than a report lists."""
ROUTES = list(
    itertools.product(
        ("leads", "mail", "inbox", "settings", "search", "tasks", "import", "export", "report", "rules"), repeat=4
    )
)
KNOWN = ("hunter2hunter2", "p@ss/w0rd+x!", "kdQ8#zz_Lm41", "correct-horse")
REQUEST = Request("POST", "/", 0, 500, "r-1-1", failed=True)
PLANTED = (*UNKNOWN.values(), *KNOWN)
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": lambda v: urllib.parse.quote(v, safe=""),
    "url twice": lambda v: urllib.parse.quote(urllib.parse.quote(v, safe=""), safe=""),
    "json": lambda v: json.dumps(v)[1:-1],
    "json twice": lambda v: json.dumps(json.dumps(v)[1:-1])[1:-1],
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64 at 1": lambda v: base64.b64encode(b"u" + v.encode() + b":x").decode(),
    "base64 at 2": lambda v: base64.b64encode(b"u:" + v.encode() + b":xy").decode(),
    "base64 url": lambda v: base64.urlsafe_b64encode(b"ab:" + v.encode()).decode(),
    "hex": lambda v: v.encode().hex(),
    "HEX": lambda v: v.encode().hex().upper(),
    "u": lambda v: "".join(f"\\u{ord(c):04x}" for c in v),
    "over lines": lambda v: f"{v[:5]}\n{v[5:]}",
    "zero width": lambda v: f"{v[:4]}\u200b{v[4:]}",
    "coloured": lambda v: f"{v[:4]}\x1b[1m{v[4:]}",
}
PLACES = (
    "Error: call failed with {}",
    "Error: token={} was refused",
    'Error: {{"password":"{}"}} is not valid',
    "Error: request to https://api.example.com/x?api_key={} failed",
    "TypeError: {}",
    "Error: user '{}' not found",
    "Error: nothing\n    at a (/x.js:1:1) {{\n  code: '{}'\n}}",
    "Error: nothing\n    at a (/x.js:1:1) {{\n  [cause]: Error: {}\n}}",
    "Failed to load lead {{ name: '{}', errorClass: 'db_error' }}",
    "Invalid `prisma.lead.find({})` invocation",
    'column "{}" does not exist',
    "{} is not set",
    "Cannot find module '{}'",
    "body: {}",
    "Key (email)=({}) already exists",
    "<b>{}</b>",
    "status: {}",
    "Error: {}: no such thing",
    "AuthApiError: no {} left",
    "{}",
)


PEOPLE = (
    "Annelie Krause",
    "KRAUSE",
    "KRAUSE-BECKER",
    "anneliese",
    "annelie_krause",
    "ANNELIE_KRAUSE",
    "annelie.krause",
    "Siobhán Okafor",
    "OKAFOR, ADAEZE",
    "Dr. Krause",
    "J. Krause",
    "annelieKrause",
    "Łukasz Wiśniewski",
    "Иван Петров",
    "田中太郎",
    "Krause's",
)
BODIES = (
    "Hi Bob, my wife is ill and I can't make it on Friday. Kind regards, Krause",
    "Liebe Frau Krause, ich bin leider schwanger und kündige zum Juni.",
    "We already work with your competitor, please unsubscribe me from this list",
    "Thanks for the offer! Our budget is 40k, call me after my surgery",
    "Hallo Herr Krause,\nmein Mann ist gestorben.\nViele Grüße\nAnneliese",
    "On Tue, Annelie Krause wrote:\n> I'm going through a divorce\n> please wait",
)
SIGNS = (
    "wife is ill",
    "make it on Friday",
    "schwanger",
    "work with your competitor",
    "my surgery",
    "gestorben",
    "through a divorce",
)
"""What of these texts would say something of a person."""
PLACES_OF_PEOPLE = (
    "Error: call failed with {}",
    "TypeError: {}",
    "Error: user '{}' not found",
    "Error: nothing\n    at a (/x.js:1:1) {{\n  [cause]: Error: {}\n}}",
    "Failed to load lead {{ name: '{}', errorClass: 'db_error' }}",
    "body: {}",
    'Error: save failed {{"text":"{}"}}',
    "Key (email)=({}) already exists",
    "<b>{}</b>",
    "Error: {}: no such thing",
    "AuthApiError: no {} left",
    "{} has no seat",
    "{}",
    "reply rejected: {}",
    "no mailbox for {}",
    "[{}] failed",
)


def plantings() -> Iterator[tuple[str, str]]:
    """The message, and what was planted in it."""
    for place, value in itertools.product(PLACES, UNKNOWN.values()):
        for message in (place.format(value), place.format(value).replace(": ", "=")):
            yield message, value
    for place, value, encode in itertools.product(PLACES, UNKNOWN.values(), ENCODINGS.values()):
        yield place.format(encode(value)), value
    for place, value, encode in itertools.product(PLACES, KNOWN, ENCODINGS.values()):
        for around in ("{}", "x {} y", "({})"):
            yield place.format(around.format(encode(value))), value


OF_TEXTS = ("plain", "url", "json", "u", "over lines", "zero width")
"""Encodings that people's texts are logged in."""


def people() -> Iterator[str]:
    """Messages with people's names and what they wrote."""
    for place, text, encode in itertools.product(PLACES_OF_PEOPLE, (*PEOPLE, *BODIES), OF_TEXTS):
        yield place.format(ENCODINGS[encode](text))


def all_plantings() -> Iterator[str]:
    yield from (message for message, _ in plantings())
    yield from people()


def test_the_independent_scanner_finds_most_of_what_is_planted() -> None:
    """Else it would prove nothing that it finds none of it in what is written."""
    found = {name for name, value in UNKNOWN.items() if scanned(f"x {value.partition(chr(10))[0]}")}
    assert len(found) >= 14, found


def test_what_is_planted_in_a_message_survives_in_no_words() -> None:
    redact = Redactor(KNOWN)
    planted = list(plantings())
    assert len(planted) >= 15_000
    found = [
        (message, redact(words(message))) for message, value in planted if survivors(redact(words(message)), value)
    ]
    assert found == []


def as_log(messages: Sequence[str], often: int | None = None) -> bytes:
    """Each message is an error of a route of its own, so that each is listed. `often`: with it, every second one happens nine times."""
    sent = (
        Sent(0.25 * number + 0.01 * nth, "POST", f"/{'/'.join(ROUTES[number])}", 500, message)
        for number, message in enumerate(messages)
        for nth in range(9 if number % 2 == often else 1)
    )
    return export_lines(sorted(rows(sent), key=lambda row: row.at))


def read(log: bytes, folder: Path) -> LogReport:
    file = folder / "log"
    file.write_bytes(log)
    return saved_logs.examine([str(file)], LogQuery(), read_runbook(), TODAY)


def outlets(report: LogReport, other: LogReport, folder: Path) -> Iterator[tuple[str, str]]:
    """What `postdeploy logs` prints and writes about a log, compared with another."""
    page, redact, compared = folder / "page.html", Redactor(KNOWN), log_diff.compared("other.log", report, other)
    asked: dict[str, dict[str, Any]] = {
        "screen": {},
        "table": {"whole": True, "html": page},
        "JSON": {"as_json": True},
    }
    for where, options in asked.items():
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            assert logs.publish(report, compared, redact, **options)
        yield where, printed.getvalue()
    yield "page", page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """All that is planted, through every outlet of `postdeploy logs`: each log is compared with one of 300 of them."""
    folder = tmp_path_factory.mktemp("logs")
    everything = list(all_plantings())
    parts = (everything[number::LOGS] for number in range(LOGS))
    some = everything[:: len(everything) // 300]
    other, changed = (read(as_log(some, nth), folder) for nth in (0, 1))
    texts: dict[str, list[str]] = {}
    for report in (changed, *(read(as_log(part), folder) for part in parts)):
        for where, text in outlets(report, other, folder):
            texts.setdefault(where, []).append(text)
    return texts


@pytest.mark.parametrize("where", ["screen", "table", "JSON", "page"])
def test_what_is_planted_survives_in_no_outlet_of_logs(written: dict[str, list[str]], where: str) -> None:
    """The screen, `--all`, `--json` and `--html`, each with `--diff`."""
    for text in written[where]:
        assert survivors(text, *PLANTED, *PEOPLE, *SIGNS) == set()
        assert scanned(text) == []


def test_all_of_it_stands_in_each_outlet(written: dict[str, list[str]]) -> None:
    """Else it would prove nothing that none can be read there."""
    each = sum(1 for _ in all_plantings()) // LOGS
    for where in ("table", "JSON", "page"):
        for text in written[where][1:]:
            assert len(set(re.findall(r"(?:/[a-z]+){4}", text))) >= each, where
            assert "not listed" not in text
        assert all(change in "".join(written[where]) for change in ("new", "gone", "more", "fewer"))


def test_what_is_planted_survives_in_nothing_that_a_run_writes(tmp_path: Path) -> None:
    """verdict.json, verdict.md, report.html, the incident note, the terminal's summary, Allure's attachments, the notification.

    All of it as lines of the server, one of every thirteen in the log.
    """
    everything = list(all_plantings())
    said = read(as_log(everything[::13]), tmp_path)
    (tmp_path / "log").unlink()
    redact, run = Redactor(KNOWN), samples.facts(log=said)
    lines = [
        line
        for message in everything
        for line in Link(REQUEST, Strength.REQUEST_ID, (LogEntry(at=0, level="error", message=message),)).lines()
    ]
    evidence = evidence_lines(lines, EvidenceKind.SERVER)
    failed = samples.ended("b", Outcome.FAILED, summary=said.findings[0].sentence, evidence=evidence)
    verdict = judge(Facts((samples.ended("a", Outcome.PASSED), failed), samples.REQUIRED))
    writing.write(tmp_path, verdict, run, redact)
    note_file.write(tmp_path, incident_note.written(verdict, run, str), redact)
    html_writing.write(tmp_path, verdict, run, redact)
    (tmp_path / "1-result.json").write_text('{"labels": [{"name": "nodeid", "value": "x"}]}', encoding="utf-8")
    allure.attach_later(tmp_path, "x", "server log", "\n".join(lines), redact)
    (tmp_path / "terminal").write_text("\n".join(terminal.summary_lines(verdict, run, redact, {})), encoding="utf-8")
    message = notification.Message(read_file(tmp_path / VERDICT), "https://ci.example/1", False)
    bodies = [blot(message.body(host), redact) for host in ("hooks.slack.com", "discord.com", "ops.example")]
    (tmp_path / "notification").write_bytes(msgspec.json.encode(bodies))
    texts = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir() if file.is_file()}
    assert {"report.html", "report.json", "verdict.json", "verdict.md", "incident.md", "notification"} < set(texts)
    assert max(map(len, texts.values())) > 500_000
    found = {where: survivors(text, *PLANTED, *PEOPLE, *SIGNS) for where, text in texts.items()}
    assert {where: values for where, values in found.items() if values} == {}
    assert {where: scanned(text) for where, text in texts.items()} == {where: [] for where in texts}


@pytest.mark.parametrize("value", UNKNOWN.values(), ids=UNKNOWN)
def test_the_redactor_alone_finds_what_is_known_by_its_shape(value: str) -> None:
    if re.match(r"[\d.a-f-]+$", value) and not value.startswith(("0151", "4111")):
        return  # ids and addresses are for the fingerprint to leave out
    assert survivors(Redactor()(f"before {value} after"), value) == set()
