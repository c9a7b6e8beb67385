"""Logs in a lake: what Spark counts on a cluster is what the plain reference counts, and little leaves it."""

from __future__ import annotations

import datetime as dt
import gzip
import importlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from postdeploy.logs import warehouse_sql
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import open_source
from postdeploy.logs.place import PlaceError
from postdeploy.logs.protocol import Span
from postdeploy.model import UsageError
from tests.analysis.test_plain import RUNBOOK, a_day
from tests.logs.chdb_server import _collected, _drained
from tests.logs.rows import DEPLOYED
from tests.logs.spark_cluster import cluster
from tests.logs.warehouse_cases import (
    SENTINEL,
    a_day_with_sentinels,
    counts_what_the_reference_counts,
    given,
    what_is_not_proven,
)

pytestmark = pytest.mark.spark


def _of_otel(row: LogEntry) -> dict[str, Any]:
    """As JSON has a time."""
    at = dt.datetime.fromtimestamp(row.at / 1000, dt.UTC)
    return {**_collected(row), "Timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


COMMAND = str(Path(sys.executable).with_name("postdeploy"))
SCHEMAS = {"vercel": _drained, "otel": _of_otel}


def lines(rows: Iterable[LogEntry], schema: str = "vercel") -> str:
    return "".join(json.dumps(SCHEMAS[schema](row)) + "\n" for row in rows)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, cluster(tmp_path_factory.mktemp("cluster")) as address:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield address


@pytest.fixture(scope="module")
def session(master: str) -> Iterator[Any]:
    """A session of the user's, on one of the two cores."""
    builder = importlib.import_module("pyspark.sql").SparkSession.builder.master(master)
    settings = {
        "spark.ui.enabled": "false",
        "spark.cores.max": "1",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
    }
    found = builder.config(map=settings).getOrCreate()
    yield found
    found.stop()


@pytest.fixture
def lake(tmp_path: Path, session: Any) -> Path:
    """A folder for files, which the session of the user's can be asked about."""
    return tmp_path


def opened(files: Path | str, more: str = "") -> Any:
    return open_source(f"spark:?path={files}{more}", runbook=RUNBOOK)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("schema", SCHEMAS)
def test_it_counts_what_the_reference_counts(lake: Path, schema: str, seed: int) -> None:
    rows = a_day(seed)
    (lake / "first.ndjson").write_text(lines(rows[:500], schema))
    (lake / "second.ndjson.gz").write_bytes(gzip.compress(lines(rows[500:], schema).encode()))
    counts_what_the_reference_counts(opened(lake / "*", f"&schema={schema}"), rows)


def test_a_drain_may_deliver_arrays_and_repeat_itself(lake: Path) -> None:
    rows = a_day(1)
    batches = [[_drained(row) for row in rows[at : at + 100]] for at in range(0, len(rows), 100)]
    (lake / "drain.json").write_text("\n\n".join(json.dumps(batch) for batch in [*batches, batches[0]]))
    counts_what_the_reference_counts(opened(lake / "drain.json"), rows)


def test_a_table_of_the_catalog_is_asked_as_files_are(lake: Path, session: Any) -> None:
    rows = a_day(1)
    (lake / "day.ndjson").write_text(lines(rows).replace('"proxy": {', '"proxy": {"vercelId": "", '))
    session.read.json(str(lake / "day.ndjson")).createOrReplaceGlobalTempView("drains")
    counts_what_the_reference_counts(open_source("spark:?table=global_temp.drains", runbook=RUNBOOK), rows)


@pytest.mark.parametrize("lost", [0, 1])
def test_the_window_is_proven_as_with_other_sources(lake: Path, lost: int) -> None:
    """By sentinels at both ends and every minute, and by what was covered."""
    rows = a_day_with_sentinels()
    (lake / "day.ndjson").write_text(lines(rows[: len(rows) - lost]))
    missing = what_is_not_proven(opened(lake / "day.ndjson"))
    assert missing == (("1 of 11 sentinels did not appear in the log",) if lost else ())


def test_rows_that_can_not_be_read_are_counted_once(lake: Path) -> None:
    """Not JSON, not a row, without a time. They may be of the window: nothing is proven."""
    (lake / "day.ndjson").write_text(lines([SENTINEL]) + '{"timestamp": 17\nnull\n{"timestamp": "soon"}\n\n')
    source = opened(lake / "*.ndjson")
    entries, news = given(source)
    assert [one.path for one in entries] == [SENTINEL.path]
    assert [(one.malformed, one.malformed_example) for one in news if one.malformed] == [
        (3, f"in file:{lake / 'day.ndjson'}")
    ]
    assert not [one.malformed for one in given(source)[1] if one.malformed]


def test_files_that_are_added_are_read_and_counted_once(lake: Path) -> None:
    rows = [
        LogEntry(at=DEPLOYED + number * 10, method="GET", path="/", status=200, request_id=f"a{number}-1-{number:012x}")
        for number in range(40)
    ]
    (lake / "0.ndjson").write_text(lines(rows[:30]))
    source = opened(lake / "*.ndjson")
    first, _ = given(source)
    (lake / "1.ndjson").write_text(lines([*rows[30:], *rows[:5]]))
    second, news = given(source)
    assert (len(first), len(second)) == (30, 10)
    assert len({one.row_id for one in first + second}) == 40
    assert not any(one.gap for one in news)


def test_counts_leave_the_cluster_not_rows(lake: Path) -> None:
    """However many there are; no id of a user's request is in any answer."""
    row = LogEntry(at=DEPLOYED, method="POST", path="/inbox", status=500, level="error")
    rows = [
        msgspec.structs.replace(row, message=f"⨯ Error: no lead 4f3a{number:08x}", request_id=f"user-{number:012x}")
        for number in range(2_000)
    ]
    (lake / "day.ndjson").write_text(lines(rows))
    source = opened(lake / "day.ndjson")
    whole, ask = Span(DEPLOYED - 1, DEPLOYED + 60_000), source._questions
    answers = [source._server.rows(sql) for sql in (ask.own(whole), ask.counts(whole, 0), ask.texts(whole))]
    assert [len(one) for one in answers] == [0, 1, 1]
    assert answers[1][0]["requests"] == 2_000
    assert "user-" not in str(answers)


def test_rows_are_not_moved_to_find_the_suites_own(lake: Path) -> None:
    (lake / "day.ndjson").write_text(lines([SENTINEL]))
    source = opened(lake / "day.ndjson")
    (plan,) = source._server.rows(f"EXPLAIN {source._questions.own(Span(1, 2))}")
    assert "BroadcastHashJoin" in plan["plan"]
    assert "Exchange hashpartitioning" not in plan["plan"]


def test_patterns_mean_the_same_there(lake: Path) -> None:
    """`.` ends at a line's end, which is a line feed alone."""
    (lake / "day.ndjson").write_text(lines([SENTINEL]))
    ask = opened(lake / "day.ndjson")._server.rows
    flags = warehouse_sql.DIALECTS["spark"].flags
    assert ask(f"SELECT regexp_like('a\\nb', '{flags}a.b') AS line, regexp_like('a\\rb', '{flags}a.b') AS other") == [
        {"line": False, "other": True}
    ]


def test_a_users_agent_may_be_a_text_or_a_list(lake: Path) -> None:
    own = _drained(msgspec.structs.replace(SENTINEL, path="/", own=True))
    as_text = {**own, "timestamp": own["timestamp"] + 1, "proxy": {**own["proxy"], "userAgent": "postdeploy/0.1.0"}}
    (lake / "day.ndjson").write_text(json.dumps([own, as_text]))
    entries, _ = given(opened(lake / "day.ndjson"))
    assert [(one.path, one.own) for one in entries] == [("/", True), ("/", True)]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("path={lake}/none*.gz", "there is no such file: check path="),
        ("table=missing", "there is no such table: check table="),
        ("table=global_temp.other", "a column is not there"),
        ("path={lake}/day.ndjson&schema=otel", "none of its first 1 rows has a time"),
        ("path=s3a://bucket/drain/*.gz", "Spark lacks what reads such a path: add its package"),
    ],
)
def test_what_is_wrong_has_a_remedy(
    lake: Path, session: Any, address: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    session.range(1).createOrReplaceGlobalTempView("other")
    (lake / "day.ndjson").write_text(lines([SENTINEL]))
    with pytest.raises(UsageError, match=said):
        open_source(f"spark:?{address.format(lake=lake)}", runbook=RUNBOOK)
    assert "SELECT" not in "".join(capfd.readouterr()), "PySpark prints what failed"


def test_a_file_that_is_cut_off_proves_nothing(lake: Path) -> None:
    (lake / "0.ndjson").write_text(lines([SENTINEL]) * 3_000)
    (lake / "1.ndjson.gz").write_bytes(gzip.compress(lines(a_day(1)).encode())[:-200])
    _, news = given(opened(lake / "*"))
    assert ["a file can't be read to its end" in one.gap.why for one in news if one.gap] == [True]
    assert not any(one.covered for one in news)


def test_an_answer_that_takes_too_long_is_not_waited_for(lake: Path) -> None:
    (lake / "day.ndjson").write_text(lines([SENTINEL]))
    server = opened(lake / "day.ndjson")._server
    server._seconds = 2
    endless = "SELECT max(hash(id)) AS found FROM range(10000000000000)"
    with pytest.raises(PlaceError, match="it took longer than 2 s"):
        server.rows(endless)


def test_the_users_session_stays_as_it_was(lake: Path, session: Any) -> None:
    before = session.conf.get("spark.sql.session.timeZone"), session.catalog.listTables()
    (lake / "day.ndjson").write_text(lines([SENTINEL]))
    source = opened(lake / "day.ndjson")
    given(source)
    assert given(source)[0]
    assert (session.conf.get("spark.sql.session.timeZone"), session.catalog.listTables()) == before
    assert session.range(3).count() == 3
    with pytest.raises(UsageError, match="a session of Spark is open in this process already"):
        open_source(f"spark://127.0.0.1:1?path={lake}/day.ndjson", runbook=RUNBOOK)


def test_a_command_on_a_master_prints_its_report_alone(tmp_path: Path, session: Any, master: str) -> None:
    """An application of its own, which has ended when the command has."""
    rows = [row for row in a_day(1) if row.at >= DEPLOYED]
    (tmp_path / "day.ndjson").write_text(lines(rows))
    since = dt.datetime.fromtimestamp(DEPLOYED / 1000, dt.UTC).isoformat()
    command = [COMMAND, "logs", f"--since={since}", "--json"]
    ended = [
        subprocess.run([*command, spec], capture_output=True, cwd=tmp_path, check=False, text=True)
        for spec in (f"{master}?path={tmp_path}/day.ndjson", f"{tmp_path}/day.ndjson")
    ]
    assert [one.stderr for one in ended] == ["", ""]
    by_spark, in_process = (json.loads(one.stdout) for one in ended)
    assert by_spark["totals"] == in_process["totals"]
    assert [one.returncode for one in ended] == [1, 1]


def test_a_master_that_is_not_there(tmp_path: Path) -> None:
    """Spark would try for a minute."""
    command = [COMMAND, "logs", f"spark://127.0.0.1:1?path={tmp_path}/day.ndjson"]
    ended = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False, text=True)
    assert ended.returncode == 4
    assert "the master can't be reached" in ended.stderr
    assert "Traceback" not in ended.stderr
