"""A session of Spark: the one that is open in this process, or an application of our own on a master.

Of an application of our own nothing is printed, Ctrl-C stays with whom it was, and Spark's process ends with this one.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from postdeploy.logs.place import CONNECT, PlaceError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = "Java 17 or newer: apt-get install default-jre-headless, or set JAVA_HOME"
_PORT = 7077
_OWN = (("spark.app.name", "postdeploy"), ("spark.ui.enabled", "false"))
"""Of an application of our own. All else is the user's: spark-defaults.conf, PYSPARK_SUBMIT_ARGS."""
_READS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.autoBroadcastJoinThreshold": str(1 << 62),
    "spark.sql.broadcastTimeout": "86400",
}
"""What the questions rely on, whatever the user's settings are. One of them joins: all rows with the ids of the suite's own requests, which
are few. Spark, which can't know that, would move all rows, with their messages."""
_TALKS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
"""By which PySpark prints what failed, the whole question with it."""


def opened(master: str) -> tuple[SparkSession, bool]:
    """A session with settings and views of its own, and whether its application was started here.

    `master`: host and port; empty: the session that is open, else one as Spark is configured.

    Raises:
        PlaceError: there is none.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    there = SparkSession.getActiveSession() or getattr(SparkSession, "_instantiatedSession", None)  # of another thread
    if there is not None and master:
        raise PlaceError("a session of Spark is open in this process already: spark:?path=FILES asks that one")
    own = (there or _started(master)).newSession()
    for name, value in _READS.items():
        if own.conf.get(name) != value:  # Spark warns of some that are set
            own.conf.set(name, value)
    return own, there is None


@cache
def errors() -> tuple[type[Exception], ...]:
    """All that Spark raises, and what stands between it and Python."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415

    return PySparkException, Py4JError, OSError


@contextmanager
def quiet() -> Iterator[None]:
    """PySpark does not print what fails meanwhile."""
    from pyspark.logger import PySparkLogger  # noqa: PLC0415 - an extra

    found = [(one := PySparkLogger.getLogger(name), one.disabled) for name in _TALKS]
    for one, _ in found:
        one.disabled = True
    try:
        yield
    finally:
        for one, was in found:
            one.disabled = was


def _started(master: str) -> SparkSession:
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - an extra
    from pyspark.sql import SparkSession  # noqa: PLC0415

    conf = SparkConf(loadDefaults=False).setAll([*_OWN])
    if master:
        _demand_master(master)
        conf = conf.setMaster(f"spark://{master}")
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the version of pandas, which is not used
            return SparkSession(SparkContext(conf=conf, gateway=_gateway()))
    finally:
        if is_main:
            signal.signal(signal.SIGINT, handler)


@cache
def _gateway() -> Any:
    """Spark's process next to this one."""
    from pyspark import SparkConf  # noqa: PLC0415 - an extra
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return launch_gateway(SparkConf(loadDefaults=False).setAll([*_OWN]), silent)


def _demand_master(master: str) -> None:
    """Spark itself tries for a minute, and says nothing meanwhile."""
    for one in master.split(","):
        host, _, port = one.partition(":")
        with suppress(OSError, OverflowError), socket.create_connection((host, int(port or _PORT)), CONNECT):
            return
    raise PlaceError(
        "the master can't be reached. Its port is not that of its web page: spark://MASTER:7077?path=FILES"
    )
