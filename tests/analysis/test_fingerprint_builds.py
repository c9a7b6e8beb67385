"""An error known before a rebuild is known after it: what a minifier or a bundler named does not distinguish, what the code named does."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import words

STACK = "\n    at a (/var/task/.next/server/chunks/1.js:1:1) {\n  digest: '131415'\n}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TypeError: (0 , r.getInbox) is not a function", "TypeError: (0 , t.getInbox) is not a function"),
        ("TypeError: (0,r.getInbox) is not a function", "TypeError: (0,ei.getInbox) is not a function"),
        (
            "TypeError: (0, _inbox__WEBPACK_IMPORTED_MODULE_3__.get) is not a function",
            "TypeError: (0, _inbox__WEBPACK_IMPORTED_MODULE_7__.get) is not a function",
        ),
        ("TypeError: (0 , r.Z) is not a function", "TypeError: (0 , i.A) is not a function"),
        ("TypeError: e is not a function", "TypeError: t is not a function"),
        ("TypeError: e is not a constructor", "TypeError: ae is not a constructor"),
        ("TypeError: e is not iterable", "TypeError: t$1 is not iterable"),
        ("TypeError: e is not async iterable", "TypeError: n2 is not async iterable"),
        ("ReferenceError: e is not defined", "ReferenceError: a is not defined"),
        ("TypeError: e.user?.map is not a function", "TypeError: t.user?.map is not a function"),
        ("TypeError: e?.map is not a function", "TypeError: t?.map is not a function"),
        ("TypeError: e(...).map is not a function", "TypeError: t(...).map is not a function"),
        ("TypeError: e[0].map is not a function", "TypeError: t[0].map is not a function"),
        ('{"level":"error","message":"e is not iterable"}', '{"level":"error","message":"t is not iterable"}'),
        (
            "TypeError: undefined is not an object (evaluating 'e.user.name')",
            "TypeError: undefined is not an object (evaluating 'n.user.name')",
        ),
        (
            "TypeError: Class constructor le cannot be invoked without 'new'",
            "TypeError: Class constructor ae cannot be invoked without 'new'",
        ),
        (
            "TypeError: Cannot read properties of undefined (reading 'e')",
            "TypeError: Cannot read properties of undefined (reading 't')",
        ),
        (
            "ReferenceError: Cannot access 'e' before initialization",
            "ReferenceError: Cannot access 'tt' before initialization",
        ),
        (" ⨯ le: lead is archived", " ⨯ ae: lead is archived"),
        (f"le: lead is archived{STACK}", f"ae: lead is archived{STACK}"),
        (
            "Error: Cannot find module '/var/task/.next/server/chunks/8213.js'",
            "Error: Cannot find module '/var/task/.next/server/chunks/77.js'",
        ),
        ("Error: Cannot find module './77.js'", "Error: Cannot find module './8.js'"),
        ("Error: Cannot find module '77'", "Error: Cannot find module '8'"),
        (
            "TypeError: Cannot use 'in' operator to search for 'id' in 5",
            "TypeError: Cannot use 'in' operator to search for 'id' in abc",
        ),
        (
            "TypeError: Cannot use 'in' operator to search for 'id' in Hello Anna",
            "TypeError: Cannot use 'in' operator to search for 'id' in {\"a\": \"b c\"}",
        ),
    ],
)
def test_an_error_known_before_a_rebuild_is_known_after_it(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TypeError: (0 , r.getInbox) is not a function", "TypeError: (0 , r.listLeads) is not a function"),
        ("TypeError: e.user.map is not a function", "TypeError: e.owner.map is not a function"),
        ("TypeError: e(...).map is not a function", "TypeError: e(...).filter is not a function"),
        ("TypeError: e is not a function", "TypeError: e is not iterable"),
        ("TypeError: leads is not iterable", "TypeError: threads is not iterable"),
        ("TypeError: lead.save is not a function", "TypeError: deal.save is not a function"),
        ("TypeError: Stripe is not a constructor", "TypeError: Redis is not a constructor"),
        (
            "TypeError: Cannot read properties of undefined (reading 'id')",
            "TypeError: Cannot read properties of undefined (reading 'to')",
        ),
        (
            "ReferenceError: Cannot access 'lead' before initialization",
            "ReferenceError: Cannot access 'thread' before initialization",
        ),
        (
            "ReferenceError: Cannot access 'lead' before initialization",
            "ReferenceError: Cannot access 'e' before initialization",
        ),
        (
            "TypeError: undefined is not an object (evaluating 'e.user.name')",
            "TypeError: undefined is not an object (evaluating 'e.lead.name')",
        ),
        (
            "TypeError: Cannot use 'in' operator to search for 'id' in 5",
            "TypeError: Cannot use 'in' operator to search for 'name' in 5",
        ),
        (
            "TypeError: Class constructor Lead cannot be invoked without 'new'",
            "TypeError: Class constructor Deal cannot be invoked without 'new'",
        ),
        ("Error: Cannot find module '/var/task/lib/leads.js'", "Error: Cannot find module '/var/task/lib/deals.js'"),
        ("db: timeout", "ai: timeout"),
    ],
)
def test_what_the_code_named_distinguishes(one: str, other: str) -> None:
    assert words(one) != words(other)
