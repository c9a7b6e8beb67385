"""Pairs that nobody looked at while the rules were made, invented to break them: one error told twice, and two that look alike."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Error: Lead lead_5 not found", "Error: Lead lead_77 not found"),
        ("Error: id=abc5 is gone", "Error: id=xyz9 is gone"),
        ("Error: Anna5 has no seat", "Error: Bob22 has no seat"),
        ("Error: conversation V1StGXR8_Z5 is closed", "Error: conversation a1b2c3d4e5 is closed"),
        ("Error: token bqYkLmWzXc rejected", "Error: token zrTkPqWvNn rejected"),
        ("Error: SDK v5.5.5 is too old", "Error: SDK v6.1.0 is too old"),
        ("Error: GET /de/leads/anna-schmidt failed", "Error: GET /en/leads/ben-meier failed"),
        ("Error: page /blog/my-first-post not found", "Error: page /blog/another-story not found"),
        ("Error: Workspace 'Acme GmbH' is over quota", "Error: Workspace 'Beta Ltd' is over quota"),
        ("Error: timeout of 5000ms exceeded", "Error: timeout of 12000ms exceeded"),
        ("Error: chunk 4 of 9 failed", "Error: chunk 7 of 12 failed"),
        ("Error: [lead:17] cannot be saved", "Error: [lead:18] cannot be saved"),
        ("Error: invalid phone (555) 123-4567", "Error: invalid phone +49 30 1234567"),
        ("Error: Slot 2026-11-29 10:00 is taken", "Error: Slot Dec 3, 2026 4:30 PM is taken"),
        ("Error: Amount €12.50 too low", "Error: Amount €3.00 too low"),
        ("Error: job followups#8f3e failed", "Error: job followups#77aa failed"),
    ],
)
def test_one_error_has_one_fingerprint_whoever_met_it(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Error: Cannot find module 'a'", "Error: Cannot find module 'b'"),
        ('error: relation "leads" does not exist', 'error: relation "deals" does not exist'),
        ("Error: HTTP 404", "Error: HTTP 502"),
        ('Error: missing "A_KEY"', 'Error: missing "B_KEY"'),
        ("TypeError: lead.save is not a function", "TypeError: deal.save is not a function"),
        ("TypeError: Cannot read properties of null (reading 'id')", "TypeError: Cannot read properties of null (reading 'name')"),
        ("Error: Request failed with status code 401", "Error: Request failed with status code 500"),
        ("FetchError: request to https://api.openai.com/v1 failed", "FetchError: request to https://api.stripe.com/v1 failed"),
        ("Error: certificate has expired", "Error: self signed certificate"),
        ('ZodError: [{"code":"invalid_type","path":["email"]}]', 'ZodError: [{"code":"invalid_type","path":["phone"]}]'),
        ('error: violates unique constraint "lead_email_key"', 'error: violates unique constraint "lead_phone_key"'),
        ('error: null value in column "a_id" of relation "x"', 'error: null value in column "b_id" of relation "x"'),
        ("ReferenceError: window is not defined", "ReferenceError: document is not defined"),
        ("SyntaxError: Unexpected token '<'", "SyntaxError: Unexpected end of JSON input"),
        ("Error: rate_limit_exceeded", "Error: insufficient_quota"),
        ("Error: P2002 on lead", "Error: P2025 on lead"),
        ("Error: getaddrinfo ENOTFOUND db.supabase.co", "Error: getaddrinfo ENOTFOUND api.openai.com"),
        ("Error: connect ECONNREFUSED 10.0.0.1:5432", "Error: connect ECONNREFUSED 10.0.0.1:6379"),
        ("Error: Dynamic server usage: it used `cookies`", "Error: Dynamic server usage: it used `headers`"),
    ],
)  # fmt: skip
def test_two_errors_have_two_fingerprints_however_alike(one: str, other: str) -> None:
    assert words(one) != words(other)


STACK = "\n    at x (/var/task/.next/server/chunks/1.js:1:993) {\n  digest: '31415'\n}"

STACK_WITH = STACK.replace("{", "{{").replace("}", "}}").replace("digest", "[cause]: {},\n  digest")


@pytest.mark.parametrize(
    "printed",
    [
        f"⨯ TypeError: e.map is not a function{STACK}",
        f"TypeError: e.map is not a function{STACK}",
        "TypeError: e.map is not a function",
        f" ⨯ Error [TypeError]: e.map is not a function{STACK}",
        " ⨯ [TypeError: e.map is not a function] {\n  digest: '1'\n}",
        "[TypeError: e.map is not a function]",
        f" ⨯ unhandledRejection: TypeError: e.map is not a function{STACK}",
        "\x1b[31m\x1b[1m⨯\x1b[22m\x1b[39m TypeError: e.map is not a function",
        "❌ TypeError: e.map is not a function",
        "2026-12-02T10:00:00.000Z ERROR TypeError: e.map is not a function",
        "2026-12-02 10:00:00 ERROR TypeError: e.map is not a function",
        f"2026-12-02T10:00:00.000Z ⨯ TypeError: e.map is not a function{STACK}",
        "[10:00:00.123] ERROR (8): TypeError: e.map is not a function",
        f" ⨯ TypeError: e.map is not a function{STACK_WITH.format('undefined')}",
    ],
)
def test_an_error_is_the_same_in_whatever_it_is_printed(printed: str) -> None:
    assert words(printed) == words(f" ⨯ TypeError: e.map is not a function{STACK}")


@pytest.mark.parametrize(
    "printed",
    [
        f" ⨯ RangeError: e.map is not a function{STACK}",
        f" ⨯ Error [ERR_MAP]: e.map is not a function{STACK}",
        "[TypeError: e.filter is not a function]",
        "[leads] TypeError: e.map is not a function",
        "2026-12-02T10:00:00.000Z ERROR ReferenceError: e.map is not defined",
        f" ⨯ TypeError: e.map is not a function{STACK_WITH.format('Error: no seats left')}",
        "404 TypeError: e.map is not a function",
    ],
)
def test_another_error_is_another_in_whatever_it_is_printed(printed: str) -> None:
    assert words(printed) != words(f" ⨯ TypeError: e.map is not a function{STACK}")
