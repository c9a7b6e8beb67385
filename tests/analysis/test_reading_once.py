"""What differs only in ids is read once: counted in calls, never timed. What is kept of it never changes what a row means."""

from __future__ import annotations

from itertools import product

import pytest
import re2

from postdeploy.analysis import peoples_texts, sentence_reader
from postdeploy.analysis.request_routes import RequestRoutes
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.entry import LogEntry
from postdeploy.runbook.reading import read_runbook
from tests.analysis.test_bounds import calls
from tests.logs.rows import TODAY

STACK = "\n    at async u.findMany (/var/task/.next/server/chunks/7719.js:12:444)"
MESSAGES = (
    "⨯ TypeError: x is undefined" + STACK + " {{\n  digest: '{digest}'\n}}",
    "⨯ Error: lead {uuid} is gone" + STACK + " {{\n  code: 'P2028',\n  digest: '{digest}'\n}}",
    "[Inbox] failed {{ debugId: 'dbg_{hex}', errorClass: 'db_timeout' }}\nDatabaseNotReachable: timeout" + STACK,
    "upstream answered 502 {{ requestId: \"{hex}\", lead: '{uuid}' }}",
)


def written(template: str, number: int) -> str:
    digits = f"{number * 2654435761 % (1 << 47) | 1 << 47:012x}"
    return template.format(
        digest=10**9 + number, hex=digits, uuid=f"{digits[:8]}-{digits[:4]}-4{digits[:3]}-a{digits[:3]}-{digits}"
    )


@pytest.mark.parametrize("template", MESSAGES)
def test_the_sentence_of_an_error_is_read_once_whatever_its_ids(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader, sentences = SignalReader(read_runbook(), TODAY), []
    read = sentence_reader.read

    def noted(text: str, depth: int = 0) -> str:
        sentences.append(text)
        return read(text, depth)

    monkeypatch.setattr(sentence_reader, "read", noted)
    meanings = {
        reader.read(LogEntry(0, written(template, number), "error", "POST", "/", 500)).message for number in range(200)
    }
    assert len(meanings) == 1
    assert len(sentences) <= 6


def test_a_path_with_an_id_costs_few_calls_and_makes_no_route_of_its_own() -> None:
    routes = RequestRoutes(read_runbook())
    paths = [written("/api/inbox/conversations/{uuid}", number) for number in range(1000)]
    first = [routes.of("GET", path, function) for path in paths[:2] for function in ("/api/inbox", "")]
    more = calls(lambda: [routes.of("GET", path, function) for path in paths[2:] for function in ("/api/inbox", "")])
    assert more <= 998 * 2 * 40
    assert routes.of("GET", paths[-1], "/api/inbox") is first[0]
    assert routes.of("GET", paths[-1]) is first[1]


@pytest.mark.parametrize("quote", ['"', "'", '\\"'])
@pytest.mark.parametrize(
    "name",
    [
        "body",
        "Text",
        "content",
        "html",
        "PROMPT",
        "emailBody",
        "latest_replies",
        "stripped-html",
        "q",
        "lastMessage",
        "data.notes",
    ],
)
def test_a_field_that_people_wrote_in_is_not_missed_by_the_quick_look(name: str, quote: str) -> None:
    written_by_people = [
        message
        for between, follows in product(("", '"', '\\"', "'"), (":", "=", " : ", "= "))
        for message in [f"failed {{ {name}{between}{follows}{quote}too many connections P1001{quote} }}"]
        if peoples_texts.without_what_people_wrote(message) is not message
    ]
    assert len(written_by_people) == 16
    assert all(re2.search(peoples_texts.MAY_BE_PEOPLES, message) for message in written_by_people)


def test_what_people_wrote_means_nothing_also_after_the_same_patterns_meant_something() -> None:
    reader = SignalReader(read_runbook(), TODAY)
    for _ in range(2):
        said = reader.read(LogEntry(0, "P1001 while saving", "error", "POST", "/", 500)).message
        quoted = reader.read(LogEntry(0, "saving { body: 'P1001 while saving' }", "error", "POST", "/", 500)).message
        assert said is not None
        assert quoted is not None
        assert "database_unreachable" in said.signals
        assert "database_unreachable" not in quoted.signals
