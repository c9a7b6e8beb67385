"""Which answers a cache has given again."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from postdeploy.page.journal import Kind
from postdeploy.page.replay import is_replayed

NOW = 1_800_000_000.0


def date(ago: float) -> dict[str, str]:
    return {"date": formatdate(NOW - ago, usegmt=True)}


@pytest.mark.parametrize(
    ("kind", "headers", "replayed"),
    [
        pytest.param(Kind.ACTION, {"x-vercel-id": "b"} | date(0), False, id="an action of its own"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "b", "age": "0"}, False, id="an age of zero"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "b"} | date(60), False, id="clocks may differ by a minute"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "b", "age": "young"}, False, id="an age that is not a number"),
        pytest.param(Kind.ACTION, {}, False, id="no headers at all"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "a"} | date(0), True, id="the request id of an earlier action"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "b", "age": "7"}, True, id="an action with an age"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "b"} | date(600), True, id="an action answered before it was sent"),
        pytest.param(Kind.API, {"age": "30"} | date(30), True, id="a read with an age"),
        pytest.param(Kind.API, date(3600), True, id="a read answered an hour before it was sent (stale-if-error)"),
        pytest.param(
            Kind.API, {"x-vercel-id": "a"} | date(1), False, id="a read may come from the browser's own cache"
        ),
        pytest.param(Kind.PAGE, {"age": "86400"} | date(0), False, id="a static page from the CDN"),
        pytest.param(Kind.OTHER, {"age": "86400"} | date(86400), False, id="a file from the CDN"),
    ],
)
def test_what_can_not_be_replayed_says_so(kind: Kind, headers: dict[str, str], *, replayed: bool) -> None:
    assert is_replayed(kind, headers, NOW * 1000, {"a"}, clocks=120) is replayed
