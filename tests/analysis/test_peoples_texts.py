"""What of a line people or models wrote: no text is missed by the quick look, and a longer line costs no more than its length."""

from __future__ import annotations

import pytest
import re2

from postdeploy.analysis import peoples_texts
from tests.analysis import foreign_logs, strange_logs
from tests.analysis.test_bounds import calls

LINES = [
    *(one.message for case in (*foreign_logs.TEXTS, *strange_logs.CASES) for one in case.sent if one.message),
    *(f"{before}{one}{after} too many" for before in (": ", " ", ' "', ": \n", ">", "„") for after in (" ", ",", ", ", "")
      for one in peoples_texts._WORDS.greetings),
    *(f'{{"{before}{one}{after}":[ "too many" ]}}' for before in ("", "my_", "X-") for after in ("", "s", "Of2", "-x")
      for one in (*peoples_texts._WORDS.fields, *peoples_texts._WORDS.names)),
]  # fmt: skip
PIECES = (
    *(
        "a-",
        "body:",
        'body: "',
        "body: '",
        '\\"',
        'text=\\"',
        "q:'x',",
        "Hi ",
        "x: Hi, ",
        ": > ",
        "<p>x",
        "\n>",
        "flagged ",
    ),
    *(
        "Unexpected token x, ",
        "moderation:'",
        "body: [ 'x', ",
        ' "Hi, ',
        "Body=",
        "_",
        "body: 'x' +\n  ",
        "«您好",
        ": <p\n",
    ),
)


def test_the_quick_look_misses_no_text() -> None:
    quick = re2.compile(peoples_texts.MAY_BE_PEOPLES)
    theirs = [one for one in set(LINES) if peoples_texts.without_what_people_wrote(one) is not one]
    assert len(theirs) > 1000
    assert [one for one in theirs if not (quick.search(one) or peoples_texts.may_be_an_outsiders(one))] == []


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_twice_as_long_costs_at_most_twice(piece: str) -> None:
    long = piece * (16_384 // len(piece))
    short = long[: len(long) // 2]
    peoples_texts.without_what_people_wrote(short)
    cost = calls(lambda: peoples_texts.without_what_people_wrote(long))
    assert cost <= 2 * calls(lambda: peoples_texts.without_what_people_wrote(short)) + 50


@pytest.mark.parametrize(
    ("line", "left"),
    [
        pytest.param(
            """{ lastMessage: "we \\"x\\"", code: 'P1001' }""",
            """{ lastMessage: "", code: 'P1001' }""",
            id="a text ends at its own quotation mark",
        ),
        pytest.param(
            """{ notes: [ 'a', 'b' ], code: 'P1001' }""", """{ notes: "" ], code: 'P1001' }""", id="a list of texts"
        ),
        pytest.param(
            "{ body: 'Hi,\\n' +\n    'there', id: 1 }", '{ body: "", id: 1 }', id="a text of lines that Node prints"
        ),
        pytest.param('cut: {"html":"<p>too many', 'cut: {"html":""', id="a text without an end was cut off"),
        pytest.param(
            'cannot send "Hi Anna, "x" is down": P1001',
            'cannot send """": P1001',
            id="what stands behind a letter in quotation marks",
        ),
        pytest.param(
            "could not send: Hi Anna, it is down - Error: P1001",
            'could not send: "" - Error: P1001',
            id="what the app says behind a letter",
        ),
        pytest.param(
            "could not send: Hi Anna, it is down - P1001, an error (see below)",
            'could not send: ""',
            id="a letter about an error",
        ),
        pytest.param("input: 'undefined/api'", "input: 'undefined/api'", id="an address that lacks a variable"),
        pytest.param("statusText: 'Bad Gateway'", "statusText: 'Bad Gateway'", id="a status"),
        pytest.param("context: 'too many'", "context: 'too many'", id="a word that only ends like a field"),
        pytest.param(
            '{"severityText":"ERROR","body":"P1001","attributes":{"reply":"P1002"}}',
            '{"severityText":"ERROR","body":"P1001","attributes":{"reply":""}}',
            id="the message of OpenTelemetry",
        ),
    ],
)
def test_what_is_left_of_a_line(line: str, left: str) -> None:
    assert peoples_texts.without_what_people_wrote(line) == left
