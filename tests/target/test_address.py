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
    ],
)
def test_a_malformed_base_url_is_a_usage_error(text: str | None) -> None:
    with pytest.raises(UsageError, match="smoke: "):
        parse_base_url(text)


def test_a_base_url_loses_its_slash() -> None:
    assert parse_base_url("https://app.example.com/") == "https://app.example.com"
