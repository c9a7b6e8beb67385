"""Which answers a cache has given again."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from postdeploy.page.journal import Kind
from postdeploy.page.replay import is_made_up, is_replayed

NOW = 1_800_000_000.0


def date(ago: float) -> dict[str, str]:
    return {"date": formatdate(NOW - ago, usegmt=True)}


def made(ago: float) -> str:
    """Vercel's request id of a request then."""
    return f"fra1::iad1::x7k2p-{int((NOW - ago) * 1000)}-0123456789ab"


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
        pytest.param(Kind.ACTION, {"x-vercel-id": "b", "age": "1"}, True, id="an action of a second ago"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "b"} | date(600), True, id="an action answered before it was sent"),
        pytest.param(Kind.API, {"age": "30"} | date(30), True, id="a read with an age"),
        pytest.param(Kind.API, date(3600), True, id="a read answered an hour before it was sent (stale-if-error)"),
        *(
            pytest.param(
                Kind.API, {"x-vercel-id": "a", **kept} | date(1), False, id=f"a read that the browser may keep: {kept}"
            )
            for kept in (
                {"cache-control": "private, max-age=5"},
                {"etag": 'W/"1"'},
                {"expires": "Fri, 15 Jan 2027 08:00:00 GMT"},
                {"last-modified": "Fri, 15 Jan 2027 08:00:00 GMT"},
            )
        ),
        *(
            pytest.param(
                Kind.API, {"x-vercel-id": "a", **headers} | date(1), True, id=f"a read that it may not: {headers}"
            )
            for headers in (
                {},
                {"cache-control": "private, no-store, max-age=0"},
                {"cache-control": "no-store", "etag": "1"},
            )
        ),
        pytest.param(Kind.API, {"x-vercel-id": "b"} | date(1), False, id="a read of its own"),
        pytest.param(Kind.ACTION, {"x-vercel-id": made(2)} | date(0), False, id="an id of now"),
        pytest.param(
            Kind.ACTION, {"x-vercel-id": made(600)} | date(0), True, id="an id of ten minutes ago, with a new date"
        ),
        pytest.param(Kind.API, {"x-vercel-id": made(600)} | date(0), True, id="a read with an id of ten minutes ago"),
        pytest.param(Kind.PAGE, {"x-vercel-id": made(600)} | date(0), False, id="a page with an id of ten minutes ago"),
        pytest.param(Kind.ACTION, {"x-vercel-id": "abc-17-f00"} | date(0), False, id="an id of another format"),
        pytest.param(Kind.ACTION, date(120), False, id="exactly as old as clocks may differ"),
        pytest.param(Kind.ACTION, date(121), False, id="and a second, for a date has whole seconds"),
        pytest.param(Kind.ACTION, date(122), True, id="older than that"),
        pytest.param(Kind.PAGE, {"age": "86400"} | date(0), False, id="a static page from the CDN"),
        pytest.param(Kind.OTHER, {"age": "86400"} | date(86400), False, id="a file from the CDN"),
    ],
)
def test_what_can_not_be_replayed_says_so(kind: Kind, headers: dict[str, str], *, replayed: bool) -> None:
    assert is_replayed(kind, headers, NOW * 1000, {"a"}, clocks=120) is replayed


@pytest.mark.parametrize(
    ("kind", "headers", "by_worker", "made_up"),
    [
        pytest.param(Kind.API, {"content-type": "application/json"}, True, True, id="a worker's own answer to a read"),
        pytest.param(Kind.ACTION, {}, True, True, id="to an action"),
        pytest.param(Kind.API, date(0), True, False, id="a worker passes the server's answer on"),
        pytest.param(Kind.API, {}, False, False, id="there is no worker"),
        pytest.param(Kind.OTHER, {}, True, False, id="a request that is not judged"),
    ],
)
def test_a_service_worker_may_write_an_answer_itself(
    kind: Kind, headers: dict[str, str], by_worker: bool, made_up: bool
) -> None:
    assert is_made_up(kind, headers, by_worker=by_worker) is made_up
