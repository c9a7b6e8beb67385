"""Of an error only words are shown that errors and plain English use; a person's name is of neither, in whatever case it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from postdeploy.analysis.fingerprint import named_slots, words
from postdeploy.analysis.vocabulary import is_ordinary
from postdeploy.runbook.aliases import ORDINARY_WORDS

PLANTED = tomllib.loads((Path(__file__).parent / "planted_words.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("shape", PLANTED["shapes"])
def test_a_word_that_errors_do_not_use_is_not_shown(shape: str) -> None:
    for name, other in product((*PLANTED["names"], *PLANTED["foreign"]), ("huber", "geheimtext")):
        for one in (name, name.title(), name.upper()):
            message = "Error: " + shape.format(one, other)
            shown = named_slots(words(message), message).lower()
            assert (name in shown, other in shown) == (False, False), (message, shown)


@pytest.mark.parametrize("name", PLANTED["names"])
def test_a_name_of_a_person_is_no_ordinary_word(name: str) -> None:
    assert not is_ordinary(name)
    assert not is_ordinary(name.title())


def test_the_messages_of_libraries_stay_readable() -> None:
    pairs = tomllib.loads((Path(__file__).parent / "fingerprint_pairs.toml").read_text(encoding="utf-8"))
    hidden, count = [], 0
    for message in sorted(set(_texts(pairs))):
        before, after = (named_slots(words(message), message, alone=alone).split() for alone in (False, True))
        count += len(before)
        hidden += [word for word in before if word not in after]
    assert len(hidden) < 0.02 * count, hidden


@pytest.mark.parametrize(
    "message",
    [
        "TypeError: leadz is not a function",
        "ReferenceError: smartsync is not defined",
        "TypeError: Cannot read properties of undefined (reading map)",
        "Error: getLemlist() failed",
        "Error: unipile.send timed out",
        "Error: relation lead_status does not exist",
        "Error: lemlistSync failed",
        "TypeError: leads.leadz is not a function",
        "ReferenceError: lemlist.client is not defined",
        "Error: lemlist.leadz() failed",
        "Error: Cannot find module lemlist/sync.js",
        "Error: prisma.lead.update timed out",
        "Error: column leads.owner_email does not exist",
        "Error: getaddrinfo ENOTFOUND hubapi.com",
        "signal SIGSEGV: segmentation violation",
        "Error: E_LOCK",
        "Error: NEXT_REDIRECT",
        "Error: SERVICE_ROLE_KEY is missing",
        "Error: UNIPILE_DSN is missing",
        "Error: variable FOOBAR is missing",
        "Error: FOO_BARBAZ is not set",
        "Error: PGRST301 JWT expired",
        "Error: ELOCKED: the CRM is busy",
        "Error: (ECHECKOUTTIMEOUT) no connection",
        "TypeError: LEMLIST is not a function",
        "Error: mailboxes are merging, can't sign-in",
    ],
)
def test_names_of_the_code_are_shown(message: str) -> None:
    assert named_slots(words(message), message) == message


@pytest.mark.parametrize("message", ["Incorrect API key provided: sk-...wxYZ", "key sk-***wxYZ refused"])
def test_what_is_left_of_a_masked_key_is_not_shown(message: str) -> None:
    assert "wxYZ" not in named_slots(words(message), message)


@pytest.mark.parametrize(
    "name", ["KRAUSE", "ANNA_BECKER", "EMMA", "ERIK", "EMMA_HUBER", "KRAUSE's", "[ANNA_BECKER]", "ANNA.BECKER"]
)
@pytest.mark.parametrize(
    "shape", ["Error: no seat for {}", "{} has no seat", "Error: {}", "code {}", "lock of {} failed"]
)
def test_a_name_in_capitals_is_not_shown(shape: str, name: str) -> None:
    message = shape.format(name)
    assert not any(
        part in named_slots(words(message), message) for part in ("KRAUSE", "ANNA", "BECKER", "EMMA", "ERIK")
    )


def test_the_list_is_in_order() -> None:
    listed = tomllib.loads(ORDINARY_WORDS.read_text(encoding="utf-8"))["words"].split()
    assert listed == sorted(set(listed))


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
