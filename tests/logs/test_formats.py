"""The formats of logs: the same rows tell the same, whatever the format, the order, and the pieces in which they come."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.logs.decoding import Decoding
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.formats import UnknownFormatError
from postdeploy.logs.protocol import Gap, Shows, Span
from tests.logs.rows import (
    DRAINS,
    ENTRIES,
    EXPORTS,
    RECORDS,
    REWRITTEN,
    Writer,
    command_line_63,
    command_line_64,
    drain_row,
    entries,
    export_csv,
    export_json,
    export_lines,
    export_row,
    news,
    semicolons,
    stream,
    without,
)
from tests.properties import tried

ONE = LogEntry(
    at=1_759_622_400_123,
    message="\N{VECTOR OR CROSS PRODUCT} Error: no\n    at x\n digest: '1'",
    level="error",
    method="POST",
    path="/",
    status=500,
    request_id="abcde-1759622400000-0123456789ab",
    deployment_id="dpl_1",
    environment="production",
    source="function",
)
CUTS = st.lists(st.integers(0, 5000), max_size=6)
ALL: tuple[Writer, ...] = (*EXPORTS, *DRAINS, stream, command_line_63, command_line_64)


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@given(ENTRIES, CUTS)
def test_every_export_shows_the_same(rows: list[LogEntry], cuts: list[int]) -> None:
    for write in EXPORTS:
        assert entries(write(rows), cuts) == rows, write.__name__


@given(ENTRIES, CUTS)
def test_a_drain_shows_what_an_export_shows(rows: list[LogEntry], cuts: list[int]) -> None:
    for write in DRAINS:
        assert without(entries(write(rows), cuts), "row_id") == rows, write.__name__


@given(ENTRIES, CUTS)
def test_the_live_stream_shows_all_but_request_and_deployment(rows: list[LogEntry], cuts: list[int]) -> None:
    assert without(entries(stream(rows), cuts), "row_id") == without(rows, "request_id", "deployment_id", "environment")


@given(ENTRIES, CUTS)
def test_cli_63_shows_a_request_and_its_lines(rows: list[LogEntry], cuts: list[int]) -> None:
    found = without(entries(command_line_63(rows), cuts), "row_id")
    assert found[1::2] == rows
    assert found[0::2] == without(rows, "message", "level")


@given(ENTRIES, CUTS)
def test_cli_64_shows_all_but_the_status(rows: list[LogEntry], cuts: list[int]) -> None:
    assert entries(command_line_64(rows), cuts) == without(rows, "status")


@given(st.sampled_from(ALL), ENTRIES, CUTS, st.integers(0, 3))
def test_gzip_in_any_number_of_members_changes_nothing(
    write: Writer, rows: list[LogEntry], cuts: list[int], extra: int
) -> None:
    plain = write(rows)
    places = [0, *sorted(at % (len(plain) + 1) for at in cuts), len(plain)]
    pairs = pairwise(places)
    compressed = b"".join(gzip.compress(plain[since:until]) + b"\0" * extra for since, until in pairs)
    assert entries(compressed, cuts) == entries(plain)


@given(st.sampled_from([*EXPORTS, stream, command_line_63]), st.data())
def test_the_order_of_rows_does_not_matter(write: Writer, data: st.DataObject) -> None:
    rows = data.draw(ENTRIES)
    mixed = data.draw(st.permutations(rows))
    key = LogEntry.__repr__
    assert sorted(without(entries(write(mixed)), "row_id"), key=key) == sorted(
        without(entries(write(rows)), "row_id"), key=key
    )


@given(ENTRIES, st.sampled_from([*EXPORTS[:3], *DRAINS[:2], stream]), st.data())
def test_pieces_do_not_matter_though_rows_are_broken(rows: list[LogEntry], write: Writer, data: st.DataObject) -> None:
    content = bytearray(write(rows))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[at : at + 1] = data.draw(
            st.sampled_from([b"", b'"', b"{", b"}", b"\\", b"\n", b"},{", b"\xff", b"\\ud83d"])
        )

    def outcome(cuts: Sequence[int]) -> object:
        try:
            those = news(bytes(content), cuts)
        except UnknownFormatError as error:
            return str(error)
        return [one for each in those for one in each.entries], sum(each.malformed for each in those)

    assert outcome(data.draw(st.lists(st.integers(0, len(content)), max_size=8))) == outcome([])


@tried(60)
@given(ENTRIES, st.sampled_from(EXPORTS), st.data())
def test_a_cut_file_loses_its_last_row_and_says_so(rows: list[LogEntry], write: Writer, data: st.DataObject) -> None:
    content = write(rows)
    cut = content[: data.draw(st.integers(len(content) // 2 + 1, len(content)))]
    try:
        those = news(cut)
    except UnknownFormatError:
        return  # not even one row
    found = [one for each in those for one in each.entries]
    assert rows[: len(found)] in (
        found,
        [*found[:-1], rows[len(found) - 1]],
    )  # of CSV the last cell may be a shorter text
    assert sum(each.malformed for each in those) <= 1


@pytest.mark.parametrize("write", [export_json, export_lines], ids=["array", "lines"])
@pytest.mark.parametrize(
    "broken",
    [
        '{"timestampInMs": 1, "message": "no end}',
        '{"timestampInMs": }',
        '{"timestampInMs": "soon"}',
        "{]}",
        "null",
        '{"a": 1}',
    ],
)
def test_a_broken_row_is_counted_and_the_next_one_is_read(write: Writer, broken: str) -> None:
    whole = write([ONE, ONE, ONE]).decode()
    second = write([ONE]).decode().strip("[]\r\n")
    at = whole.index(second, len(second))
    those = news((whole[:at] + broken + whole[at + len(second) :]).encode())
    assert [one for each in those for one in each.entries] == [ONE, ONE]
    assert sum(each.malformed for each in those) == 1
    assert broken in "".join(each.malformed_example for each in those)


def test_half_a_surrogate_pair_and_bytes_that_are_not_text_lose_no_row() -> None:
    row = json.dumps(export_row(ONE) | {"message": "cut"})
    content = (row.replace("cut", "cut \\ud83d") + "\n" + row.replace("cut", "cut \xff")).encode("latin-1")
    assert [one.message for one in entries(content)] == ["cut \N{REPLACEMENT CHARACTER}"] * 2


@pytest.mark.parametrize(
    ("given_path", "path"),
    [
        ("app.example.com/", "/"),
        ("app.example.com", "/"),
        ("localhost:3000/api/x?token=1", "/api/x"),
        ("/api/x?next=https://other.example.com/", "/api/x"),
        ("https://app.example.com/api/x#y", "/api/x"),
        ("api/x", "/api/x"),
        ("", ""),
    ],
)
def test_a_path_has_neither_host_nor_query(given_path: str, path: str) -> None:
    [one] = entries(lines(export_row(ONE) | {"requestPath": given_path}))
    assert one.path == path


@pytest.mark.parametrize(
    ("given_status", "status"),
    [
        *[(500, 500), ("500", 500), ("", None), (None, None), (-1, -1), ("-1", -1), (0, 0)],
        *[(500.0, 500), ("500.0", 500), ("500,0", 500), (-1.0, -1), ("200.000", 200)],
    ],
)
def test_a_status_is_a_number_or_a_text(given_status: object, status: int | None) -> None:
    [one] = entries(lines(export_row(ONE) | {"responseStatusCode": given_status}))
    assert (one.status, type(one.status)) == (status, type(status))


@pytest.mark.parametrize("given_status", [500.5, "500.5", "500,5", "5e2", "500.", "500,", 1e300, "0x1F4", "half"])
def test_what_is_no_status_makes_the_row_unreadable(given_status: object) -> None:
    those = news(lines(export_row(ONE), export_row(ONE) | {"responseStatusCode": given_status}))
    assert sum(each.malformed for each in those) == 1


@pytest.mark.parametrize(
    "given_time",
    [
        1_759_622_400_123,
        "1759622400123",
        "1759622400123.0",
        "1759622400123,0",
        1_759_622_400_123.0,
        "2025-10-05T00:00:00.123Z",
        "2025-10-05 00:00:00.123",
    ],
)
def test_a_time_is_a_number_or_iso(given_time: object) -> None:
    [one] = entries(lines(export_row(ONE) | {"timestampInMs": given_time}))
    assert one.at == 1_759_622_400_123


def test_an_export_of_other_times_has_other_columns() -> None:
    those = news(b'message,TimeUTC,brandNew,requestId\r\n"two\nlines",2025-10-05 00:00:00,x,abc-1-2\r\n')
    assert [one for each in those for one in each.entries] == [
        LogEntry(at=1_759_622_400_000, message="two\nlines", request_id="abc-1-2")
    ]
    decoding = Decoding("a file")
    list(decoding.feed(b"message,TimeUTC,brandNew,requestId\r\n"))
    assert decoding.shows == Shows.MESSAGES | Shows.REQUEST_ID | Shows.HISTORY


def test_a_broken_row_of_csv_is_one_broken_row() -> None:
    header, row, _ = EXPORTS[3]([ONE]).split(b"\r\n")
    cut = row[: row.index(b"at x")]
    those = news(b"\r\n".join([header, row, b"too,few", row, cut]))
    assert [one for each in those for one in each.entries] == [ONE, ONE]
    assert sum(each.malformed for each in those) == 2


def drained(**fields: object) -> LogEntry:
    [one] = entries(lines(drain_row(ONE, 1) | fields))
    return one


def test_a_background_revalidation_is_not_a_crash() -> None:
    assert drained(statusCode="", proxy={"statusCode": -1}).status is None
    assert drained(statusCode=200, proxy={"statusCode": -1}).status == 200
    assert drained(statusCode=-1, proxy={"statusCode": 502}).status == -1
    assert drained(statusCode=None, proxy={"statusCode": 404}).status == 404


def test_a_drain_without_a_proxy_still_has_a_path() -> None:
    one = drained(proxy=None, path="/api/x")
    assert (one.path, one.method, one.request_id) == ("/api/x", "", ONE.request_id)
    assert drained(requestId="", proxy={"vercelId": "syd1::iad1::abcde-1-2"}).request_id == "abcde-1-2"


def test_the_delimiter_of_the_live_stream_is_a_gap_until_the_next_row() -> None:
    row = json.loads(stream([ONE]))
    delimiter = {"rowId": "", "timestampInMs": ONE.at + 10, "level": "error", "source": "delimiter", "message": "limit"}
    those = news(lines(row, delimiter, row | {"rowId": "2", "timestampInMs": ONE.at + 5000}, delimiter))
    assert len([one for each in those for one in each.entries]) == 2
    assert [each.gap.span for each in those if each.gap] == [
        Span(ONE.at + 10, ONE.at + 5000),
        Span(ONE.at + 10, ONE.at + 11),
    ]


def test_cli_64_reports_what_it_left_out() -> None:
    log = json.loads(command_line_64([ONE]).splitlines()[0])
    window = {"start": "2025-10-05T00:00:00Z", "end": "2025-10-05T00:30:00Z"}
    excluded = {"start": "2025-10-05T00:10:00Z", "end": "2025-10-05T00:11:00Z"}
    those = news(
        lines(
            log,
            {"type": "warning", "reason": "stream_gap"},
            {"type": "warning", "reason": "deprecated", "message": "--follow"},
            {"type": "summary", "timeRange": window, "pagination": {"hasMore": True}, "excludedIntervals": [excluded]},
        )
    )
    start = 1_759_622_400_000
    assert {each.gap.span for each in those if each.gap} == {
        Span(start, start + 1_800_000),
        Span(start + 600_000, start + 660_000),
        Span(start, ONE.at),
    }
    assert [each.note for each in those if each.note] == ["vercel logs: deprecated: --follow"]
    assert not [each.covered for each in those if each.covered]


def test_cli_64_covers_what_it_was_asked_for_if_nothing_is_left_out() -> None:
    window = {"start": "2025-10-05T00:00:00Z", "end": "2025-10-05T00:30:00Z"}
    those = news(lines({"type": "summary", "timeRange": window, "pagination": {"hasMore": False}}))
    assert [each.covered for each in those] == [Span(1_759_622_400_000, 1_759_624_200_000)]


def test_cli_64_shows_the_status_only_of_requests() -> None:
    log = command_line_64([ONE]).splitlines()[0] + b"\n"
    request = lines({"type": "request", "data": {"timestamp": ONE.at, "requestId": "a-1-2", "httpStatus": 500}})
    decoding = Decoding("a file")
    list(decoding.feed(log))
    assert not decoding.shows & Shows.STATUS
    list(decoding.feed(request))
    assert decoding.shows & Shows.STATUS


def test_a_gzip_that_is_cut_is_a_gap() -> None:
    compressed = gzip.compress(export_lines([ONE] * 2000))
    *_, last = news(compressed[:-40])
    assert last.gap is not None
    assert "cut" in last.gap.why


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"\0\1\2" * 50, "binary"),
        (b"<!DOCTYPE html><html>", "web page"),
        ('{"timestampInMs":1}'.encode("utf-16-le"), "save it as UTF-8"),
        ('{"timestampInMs":1}'.encode("utf-32"), "save it as UTF-8"),
        (b"PK\x03\x04....", "Decompress it"),
        (b'{"foo": 1}\n{"bar": 2}\n', "unknown format: 1 unknown field"),
        (b'{"foo": 1, "bar": 2, "timestamp": 3}', "unknown format: timestamp, 2 unknown fields"),
        (b"timestampInMs;message\n1,79E+12;x\n", "spreadsheet program has rewritten its times"),
        (b"TimeUTC,timestampInMs,message\n2026-01-01 00:00:00,1.78974E+12,x\n", "spreadsheet program"),
        (b"requestPath;message;name\n/;x;y\n", "message, requestPath, 1 unknown field.*It needs timestampInMs"),
        (b"12:00:01 GET / 200\n", "--json"),
        (b'{"status":"error","reason":"missing_scope","message":"Pick a team"}', "Pick a team"),
        (bytes(5000), "is empty"),
    ],
)
def test_what_is_not_a_log_is_refused_with_its_remedy(content: bytes, says: str) -> None:
    with pytest.raises(UnknownFormatError, match=says):
        news(content)


@pytest.mark.parametrize(
    "content",
    [
        b'[{"anna@example.com": 1, "timestamp": 3}]',
        b"anna@example.com,sommer2026\n" * 9,
        b"anna@example.com;sommer2026\nb;c\n",
        b"message\tanna@example.com\nx\tsommer2026\n",
        b'{"status": "error", "reason": "x", "message": "of anna@example.com, Bearer sommer2026sommer2026"}',
        b'{"status": "new", "reason": "sommer2026", "message": "anna@example.com"}',
        b'{"anna@example.com": [{"name": "sommer2026"}]}',
        b'{"anna": {"timestampInMs": 1, "message": "sommer2026"}}',
    ],
)
def test_a_refusal_shows_nothing_of_a_file_that_is_no_log(content: bytes) -> None:
    """It may hold people's data, also in the names of its fields."""
    with pytest.raises(UnknownFormatError) as refused:
        news(content)
    assert not {word for word in ("anna", "sommer2026") if word in str(refused.value)}


@pytest.mark.parametrize(
    ("content", "cure"),
    [
        (json.dumps({"logs": [export_row(ONE)], "pagination": None}), r"jq -c '\.logs\[\]' FILE"),
        (json.dumps({"pagination": {"next": None}, "data": [export_row(ONE)] * 9}, indent=2), r"jq -c '\.data\[\]' "),
        (json.dumps({"data": export_row(ONE)}) + "\n", r"jq -c '\.data' FILE"),
        (json.dumps({"_index": "x", "_source": drain_row(ONE, 1)}) * 3, r"jq -c '\._source' FILE"),
        (json.dumps({"mine": drain_row(ONE, 1)}), r"jq -c '\.KEY' FILE"),
    ],
)
def test_rows_under_a_key_are_refused_with_what_takes_them_out(content: str, cure: str) -> None:
    with pytest.raises(UnknownFormatError, match=cure):
        news(content.encode())


@given(st.sampled_from([*REWRITTEN, *RECORDS]), ENTRIES, CUTS)
def test_an_export_that_was_written_otherwise_shows_the_same(
    write: Writer, rows: list[LogEntry], cuts: list[int]
) -> None:
    assert without(entries(write(rows), cuts), "row_id") == rows


def test_tables_one_behind_the_other_are_one() -> None:
    content = export_csv([ONE]) + export_csv([ONE]) + semicolons([ONE])
    those = news(content)
    assert [one for each in those for one in each.entries] == [ONE, ONE]
    assert sum(each.malformed for each in those) == 1, "the third has another header"


@pytest.mark.parametrize(
    ("header", "given_fields"),
    [
        ("timestampInMs,requestPath,message", {"at": 5, "path": "/a", "message": "m"}),
        ("TIMESTAMPINMS;REQUESTPATH;MESSAGE", {"at": 5, "path": "/a", "message": "m"}),
        ("timestamp_in_ms|request path|Message", {"at": 5, "path": "/a", "message": "m"}),
        ("timestampInMs\tMESSAGE\tmessage", {"at": 5, "message": "m"}),
        ("timestampInMs,requestPath,a;b;message", {"at": 5, "path": "/a"}),
    ],
)
def test_a_header_says_how_a_table_is_written(header: str, given_fields: dict[str, Any]) -> None:
    separator = next(one for one in ",;|\t" if one in header)
    content = f"{header}\n{separator.join(['5', '/a', 'm'])}\n".encode()
    assert entries(content) == [LogEntry(**given_fields)]


def test_an_export_without_a_row_is_an_export() -> None:
    assert news(b"[]\n") == []


def test_a_gap_is_a_value() -> None:
    assert Gap(Span(1, 2), "why") == Gap(Span(1, 2), "why")
