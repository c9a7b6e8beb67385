"""The address under verification."""

from __future__ import annotations

import pytest

from postdeploy.model import UsageError
from postdeploy.target.address import parse_base_url


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "app.example.com",
        "ftp://x",
        "https://u:p@x.example",
        "https://x.example/inbox",
        "https://x.example?a=1",
        "https://app example com",
        "https://app..example.com",
        "https://.example.com",
        "https://app.example.com:99999",
        "https://app.example.com:port",
        "https://[::1",
        "https://<your-app>.vercel.app",
        "https://app.example.com\n.evil.test x",
    ],
)
def test_a_malformed_base_url_is_a_usage_error(text: str | None) -> None:
    with pytest.raises(UsageError, match="smoke: "):
        parse_base_url(text)


@pytest.mark.parametrize(
    "text", ["https://u:p4ss@x.example:99999", "u:p4ss@x.example", "https://u:p4ss@<x>", "https://u:p@4ss@x.example"]
)
def test_a_password_in_it_is_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_base_url(text)
    assert "4ss" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["https://app-git-main-acme.vercel.app", "http://[::1]:3000", "http://localhost:3000", "https://büro.example"],
)
def test_every_web_address_is_taken_as_it_is(text: str) -> None:
    assert parse_base_url(text) == text


def test_a_base_url_loses_its_slash() -> None:
    assert parse_base_url("https://app.example.com/") == "https://app.example.com"
