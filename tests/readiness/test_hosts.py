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
        pytest.param("*", "not yours", id="everything"),
        pytest.param("app.example.com,**", "not yours", id="everything, among others"),
        pytest.param("app.example.com,*.vercel.app", "not yours", id="a host where other people have sites"),
        pytest.param("app.example.com,*.com", "not yours", id="a whole top-level domain"),
        pytest.param("https://app.example.com", "not a host name", id="an address"),
        pytest.param("app.example.com other.com", "not a host name", id="no commas"),
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
