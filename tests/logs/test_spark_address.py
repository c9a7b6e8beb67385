"""Addresses of Spark: what is wrong with one is said with its cure, without PySpark, Java or a cluster."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec
import pytest

from postdeploy.logs import spark
from postdeploy.logs.files import WAREHOUSE, open_source
from postdeploy.logs.place import PlaceError
from postdeploy.logs.spark_session import _demand_master
from postdeploy.model import UsageError
from postdeploy.runbook.reading import read_runbook

RUNBOOK = read_runbook()
SECRET = "hunter2secret"


@pytest.fixture(autouse=True)
def without_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_is_installed", lambda: False)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        pytest.param("spark://m:7077?path=/l/*.gz", "pip install 'postdeploy[spark]'", id="PySpark is not installed"),
        pytest.param("spark:?path=/l/*.gz", "pip install 'postdeploy[spark]'", id="nor for a session that is open"),
        pytest.param(
            "spark://m:7077", "it names no files. Write spark://MASTER:7077?path=FILES, or table=", id="no path"
        ),
        pytest.param("spark://m:7077/l/day.gz", "it names no files", id="a path in the wrong place"),
        pytest.param("spark:?path=/l&table=t", "it names no files", id="both"),
        pytest.param("spark:?table=a.b.c.d", "it names no files", id="no name of a table"),
        pytest.param("spark:?table=t;drop", "it names no files", id="more than a table"),
        pytest.param("spark://m:7077?path=/l&seconds=soon", "seconds= takes a number", id="no number"),
        pytest.param("spark://m:7077?path=/l&hours=all", "hours= takes a number of hours", id="no number of hours"),
        pytest.param("spark://m:7077?path=/l&schema=mine", "known are otel, vercel", id="a schema that is not there"),
        pytest.param("spark://a b:7077?path=/l", "it names no master", id="no host"),
    ],
)
def test_what_is_wrong_has_a_remedy(spec: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "hours=" in spec:
        monkeypatch.setattr(spark, "_is_installed", lambda: True)
    with pytest.raises(UsageError) as found:
        open_source(spec, runbook=RUNBOOK)
    assert said in str(found.value)


@pytest.mark.parametrize(
    "spec",
    [f"spark://user:{SECRET}@m:7077?path=/l", f"spark://m:7077?path=s3a://key:{SECRET}@bucket/l&seconds=x"],
)
def test_no_secret_of_an_address_is_shown(spec: str) -> None:
    with pytest.raises(UsageError) as found:
        open_source(spec, runbook=RUNBOOK)
    assert SECRET not in str(found.value)


@pytest.mark.parametrize(
    ("key", "said"),
    [("request", "request is empty: requests are counted"), ("rows", "rows is empty: it says which fields")],
)
def test_a_table_of_the_runbook_that_lacks_something(key: str, said: str) -> None:
    mine = msgspec.structs.replace(RUNBOOK.lake["vercel"], **{key: ""})
    with pytest.raises(UsageError, match=said):
        open_source("spark:?path=/l&schema=mine", runbook=msgspec.structs.replace(RUNBOOK, lake={"mine": mine}))


def test_both_engines_know_the_same_schemas() -> None:
    assert RUNBOOK.lake.keys() == RUNBOOK.warehouse.keys()


@pytest.mark.parametrize("masters", ["127.0.0.1:{}", "127.0.0.1:{},127.0.0.1:99999"])
def test_a_master_that_is_not_there_is_not_waited_for(masters: str) -> None:
    """Spark would try for a minute."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(PlaceError, match="the master can't be reached"):
        _demand_master(masters.format(port))


def test_one_master_of_several_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        _demand_master(f"127.0.0.1:1,127.0.0.1:{there.getsockname()[1]}")


def test_an_address_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "spark:?path=x".startswith(WAREHOUSE), "of a warehouse less than all is read: what it is asked for"
    with pytest.raises(UsageError, match="it needs PySpark"):
        open_source("spark:?path=x", runbook=RUNBOOK)
