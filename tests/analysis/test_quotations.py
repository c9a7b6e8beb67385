"""What error lines quote of a person outside means nothing, however it is printed; what the app says itself does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from postdeploy.analysis import quotations
from tests.analysis.outspoken_logs import OF_SETTINGS, SPEAKING
from tests.analysis.quoting_logs import (
    BELIEVED,
    CRON,
    MAILS,
    OURS,
    OUT,
    PAGE,
    PASSWORD,
    RELATION,
    SAYS,
    SLACK,
    THEIRS,
    UNSET,
    as_json,
    error_in_json,
    method,
    written,
)
from tests.analysis.test_bounds import calls
from tests.analysis.test_outsiders_fields import troubles

WRITTEN = [written, as_json]


def _of(lines: tuple[tuple[str, str], ...], write: Callable[[str, str], str]) -> list[tuple[str, str]]:
    """Those that an app may write so: a line of logfmt or in colour is no message of JSON, and marks escaped three times are not read."""
    return [one for one in lines if write is written or not (one[1][0] in "l\x1b" or "{q}" in one[1])]


def _means(path: str, said: str, status: int = 200) -> set[str]:
    return troubles(said, path, method(path), status)


@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("text", SAYS)
@pytest.mark.parametrize("status", [200, 400])
def test_what_a_person_wrote_means_nothing(write: Callable[[str, str], str], text: str, status: int) -> None:
    lines = [(path, write(template, text)) for path, template in _of(THEIRS, write)]
    assert [said for path, said in lines if _means(path, said, status)] == []


@pytest.mark.parametrize("write", WRITTEN)
@pytest.mark.parametrize("text", SAYS)
@pytest.mark.parametrize("theirs", [OURS, SPEAKING], ids=["ours", "outspoken"])
def test_what_the_app_says_itself_is_meant(
    write: Callable[[str, str], str], text: str, theirs: tuple[tuple[str, str], ...]
) -> None:
    lines = [(path, write(template, text)) for path, template in _of(theirs, write)]
    assert [said for path, said in lines if not _means(path, said)] == []


def test_a_setting_that_the_app_lacks_is_meant() -> None:
    assert [said for path, said in OF_SETTINGS if not _means(path, said)] == []


@pytest.mark.parametrize("text", SAYS)
def test_what_may_be_either_is_meant(text: str) -> None:
    """A false alarm of an outsider's text is the smaller evil."""
    lines = [(path, written(template, text)) for path, template in BELIEVED]
    assert [said for path, said in lines if not _means(path, said)] == []


@pytest.mark.parametrize("template", ["[hook] could not classify reply 12: {t}", "lead 12 wrote: {t}", "subject={t}"])
@pytest.mark.parametrize("text", SAYS)
def test_a_request_that_failed_is_read_as_a_whole(template: str, text: str) -> None:
    """Its error may be printed behind any words."""
    assert _means(MAILS, written(template, text), 500)


@pytest.mark.parametrize("text", SAYS)
def test_the_apps_own_error_behind_a_text(text: str) -> None:
    assert _means(MAILS, error_in_json(text))
    assert _means(MAILS, f"could not classify reply 12: we tried Error: {text}")


@pytest.mark.parametrize(
    "path",
    [
        *(MAILS, SLACK, "/api/hooks/x", "/api/inbound/mail", "/api/forms/demo", "/api/v1/support", "/api/twilio/sms"),
        *(
            "/api/inbound-email",
            "/api/email-inbound",
            "/api/unipile/callback",
            "/api/v2/mailgun/receive",
            "/api/webhook",
        ),
    ],
)
def test_routes_by_which_people_outside_send(path: str) -> None:
    assert not _means(path, f"could not classify reply 12: {PASSWORD}")


@pytest.mark.parametrize(
    "path",
    [
        *(
            PAGE,
            CRON,
            "/api/inbox/conversations",
            "/api/inbox/hooks",
            "/api/webhooks/settings",
            "/api/settings/inbound",
        ),
        *("/api/jobs/inbound-email", "/api/cron/inbound", "/api/twilio/numbers", "/api/unipile/accounts", "/api/sms"),
        *("/api/replies", "/api/messages/12", "/api/admin/support"),
    ],
)
def test_on_any_other_route_it_is_the_apps(path: str) -> None:
    assert _means(path, f"could not classify reply 12: {PASSWORD}")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"could not classify reply 12: {OUT}", 'could not classify reply 12: ""'),
        (f'could not classify mail "{RELATION}": x', 'could not classify mail "": x'),
        (f'failed to classify text "{RELATION}" (lead 12)', 'failed to classify text "" (lead 12)'),
        (f"subject={UNSET} reply_text={OUT} id=4", 'subject="" reply_text="" id=4'),
        (f"subject={UNSET} body={OUT} id=4", f'subject="" body={OUT} id=4'),
        (f"could not classify reply: {UNSET} {{ id: 12 }}", 'could not classify reply: "" { id: 12 }'),
        (f"could not classify reply: hi\n{UNSET}", f'could not classify reply: ""\n{UNSET}'),
        (f"could not classify reply: {PASSWORD}", 'could not classify reply: ""failed for user "app"'),
        ("header `x` does not match `origin`", "header `x` does not match `origin`"),
        (f"context=a {UNSET}", f"context=a {UNSET}"),
        (f"save subject: {UNSET}", f"save subject: {UNSET}"),
        (f"could not classify {UNSET}", f"could not classify {UNSET}"),
        (f"could not classify reply: x\n    at {UNSET}", f"could not classify reply: x\n    at {UNSET}"),
        ('{"level":"error","message":"lead wrote: x"', '{"level":"error","message":"lead wrote: x"'),
        ("could not classify reply: ", "could not classify reply: "),
    ],
)
def test_what_is_left_of_a_line(line: str, left: str) -> None:
    assert quotations.without(line) == left


PIECES = (
    *("could not classify reply: ", "subject=x ", "subject=", 'could not classify reply "', "reply from lead 1: "),
    *("inbound reply from lead ", "lead wrote: ", "a=b ", "could not ", "[x] ", "x: (", "the ", "title: '", "mail '"),
    *("no intent for mail", "Error: x\n    at ", 'msg="x" ', "a b: ", "lead wrote: '", "reply from +1 ", "a=b, "),
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_twice_as_long_costs_at_most_twice(piece: str) -> None:
    long = piece * (16_384 // len(piece))
    short = long[: len(long) // 2]
    quotations.without(short)
    cost = calls(lambda: quotations.without(long))
    assert cost <= 2 * calls(lambda: quotations.without(short)) + 50
