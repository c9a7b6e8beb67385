"""Logs in a lake, asked by Spark: `--logs='spark://master:7077?path=FILES'`, or `spark:?path=FILES` by the session that is there.

PySpark is an extra. What Spark says itself goes into no message: it may hold paths with secrets, and rows.
"""

from __future__ import annotations

import importlib.util
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult

from postdeploy.logs import cells
from postdeploy.logs.place import PlaceError
from postdeploy.logs.spark_session import JAVA, errors, opened, quiet
from postdeploy.runbook.warehouse_tables import LakeColumns

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_WRITE = "Write spark://MASTER:7077?path=FILES"
_SECONDS = 900.0
"""For one answer."""
_VIEW = "postdeploy_rows"
_BROKEN, _FILE = "postdeploy_broken", "postdeploy_file"
"""Columns of the view: a row that is not JSON, as it is, and the file that it is in."""
_TAG = "postdeploy"
_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2}")
_MASTER = re.compile(r"[\w.-]+(?::\d+)?(?:,[\w.-]+(?::\d+)?)*")
_FIRST = 1_000
"""Rows that are looked at before anything is asked."""
_REMEDIES = {
    "PATH_NOT_FOUND": "there is no such file: check path= in the address",
    "TABLE_OR_VIEW_NOT_FOUND": "there is no such table: check table= in the address",
    "UNRESOLVED_COLUMN": "a column is not there: [lake.NAME] in runbook.toml says which holds what, and schema=NAME chooses it",
    "FIELD_NOT_FOUND": "a column is not there: [lake.NAME] in runbook.toml says which holds what, and schema=NAME chooses it",
    "DATATYPE_MISMATCH": "a column is of another type: [lake.NAME] in runbook.toml says which holds what",
    "PARSE_SYNTAX_ERROR": "[lake.NAME] in runbook.toml holds what Spark's SQL does not know",
    "FAILED_READ_FILE": "a file can't be read to its end: it is damaged, cut off, or not there for a worker",
    "CAST_INVALID_INPUT": "a column holds what is not a number: write TRY_CAST in [lake.NAME] of runbook.toml",
    "EOFException": "a compressed file is cut off",
    "ZipException": "a compressed file is damaged",
    "FileNotFoundException": "a worker can't read a file: path= must be a place that every worker reaches",
    "NoSuchFileException": "a worker can't read a file: path= must be a place that every worker reaches",
    "AccessControlException": "access denied: the user of the workers may not read path=",
    "AccessDeniedException": "access denied: check the credentials that Spark is configured with",
    "ClassNotFoundException": "Spark lacks what reads such a path: add its package, spark.jars.packages in spark-defaults.conf",
    "UnsupportedFileSystemException": "Spark lacks what reads such a path: add its package, spark.jars.packages in spark-defaults.conf",
    "OutOfMemoryError": "it ran out of memory: name fewer files with path=, or give spark.executor.memory",
}
"""By the condition, or the exception of Java, that Spark names."""
_NAMES = re.compile("|".join(_REMEDIES))


class Spark:
    """A session's answers about the rows of files, or of a table. Nothing is written."""

    def __init__(self, address: SplitResult, given: Mapping[str, str], columns: LakeColumns) -> None:
        """Raises: PlaceError: it is not an address of Spark, or PySpark is not installed."""
        self._master, self._path = address.netloc, given.get("path", "")
        self.table = given.get("table", "") or _VIEW
        self._columns = columns
        self._seconds = cells.amount(given.get("seconds", _SECONDS)) or 0.0
        if "@" in self._master or (self._master and not _MASTER.fullmatch(self._master)):
            raise PlaceError(f"it names no master. {_WRITE}; secrets stand in spark-defaults.conf")
        if bool(self._path) == ("table" in given) or not _TABLE.fullmatch(self.table):
            raise PlaceError(f"it names no files. {_WRITE}, or table=TABLE of Spark's catalog")
        if self._path and not columns.rows:
            raise PlaceError("[lake.NAME] rows is empty: it says which fields path= has")
        if not self._seconds:
            raise PlaceError("seconds= takes a number of seconds")
        if not _is_installed():
            raise PlaceError("it needs PySpark: pip install 'postdeploy[spark]'")
        self._session: SparkSession | None = None
        self._is_own = False

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What is answered, a row each.

        Raises:
            PlaceError: it can't be answered; the message says why and names the remedy.
        """
        with self._asked() as session:
            return self._collected(session, session.sql(sql))

    def check(self, sql: str) -> None:
        """Whether a question can be asked: by having it planned, and by reading the first rows.

        Raises:
            PlaceError: it can't.
        """
        with self._asked() as session:
            session.sql(sql)
            dated = f"({self._columns.at}) IS NOT NULL AS dated"
            first = self._collected(session, session.table(self.table).selectExpr(dated).limit(_FIRST))
        if first and not any(row["dated"] for row in first):
            raise PlaceError(
                f"none of its first {len(first)} rows has a time: [lake.NAME] in runbook.toml says which column holds it,"
                " and schema=NAME chooses it"
            )

    def unreadable(self) -> tuple[int, str]:
        """How many rows are not JSON or have no time, and a file that holds one.

        Raises:
            PlaceError: it can't be asked.
        """
        undated = f"({self._columns.at}) IS NULL"
        broken, file = (f"{_BROKEN} IS NOT NULL OR {undated}", f"min({_FILE})") if self._path else (undated, "''")
        with self._asked() as session:
            those = session.table(self.table).where(broken).selectExpr("count(*) AS rows", f"{file} AS file")
            (found,) = self._collected(session, those)
        return found["rows"], f"in {found['file']}" if found["file"] else ""

    def close(self) -> None:
        """End the session, if it was opened here; the next question opens another."""
        if self._session is not None and self._is_own:
            with suppress(*errors()):
                self._session.stop()
            self._session = None

    @contextmanager
    def _asked(self) -> Iterator[SparkSession]:
        """The session, with the files as they are now as its view; what goes wrong, in our words."""
        try:
            with quiet():
                if self._session is None:
                    self._session, self._is_own = opened(self._master)
                if self._path:
                    self._files(self._session).createOrReplaceTempView(_VIEW)
                yield self._session
        except errors() as error:
            raise PlaceError(_why(error)) from None

    def _files(self, session: SparkSession) -> DataFrame:
        """The rows of the files: of a line that is an array each of its items."""
        schema = f"{' '.join(self._columns.rows.split())}, {_BROKEN} STRING"
        options = {"columnNameOfCorruptRecord": _BROKEN, "mode": "PERMISSIVE"}
        found = session.read.schema(schema).options(**options).json(self._path)
        return found.selectExpr("*", f"_metadata.file_path AS {_FILE}")

    def _collected(self, session: SparkSession, asked: DataFrame) -> list[dict[str, Any]]:
        """An answer. What takes too long is ended, on the cluster as well."""
        is_late, context = threading.Event(), session.sparkContext

        def end() -> None:
            is_late.set()
            context.cancelJobsWithTag(_TAG)

        timer = threading.Timer(self._seconds, end)
        context.addJobTag(_TAG)  # the session's own tags reach no job that runs
        timer.start()
        try:
            return [row.asDict() for row in asked.collect()]
        except errors():
            if not is_late.is_set():
                raise
            raise PlaceError(
                f"it took longer than {self._seconds:g} s: the cluster has no free core, or path= names too many files."
                " seconds= waits longer"
            ) from None
        finally:
            timer.cancel()
            context.removeJobTag(_TAG)


def _is_installed() -> bool:
    return importlib.util.find_spec("pyspark") is not None


def _why(error: Exception) -> str:
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    condition = error.getCondition() if isinstance(error, PySparkException) else None
    if condition == "JAVA_GATEWAY_EXITED":
        return f"Spark did not start: it needs {JAVA}"
    found = _NAMES.search(condition or "") or _NAMES.search(str(error))
    if found:
        return _REMEDIES[found[0]]
    return f"Spark failed with {condition or type(error).__name__}. Its log, or the master's page, says more"
