"""Rows, fields, ids and addresses of people that stand in an error without quotes are not shown, and do not make another error."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import named_slots, words

ROWS = [
    pytest.param("Error: bad row 7: §;meier;acme", id="CSV with semicolons"),
    pytest.param("Error: bad row #7: §,meier,acme", id="CSV with commas"),
    pytest.param("Error: row:\t§\tmeier\t0151", id="tabs"),
    pytest.param("Error: record: §|meier|acme", id="bars"),
    pytest.param("Error: Zeile 4: § meier;Kiel;0151", id="a cell of two words"),
    pytest.param("Error: bad\n  name: § meier\n  phone: 0151 2345", id="YAML"),
    pytest.param("Error: bad\n  - last_name: §\n    city: kiel", id="a list in YAML"),
    pytest.param("Error: no lead where name = § and city = kiel", id="where"),
    pytest.param("Error: no lead WHERE city <> kiel AND name ilike §", id="where, in capitals"),
    pytest.param("Error: invalid uuid §", id="an id"),
    pytest.param("Error: Invalid ID: §", id="an id behind a colon"),
    pytest.param("Error: lead 🔥§🔥 is gone", id="symbols"),
    pytest.param("Error: can not mail §=kiel@acme.de today", id="an address with ="),
    pytest.param("Error: can not mail §`kiel@acme.de today", id="… with a backtick"),
    pytest.param("Error: can not mail §{kiel@acme.de today", id="… with a bracket"),
    pytest.param("Error: can not mail §}kiel@acme.de today", id="… with a closing one"),
    pytest.param("Error: can not mail §|kiel@acme.de today", id="… with a bar"),
    pytest.param("Error: Cannot find module '/home/§/app/x.js'", id="a home"),
    pytest.param("Error: Cannot find module '/Users/§/app/x.js'", id="a home of macOS"),
    pytest.param("Error: GET https://§.myshopify.com/x failed", id="a host"),
]


@pytest.mark.parametrize("message", ROWS)
def test_they_are_not_shown_and_do_not_distinguish(message: str) -> None:
    one, other = (message.replace("§", name) for name in ("zora", "annaschmidt"))
    assert words(one) == words(other)
    shown = named_slots(words(other), other)
    assert not any(name in shown for name in ("annaschmidt", "meier", "kiel", "0151"))


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Error: bad row 7: expected 3 fields, got 2; skipped", "expected … field, got …; skipped"),
        ("Error: line 5: missing quote, file, or end", "missing quote, file, or end"),
        ("Error: bad\n  name: TypeError\n  code: P2002", "name: TypeError code: P2002"),
        ("Error: join where l.id = w.lead_id failed", "l.id = w.lead_id failed"),
        ("Error: where deleted = null is not allowed", "where deleted = null is not allowed"),
        ("Error: invalid uuid format", "invalid uuid format"),
        ("Error: invalid\n  name: must not be empty", "name: must not be empty"),
        ("Error: invalid\n  city: is required", "city: is required"),
        ("Error: Invalid UUID parsing", "Invalid UUID parsing"),
        ("Error: invalid id: required", "invalid id: required"),
        ("Error: can not mail user=zora@acme.de today", "user=… today"),
        ("Error: Cannot find module '/app/users/x.js'", "app/users/x.js"),
        ("2026-01-01T00:00:00Z\ta-1\tERROR\tInvoke Error\tdraft is locked", "ERROR Invoke Error draft is locked"),
    ],
)
def test_what_is_said_of_the_trouble_stays(message: str, said: str) -> None:
    assert said in words(message)


@pytest.mark.parametrize("company", ["Müller & Söhne", "Berger + Weiß", "Meier und Partnerin", "Dubois et Lefèvre"])
def test_a_company_of_several_people_is_not_shown(company: str) -> None:
    shown = named_slots(words(f"Error: bill of {company} is open"))
    assert not any(
        name in shown for name in company.replace("&", "+").replace(" und ", " + ").replace(" et ", " + ").split(" + ")
    )


def test_what_a_framework_calls_its_parts_is_shown() -> None:
    assert "Server & Module Component" in named_slots(words("Error: Server & Module Component differ"))


@pytest.mark.parametrize(
    "piece", ["row: ", "row: a;", "row: a,", "\nname: ", " where a = ", "a=b", "a`", "invalid id ", "row: a "]
)
def test_a_hostile_message_becomes_one_short_line(piece: str) -> None:
    assert len(words(piece * (16_000 // len(piece)))) <= 240


REPLY = "my wife is ill and we had to let three people go"


@pytest.mark.parametrize(
    "message",
    [
        f'{{"level":50,"msg":"reply rejected","reason":"{REPLY}"}}',
        f'{{"level":50,"msg":"classification failed","error":"{REPLY}"}}',
        f'{{"level":"error","data":["classification failed","{REPLY}"]}}',
        f"Error: no intent in reply: Hi John, {REPLY}",
        f"Error: cannot parse reply:\n> {REPLY}",
        f"SyntaxError: Unexpected token m in JSON at position 0: {REPLY}",
        f"Error: reply - {REPLY}",
        "Error: reply rejected: i was fired, people go home",
        "Error: bounce: Hallo Herr Huber, people go",
        "Error: Antwort: ich bin raus, people go",
    ],
)
def test_what_a_person_says_is_not_shown(message: str) -> None:
    shown = named_slots(words(message), message)
    assert "‹text›" in shown
    assert not any(word in shown for word in ("wife", "ill", "people", "Huber", "fired"))


@pytest.mark.parametrize(
    "message",
    [
        "TypeError: Cannot read properties of undefined (reading 'me')",
        "Error: We could not find the workspace",
        "Error: column my_leads is missing",
        "Error: thanks-page is missing",
        "ReferenceError: i is not defined",
    ],
)
def test_what_the_code_says_is_shown(message: str) -> None:
    assert named_slots(words(message), message).split(": ", 1)[1] not in ("‹text›", "")


def test_what_a_person_says_distinguishes_as_before() -> None:
    said = {words(f"Error: reply rejected: my {what} is missing") for what in ("workspace", "session", "mailbox")}
    assert len(said) == 3
