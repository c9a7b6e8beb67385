"""What error lines quote of a person outside means nothing, however it is printed; what the app says itself does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postdeploy.analysis import quotations
from tests.analysis.quoting_logs import (
    CRON,
    MAILS,
    OURS,
    OUT,
    PASSWORD,
    RELATION,
    SAYS,
    THEIRS,
    UNSET,
    as_json,
    error_in_json,
    written,
)
from tests.analysis.test_bounds import calls
from tests.analysis.test_outsiders_fields import troubles

WRITTEN = [written, as_json]


def _of(lines: tuple[tuple[str, str], ...], write: Callable[[str, str], str]) -> list[tuple[str, str]]:
    """Those that an app may write so: a line of logfmt or in colour is no message of JSON, and marks escaped three times are not read."""
    return [one for one in lines if write is written or not (one[1][0] in "l\x1b" or "{q}" in one[1])]


def _means(path: str, said: str, status: int = 200) -> set[str]:
    return troubles(said, path, "GET" if path == CRON else "POST", status)


@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("text", SAYS)
@pytest.mark.parametrize("status", [200, 400])
def test_what_a_person_wrote_means_nothing(write: Callable[[str, str], str], text: str, status: int) -> None:
    lines = [(path, write(template, text)) for path, template in _of(THEIRS, write)]
    assert [said for path, said in lines if _means(path, said, status)] == []


@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("text", SAYS)
def test_what_the_app_says_itself_is_meant(write: Callable[[str, str], str], text: str) -> None:
    lines = [(path, write(template, text)) for path, template in _of(OURS, write)]
    assert [said for path, said in lines if not _means(path, said)] == []


@pytest.mark.parametrize(
    ("path", "template"), [(MAILS, "[hook] could not classify {t}"), (MAILS, "lead 12 wrote: {t}")]
)
@pytest.mark.parametrize("text", SAYS)
def test_a_request_that_failed_is_read_as_a_whole(path: str, template: str, text: str) -> None:
    """Its error may be printed behind any words."""
    assert _means(path, written(template, text), 500)


@pytest.mark.parametrize("text", SAYS)
def test_the_apps_own_error_behind_a_text(text: str) -> None:
    assert _means(MAILS, error_in_json(text))
    assert _means(MAILS, f"could not classify we tried Error: {text}\n    at x (/var/task/.next/server/a.js:1:1)")
    assert not _means(MAILS, f"could not classify {text} Error: no label\n    at x (/var/task/.next/server/a.js:1:1)")


@pytest.mark.parametrize("path", [MAILS, "/api/hooks/x", "/api/inbound/mail", "/api/forms/demo", "/api/v1/support"])
def test_words_before_a_colon_need_a_failure_where_outsiders_send(path: str) -> None:
    said = f"Bob Miller of Acme: {PASSWORD}"
    assert not _means(path, said)
    assert _means("/api/cron/sync", said)
    assert _means(path, f"upsert of Bob Miller of Acme: {PASSWORD}")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"could not classify {UNSET}", 'could not classify ""'),
        (f"could not classify reply 12: {OUT}", 'could not classify reply 12: ""'),
        (f'could not classify "{RELATION}": Error: no label', 'could not classify "": Error: no label'),
        (f'failed to classify "{RELATION}" (lead 12)', 'failed to classify ""'),
        (f"subject={UNSET} body={OUT} id=4", 'subject="" body="" id=4'),
        (f"could not classify {UNSET} {{ id: 12 }}", 'could not classify "" { id: 12 }'),
        (f"could not classify hi\n{UNSET}\nError: x", 'could not classify ""\nError: x'),
        (f"could not parse DATABASE_URL: {UNSET}", f"could not parse DATABASE_URL: {UNSET}"),
        (f"could not parse the env: {UNSET}", f"could not parse the env: {UNSET}"),
        ("header `x` does not match `origin`", "header `x` does not match `origin`"),
        (f"context=a {UNSET}", f"context=a {UNSET}"),
        (f"save title: {UNSET}", f"save title: {UNSET}"),
        ('{"level":"error","message":"could not classify: x"', '{"level":"error","message":"could not classify: x"'),
    ],
)
def test_what_is_left_of_a_line(line: str, left: str) -> None:
    assert quotations.without(line, inbound=False) == left


PIECES = (
    *("could not classify ", "subject=x ", "subject=", 'could not classify "', "reply from lead ", "Error: "),
    *("inbound reply: ", "lead wrote: ", "a=b ", "could not ", "[x] ", "payload.", "save reply: ", "title: '"),
    *("no intent for ", "Error: x\n    at ", 'msg="x" ', "a b: "),
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_twice_as_long_costs_at_most_twice(piece: str) -> None:
    long = piece * (16_384 // len(piece))
    short = long[: len(long) // 2]
    quotations.without(short, inbound=True)
    cost = calls(lambda: quotations.without(long, inbound=True))
    assert cost <= 2 * calls(lambda: quotations.without(short, inbound=True)) + 50
