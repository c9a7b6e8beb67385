"""Texts that differ in one place may be one error; never where a code, a class, a status or a name of the code stands."""

from __future__ import annotations

import pytest

from postdeploy.analysis import grouping
from postdeploy.analysis.fingerprint import words


def counts(*texts: str) -> list[int]:
    return [len(group.texts) for group in grouping.groups(texts)]


@pytest.mark.parametrize(
    "template",
    [
        "Error: tag {} is not known here",
        "Error: the template {} holds no text",
        "⨯ Error: nobody answers in {} today",
        "Error: campaign mail for {} bounced",
    ],
)
def test_four_texts_that_differ_in_one_name_may_be_one_error(template: str) -> None:
    assert counts(*(template.format(name) for name in ("Anna", "Ben", "Cem", "Dora"))) == [4]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([f"Error: query failed with code {c} here" for c in ("P2002", "P2024", "P2025", "P1001")], id="codes"),
        pytest.param([f"Error: the service answered {c} again" for c in (401, 404, 502, 503)], id="statuses"),
        pytest.param([f"{c}: the lead is not valid" for c in ("TypeError", "RangeError", "SyntaxError", "Error")], id="classes"),
        pytest.param([f"Cannot find module {c} in bundle" for c in ("sharp", "canvas", "bcrypt", "pg")], id="modules"),
        pytest.param([f"the column {c} does not exist" for c in ("score", "stage", "owner", "phone")], id="columns"),
        pytest.param([f"{c} is not set here" for c in ("A_KEY", "B_KEY", "C_KEY", "D_KEY")], id="variables"),
        pytest.param([f"Error: the lead was not {c} today" for c in ("saved", "deleted", "merged", "assigned")], id="verbs"),
        pytest.param([f"Cannot read properties of undefined (reading {c}) again" for c in "abcd"], id="properties"),
        pytest.param([f"Invalid {c} invocation: timed out" for c in ("lead.find()", "deal.find()", "a.b()", "c.d()")], id="calls"),
        pytest.param([f"⨯ Error: {c}" for c in ("Alpha", "Beta", "Gamma", "Delta")], id="nothing in common but the class"),
    ],
)  # fmt: skip
def test_what_names_the_trouble_is_never_a_place_for_instances(texts: list[str]) -> None:
    assert counts(*texts) == [1] * 4


def test_three_names_are_too_few_unless_one_of_them_is_seen_to_be_an_instance() -> None:
    assert counts("Error: the tag Anna is bad", "Error: the tag Ben is bad", "Error: the tag Cem is bad") == [1] * 3
    assert counts("Error: the tag Anna is bad", "Error: the tag … is bad") == [2]


@pytest.mark.parametrize(
    "names",
    [
        ("Anna", "Ben", "Cem", "Dora", "Eva"),
        ("anna", "ben", "cem", "dora", "eva"),
        ("ANNA", "BEN", "CEM", "DORA", "EVA"),
    ],
)
def test_a_group_says_why_it_is_one_and_names_nobody(names: tuple[str, ...]) -> None:
    [group] = grouping.groups(f"Error: tag {name} is not known" for name in names)
    assert str(group) == "5 variants: Error: tag ‹text› is not known"


def test_a_group_lists_what_is_said_of_errors() -> None:
    [group] = grouping.groups(f"Error: no {name} for it today" for name in ("agent", "record", "token", "list", "page"))
    assert str(group) == "5 variants: Error: no {agent; record; token; list; …} for it today"


REASONS = ("no seats left", "draft is locked", "thread has no owner", "phone is invalid")
LACKS = ("no owner", "an invalid phone", "no active mailbox", "been archived")
MUST = (("lead", "an owner"), ("thread", "a lead"), ("draft", "a tone"), ("mailbox", "a token"))
CALLS = ("useInbox", "formatLead", "sortThreads", "getColor")
PARTS = ("field", "operator", "unit", "tone")
SEVERAL = [
    pytest.param(
        "Error: No numbers available in {}",
        ("Berlin, Germany", "Paris, France", "São Paulo, Brazil", "Oslo"),
        id="cities",
    ),
    pytest.param(
        "Error: cannot parse date {}", ("next tuesday at noon", "morgen früh", "in two weeks", "asap"), id="times"
    ),
    pytest.param(
        "Error: could not enrich {}", ("anna schmidt at acme", "bob at globex", "li wei", "maria garcia"), id="people"
    ),
    pytest.param(
        "Error: Template {} cannot be rendered",
        ("Black Friday", "Welcome 1", "Follow-up kurz", "Nudge"),
        id="templates",
    ),
    pytest.param(
        "Error: Unsupported attachment {}",
        ("image/heic", "video/quicktime", "audio/amr", "text/x"),
        id="types of files",
    ),
    pytest.param("Error: Unknown CSV header {} in it", ("Vorname", "mobile", "Firma", "Ort"), id="headers of a file"),
]


@pytest.mark.parametrize(("template", "names"), SEVERAL)
def test_a_place_may_hold_several_words(template: str, names: tuple[str, ...]) -> None:
    assert counts(*(words(template.format(name)) for name in names)) == [4]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([f"Error: Lead could not be saved: {why}" for why in REASONS], id="reasons"),
        pytest.param([f"Error: the lead has {what}" for what in LACKS], id="what it lacks"),
        pytest.param([f"Error: {one} must have {other}" for one, other in MUST], id="two things"),
        pytest.param([f"Error: {name}() on the server but {name} is on the client" for name in CALLS], id="names of the code, twice"),
        pytest.param([f"Error: {{ path: [ filters, …, {name} ], message: Invalid in it }}" for name in PARTS], id="the end of a list"),
        pytest.param([f"Error: No such {name}: … now" for name in ("price", "customer", "coupon", "fee")], id="what an instance is of"),
        pytest.param([f"Error: not passed to button {name}=… children" for name in ("open", "click", "select", "key")], id="keys"),
        pytest.param([f"Error: Unknown header {name} in it" for name in ("accept", "origin", "host", "vary")], id="headers of a request"),
    ],
)  # fmt: skip
def test_several_words_that_name_the_trouble_are_no_place_for_instances(texts: list[str]) -> None:
    assert counts(*texts) == [1] * 4


def test_three_places_of_several_words_are_enough_where_one_of_them_is_seen_to_be_an_instance() -> None:
    names = ("kunden …", "liste neu", "…")
    assert counts(*(f"Error: Could not parse {name}: end of file" for name in names)) == [3]
    assert counts(*(f"Error: … Could not parse {name}: end of file" for name in ("a b", "c d", "e"))) == [1] * 3


def test_two_places_may_differ_where_enough_is_equal() -> None:
    pairs = (("tomato", "Hot"), ("teal", "Cold"), ("navy", "Warm"), ("plum", "Later"))
    assert counts(*(f"Error: Label color {one} is not allowed for label {two}" for one, two in pairs)) == [4]
    assert counts(*(f"Error: color {one} of {two}" for one, two in pairs)) == [1] * 4


def test_two_states_of_the_code_are_no_places_for_instances() -> None:
    states = (("OPEN", "CLOSED"), ("CLOSED", "OPEN"), ("ARCHIVE", "OPEN"), ("OPEN", "ARCHIVE"))
    assert counts(*(f"Error: a lead cannot go now {one} while draft waits {other}" for one, other in states)) == [1] * 4


TAIL = "the draft was not saved because a lock of its workspace is held by another process " * 3


@pytest.mark.parametrize(
    ("ends", "count"),
    [
        (("Anna", "Ben", "Cem", "Dora"), [4]),
        (("by Anna Schmidt of Acme", "", "by a b c d e f g", "zu spät"), [4]),
        (("P2002", "P2024", "P2025", "P1001"), [1] * 4),
        (("TypeError", "RangeError", "SyntaxError", "URIError"), [1] * 4),
        (("code: a", "code: b", "code: c", "code: d"), [1] * 4),
        (("leadId", "draftId", "toneId", "ownerId"), [1] * 4),
    ],
)
def test_long_texts_that_differ_behind_what_is_shown_may_be_one_error(ends: tuple[str, ...], count: list[int]) -> None:
    assert counts(*(words(f"Error: {TAIL}{end}") for end in ends)) == count


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("aBcDeF", "QwErTy", "pOiUyT", "zXcVbN"), [4]),
        (("thr_kqz", "thr_plm", "thr_vbn", "thr_wtr"), [4]),
        (("R_My", "D_j_", "i_ulr", "nf_eSv"), [4]),
        (("useInbox", "loadLead", "getColor", "sendMail"), [1] * 4),
        (("lead_email", "lead_owner", "plan_limit", "mail_from"), [1] * 4),
        (("lead_id", "user_id", "top_p", "max_ms"), [1] * 4),
        (("lead.save", "draft.send", "tone.get", "kqz.plm"), [1] * 4),
        (("NEW_KEY", "KQZ_PLM", "OLD_KEY", "LEAD_KEY"), [1] * 4),
    ],
)
def test_ids_of_letters_may_be_one_error_and_names_of_the_code_are_several(
    names: tuple[str, ...], count: list[int]
) -> None:
    assert counts(*(f"Error: thread {name} not found" for name in names)) == count
    assert counts(*(f"ReferenceError: thread {name} is not defined" for name in names)) == [1] * 4
    assert counts(*(f"error: column {name} does not exist" for name in names)) == [1] * 4


def test_beyond_the_bound_texts_stay_on_their_own() -> None:
    texts = [f"Error: tag {'x' * (n % 60)}y{'z' * (n // 60)} is not known" for n in range(grouping.MOST_TEXTS + 5)]
    assert counts(*texts) == [grouping.MOST_TEXTS, 1, 1, 1, 1, 1]


def test_what_is_shown_of_what_people_say_makes_no_group() -> None:
    texts = [
        "My election bind port: …",
        "New election. My id = …, proposed zxid=…",
        "Connection broken for id …, my id = …, error =",
    ]
    assert [len(group.texts) for group in grouping.groups(texts)] == [1, 1, 1]
