"""A drain of 1 GB read by this project's own engine and by Spark on a cluster of this machine, one master and two workers: by hand.

`python -m bench.logs.lake FOLDER [GB]`; needs requirements/spark.txt and Java. The folder keeps the drain. On one machine both share
the cores: this shows that the tallies are equal and what Spark costs, not that it is faster.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench.logs.formats import WRITERS
from bench.runs import RunError
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.logs.files import open_source
from postdeploy.runbook.reading import read_runbook
from tests.logs.spark_cluster import cluster
from tests.logs.warehouse_cases import tally

_ROWS_OF_A_GB = 1_590_000
_HOURS = 100_000
"""The rows were made up for 2026, whenever they are read."""


def counted(spec: str) -> tuple[dict[str, Any], float, float]:
    """The tally of a source, moments to the minute, and the seconds for opening and for reading it."""
    runbook = read_runbook()
    began = time.perf_counter()
    source = open_source(spec, runbook=runbook)
    opened = time.perf_counter()
    reading = Ingestion(runbook, dt.datetime.now(dt.UTC).date())
    wrong = [news for news in reading.read(source) if news.gap or news.unread or news.malformed]
    if wrong:
        raise RunError(f"bench: {spec}: {wrong}")
    took = time.perf_counter() - opened
    return tally(reading.ledger), opened - began, took


def main(folder: str, gigabytes: float = 1.0) -> None:
    """Make the drain, if it is not there, and read it by both."""
    drain = Path(folder) / f"drain-{gigabytes:g}.ndjson"
    if not drain.exists():
        WRITERS["drain"](drain, round(_ROWS_OF_A_GB * gigabytes))
    print(f"{drain.stat().st_size / 1e9:.2f} GB", flush=True)
    cores = sum(os.times()[:4])
    ours, _, took = counted(str(drain))
    print(f"in the process: {took:.1f} s, {sum(os.times()[:4]) - cores:.1f} s on the cores", flush=True)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with cluster(Path(folder)) as master:
        theirs, opening, took = counted(f"{master}?path={drain}&hours={_HOURS}&seconds=1800")
    print(f"Spark: {opening:.1f} s to open, {took:.1f} s to count and read", flush=True)
    unequal = [name for name, value in ours.items() if theirs[name] != value]
    print(f"{ours['requests']} requests, {len(ours['incidents'])} incidents; unequal: {unequal or 'nothing'}")


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
