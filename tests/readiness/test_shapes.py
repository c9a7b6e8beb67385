"""What is wrong with a value is said without the value."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.readiness.shapes import mistake, role_of
from postdeploy.runbook.readiness_tables import Shape, Variable


def key(role: str) -> str:
    body = base64.urlsafe_b64encode(json.dumps({"role": role}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{body}.c2lnbmF0dXJl"


POOLED = "postgresql://app:pw@host.pooler.supabase.com:6543/postgres?pgbouncer=true"
DIRECT = "postgresql://app:pw@db.abc.supabase.co:5432/postgres"


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ("secret", "c3b9a8f7e6d5c4b3a291"),
        ("https", "https://abc.supabase.co"),
        ("public-key", key("anon")),
        ("public-key", "sb_publishable_abcdefghijk"),
        ("pooled", POOLED),
        ("pooled", "postgres://app:pw@pool.example.com:6543/postgres"),
        ("direct", DIRECT),
        ("any", "x"),
    ],
)
def test_a_good_value(shape: Shape, value: str) -> None:
    assert mistake(value, Variable(shape)) is None


@pytest.mark.parametrize(
    ("shape", "value", "says"),
    [
        pytest.param("secret", "c3b9a8f7e6d5c4b3a291\n", "a line break", id="a line break at the end"),
        pytest.param("secret", " c3b9a8f7e6d5c4b3a291", "a space", id="a space before"),
        pytest.param("secret", "", "is empty", id="empty"),
        pytest.param("secret", '"c3b9a8f7e6d5c4b3a291"', "quotes", id="in quotes"),
        pytest.param("secret", "changeme-changeme", "placeholder", id="a placeholder"),
        pytest.param("secret", "your-secret-goes-here", "placeholder", id="another placeholder"),
        pytest.param("secret", "aaaaaaaaaaaaaaaaaaaa", "placeholder", id="one letter only"),
        pytest.param("secret", "c3b9a8f7e6d", "shorter than 16", id="too short"),
        pytest.param("https", "http://abc.supabase.co", "not an https address", id="http"),
        pytest.param("https", "abc.supabase.co", "not an https address", id="no scheme"),
        pytest.param("https", "https://[abc.supabase.co", "not an https address", id="half a bracket"),
        pytest.param("https", "https://localhost:3000", "points to this machine", id="this machine"),
        pytest.param("public-key", key("service_role"), "service-role key", id="the service-role key"),
        pytest.param("public-key", "sb_secret_abcdefghijk", "service-role key", id="the newer secret key"),
        pytest.param("public-key", "undefined", "not an anon key", id="no key at all"),
        pytest.param("pooled", DIRECT, "not the pooled connection", id="the direct one for the pooled"),
        pytest.param("pooled", "https://abc.supabase.co", "not a Postgres address", id="no Postgres"),
        pytest.param("direct", POOLED, "is the pooled connection", id="the pooled one for the direct"),
        pytest.param("direct", "postgresql://[", "not a Postgres address", id="no address"),
    ],
)
def test_a_bad_value(shape: Shape, value: str, says: str) -> None:
    found = mistake(value, Variable(shape))
    assert found is not None
    assert says in found


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("0", None),
        ("false", None),
        ("", None),
        ("1", "safe value (0 or false)"),
        ("maybe", "not a feature flag's value"),
    ],
)
def test_a_feature_flag(value: str, wrong: str | None) -> None:
    flag = Variable("feature-flag", safe=("0", "false"), unset_is_safe=True)
    found = mistake(value, flag)
    assert found is None if wrong is None else found and wrong in found


def test_http_and_this_machine_are_in_order_where_the_deployment_is_there_too() -> None:
    assert mistake("http://localhost:3000", Variable("https"), loopback=True) is None
    assert mistake("http://abc.supabase.co", Variable("https"), loopback=True) == "is not an https address"


@given(st.sampled_from(["secret", "https", "public-key", "pooled", "direct", "feature-flag"]), st.text(min_size=9))
def test_no_value_breaks_it_and_none_is_repeated(shape: Shape, value: str) -> None:
    found = mistake(value, Variable(shape))
    assert found is None or value.strip() not in found


@given(st.text())
def test_anything_may_be_taken_for_a_key(text: str) -> None:
    assert isinstance(role_of(text), str)
