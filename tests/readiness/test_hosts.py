"""SERVER_ACTIONS_ALLOWED_ORIGINS covers every production domain and nobody else's."""

from __future__ import annotations

import pytest

from postdeploy.readiness.hosts import custom, wrong_origins

DOMAINS = ("app.example.com", "inbox-9x.vercel.app")


@pytest.mark.parametrize("value", ["app.example.com", "*.example.com", "**.example.com", "other.com, APP.example.com"])
def test_a_list_that_covers_the_custom_domain(value: str) -> None:
    assert wrong_origins(value, DOMAINS) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("*", "everybody's", id="everything"),
        pytest.param("app.example.com,**", "everybody's", id="everything, among others"),
        pytest.param("app.example.com,*.vercel.app", "everybody's", id="a host where anybody has a site"),
        pytest.param("app.example.com,*.com", "everybody's", id="a whole top-level domain"),
        pytest.param("https://app.example.com", "no host", id="an address"),
        pytest.param("app.example.com other.com", "no host", id="no commas"),
        pytest.param("other.com", "does not cover app.example.com", id="the domain is lacking"),
        pytest.param("*.app.example.com", "does not cover app.example.com", id="only what is below it"),
        pytest.param("*.com.example", "does not cover app.example.com", id="the other way round"),
    ],
)
def test_a_list_that_is_wrong(value: str, says: str) -> None:
    found = wrong_origins(value, DOMAINS)
    assert found is not None
    assert says in found


def test_the_platforms_own_hosts_need_no_entry() -> None:
    assert custom(DOMAINS) == ("app.example.com",)
