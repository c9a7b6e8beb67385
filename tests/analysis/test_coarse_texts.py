"""Ids are the same in each message that the patterns see; what a message means does not depend on which id it holds."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable

import msgspec
import pytest
import re2

from postdeploy.analysis.coarse_texts import coarse, may_see_ids
from postdeploy.analysis.fingerprint import words
from postdeploy.analysis.message_patterns import MessagePatterns
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.runbook.log_tables import KnownNoise
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import TODAY

RUNBOOK = read_runbook()
RANDOM = random.Random(7)  # noqa: S311 - ids, not secrets


@pytest.fixture(autouse=True)
def the_same_ids_whatever_ran_before() -> None:
    RANDOM.seed(7)


def some_uuid() -> str:
    return str(uuid.UUID(int=RANDOM.getrandbits(128), version=4))


def hexadecimal(length: int = 12) -> str:
    return "a" + "".join(RANDOM.choice("0123456789abcdef") for _ in range(length - 2)) + "7"


def decimal(length: int = 13) -> str:
    return "".join(RANDOM.choice("123456789") for _ in range(length))


IDS: dict[str, Callable[[], str]] = {"uuid": some_uuid, "hexadecimal": hexadecimal, "decimal": decimal}
AROUND = (
    "{}",
    "lead {} failed",
    "dbg_{}",
    "id={},",
    "'{}'",
    '{{"id":"{}"}}',
    "/w/{}/inbox",
    "key_{}.",
    "({})",
    "req:{}\n    at f (a.js:1:2)",
)


@pytest.mark.parametrize("new", IDS.values(), ids=IDS)
@pytest.mark.parametrize("around", AROUND)
def test_messages_that_differ_in_ids_alone_are_the_same(around: str, new: Callable[[], str]) -> None:
    one, other = new(), new()
    assert coarse(around.format(one)) == coarse(around.format(other))
    assert len(coarse(around.format(one))) == len(around.format(one))


@pytest.mark.parametrize(
    "message",
    [
        "connect ECONNREFUSED 10.0.0.7:5432",
        "error P1001",
        "took 12345678901 ms",
        "2026-11-30T09:12:00.000Z",
        "2026-11-30-1234-5678",
        "deadbeefdeadbeef",
        "accelerated-1234567",
        "gfedcba987654321",
        "Zed1234567890ab",
        "ed25519-rotation-08",
        "a-a-a-a-a-a-a-a-a-a",
        "4E5C1F7A-9B3D-4A6E-8D2C-7F1B9E3A5C6D",
    ],
)
def test_what_may_name_the_trouble_is_left_as_it_is(message: str) -> None:
    assert coarse(message) == message


@pytest.mark.parametrize("text", ["a-" * 50_000, "a" * 100_000, "0-a" * 40_000, "0123456789ab " * 8_000, "-" * 100_000])
def test_the_work_grows_with_the_message_alone(text: str) -> None:
    assert len(coarse(text)) == len(text)


def patterns() -> list[str]:
    return MessagePatterns(RUNBOOK, ())._texts


def test_no_pattern_of_the_defaults_matches_within_an_id() -> None:
    """Else what a message means would depend on which id it holds, and one would be taken for a code or a port."""
    ids = [make() for make in IDS.values() for _ in range(40)] + [coarse(make()) for make in IDS.values()]
    texts = [
        f"{before}{one}{behind}"
        for one in ids
        for before, behind in (("", ""), ("x ", " y"), ("dbg_", "'"), ('"', '"'))
    ]
    for pattern in patterns():
        compiled = re2.compile(pattern)
        found = {bool(compiled.search(text)) for text in texts}
        assert len(found) == 1, pattern  # such as `^`: it matches whatever stands there


MESSAGES = (
    "⨯ TypeError: Cannot read properties of undefined (reading 'id')\n    at f (a.js:1:2) {{\n  digest: '{}'\n}}",
    "[Inbox] getConversations failed {{ debugId: 'dbg_{}', errorClass: 'db_timeout' }}\nDatabaseNotReachable: query_wait_timeout",
    "Error: lead {} not found",
    "PrismaClientKnownRequestError: P2025 no record {} was found",
    "workspace {}: connect ECONNREFUSED 127.0.0.1:5432",
    "Invalid `prisma.lead.findUnique()` invocation: id {} P1001",
    "AuthApiError: Invalid Refresh Token: {}",
    '{{"level":"error","msg":"failed to load","requestId":"{}"}}',
    "level=error msg=failed id={}",
    "could not write to /var/data/{}.tmp: No space left on device",
)


@pytest.mark.parametrize("new", IDS.values(), ids=IDS)
@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("status", [200, 500])
def test_which_id_a_message_holds_changes_nothing_of_its_meaning(
    message: str, new: Callable[[], str], status: int
) -> None:
    reader = SignalReader(RUNBOOK, TODAY)
    route = reader.route("POST", "/")
    meant = {reader.message(message.format(new()), "error", route, status) for _ in range(50)}
    assert len(meant) == 1
    assert {words(message.format(one)) for one in (new(), coarse(new()))} == {one.normalized for one in meant if one}


def test_messages_with_other_ids_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = SignalReader(RUNBOOK, TODAY)
    asked: list[str] = []
    found = MessagePatterns.found

    def counted(self: MessagePatterns, message: str, text: str, **how: bool) -> object:
        asked.append(message)
        return found(self, message, text, **how)

    monkeypatch.setattr(MessagePatterns, "found", counted)
    for _ in range(50):
        reader.message(f"Error: lead {some_uuid()} not found", "error", reader.route("POST", "/"), 500)
    assert len(asked) == 1


def test_a_pattern_of_the_runbook_s_own_may_name_an_id() -> None:
    ours = some_uuid()
    noise = KnownNoise(pattern=f"lead {ours} not found", until=TODAY, reason="tested", owner="a test", at_most=9)
    reader = SignalReader(msgspec.structs.replace(RUNBOOK, known=(noise,)), TODAY)
    route = reader.route("POST", "/")
    known = [
        one.known if (one := reader.message(f"Error: lead {each} not found", "error", route, 500)) else None
        for each in (some_uuid(), ours, some_uuid())
    ]
    assert known == [None, 0, None]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("lead 4e5c", True), (r"id \d+", True), ("[a-f]+", True), ("gave up", False), ("a b.*c", False)],
)
def test_a_pattern_that_names_digits_may_see_ids(pattern: str, expected: bool) -> None:
    assert may_see_ids(["gave up", pattern]) is expected
