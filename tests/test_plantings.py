"""More than 4,000 plantings of secrets and personal data in log messages: nothing of them is shown or written.

The scanner knows nothing of the redactor: it decodes what was written and looks for what was planted.
"""

from __future__ import annotations

import base64
import html
import itertools
import json
import re
import urllib.parse
from collections.abc import Callable, Iterator

import msgspec
import pytest

from postdeploy.analysis.fingerprint import words
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.log_summary import JudgedLog, ReadLog, report
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import Span
from postdeploy.logs.window import Proof, Seen
from postdeploy.model import Stage
from postdeploy.redaction import Redactor
from postdeploy.report import log_table
from postdeploy.runbook.reading import read_runbook

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
}
KNOWN = ("hunter2hunter2", "p@ss/w0rd+x!", "kdQ8#zz_Lm41", "correct-horse")
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


def plantings() -> Iterator[tuple[str, str]]:
    """The message, and what was planted in it."""
    for place, value in itertools.product(PLACES, UNKNOWN.values()):
        for message in (place.format(value), place.format(value).replace(": ", "=")):
            yield message, value
    for place, value, encode in itertools.product(PLACES, KNOWN, ENCODINGS.values()):
        for around in ("{}", "x {} y", "({})"):
            yield place.format(around.format(encode(value))), value


def survivors(text: str, value: str) -> list[str]:
    """How a value can be read in a text."""
    flat = re.sub(r"\s", "", text)
    wanted = re.sub(r"\s", "", value)
    readings = {"plain": flat, "html": html.unescape(flat), "url": urllib.parse.unquote(urllib.parse.unquote(flat))}
    readings["escapes"] = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), flat).replace("\\", "")
    readings["hex"] = " ".join(
        bytes.fromhex(run[: len(run) // 2 * 2]).decode("utf-8", "replace")
        for run in re.findall(r"[0-9a-fA-F]{8,}", flat)
    )
    readings["base64"] = " ".join(
        base64.b64decode((run + "AAAA")[: (len(run) + 3) // 4 * 4]).decode("utf-8", "replace")
        for run in re.findall(r"[A-Za-z0-9+/]{8,}", flat.replace("-", "+").replace("_", "/"))
    )
    return [name for name, reading in readings.items() if wanted in reading]


def test_what_is_planted_in_a_message_survives_in_no_words() -> None:
    redact = Redactor(KNOWN)
    planted = list(plantings())
    assert len(planted) >= 4_000
    found = [
        (message, redact(words(message))) for message, value in planted if survivors(redact(words(message)), value)
    ]
    assert found == []


def test_what_is_planted_survives_in_no_table_and_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    """All of them in one log: its report as it is printed, and as it is written."""
    redact = Redactor(KNOWN)
    planted = list(plantings())
    incidents = tuple(
        Incident(Signal.SERVER_ACTION_ERROR, "POST /", words(message), 1, at, at, example=message)
        for at, (message, _) in enumerate(planted)
    )
    tally = Tally(len(planted), len(planted), incidents=incidents)
    evidence = LogEvidence(tally=tally, first=tally, runbook=read_runbook())
    judged = JudgedLog(tally, len(planted), findings(evidence))
    window = Span(0, 600_000)
    said = report(ReadLog("x", Stage.WINDOW, "dpl_1", window, "x"), Proof(window, False, ()), Seen(), judged)
    log_table.show(said, redact)
    document = msgspec.json.encode(redact.values(msgspec.to_builtins(said))).decode()
    written = {"table": capsys.readouterr().out, "JSON": document, "lines": redact("\n".join(said.table()))}
    for where, text in written.items():
        values = {value for _, value in planted}
        assert [value for value in values if survivors(text, value)] == [], where


@pytest.mark.parametrize("value", UNKNOWN.values(), ids=UNKNOWN)
def test_the_redactor_alone_finds_what_is_known_by_its_shape(value: str) -> None:
    if re.match(r"[\d.a-f-]+$", value) and not value.startswith(("0151", "4111")):
        return  # ids and addresses are for the fingerprint to leave out
    assert survivors(Redactor()(f"before {value} after"), value) == []
