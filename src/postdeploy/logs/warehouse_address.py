"""Which warehouse an address means.

`clickhouse://user@host/database?table=TABLE`, `spark://master:7077?path=FILES`, `spark:?path=FILES`
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import SplitResult, parse_qs

from postdeploy.logs import cells
from postdeploy.logs.clickhouse import ClickHouse
from postdeploy.logs.place import PlaceError, address_parts
from postdeploy.logs.spark import Spark
from postdeploy.logs.warehouse import Server, Warehouse
from postdeploy.logs.warehouse_sql import DIALECTS, Questions
from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook
from postdeploy.runbook.warehouse_tables import WarehouseColumns

_SPARK = "spark"
_SCHEMA = "vercel"
_HOURS = 1.0
"""How much is read where it is not known when the deployment received production traffic."""
_HOUR = 3_600_000
_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
_CREDENTIALS = re.compile(r"//[^/@:]*:[^/@]*@")
_Columns = TypeVar("_Columns", bound=WarehouseColumns)


def open_warehouse(spec: str, runbook: Runbook) -> Warehouse:
    """The source behind an address.

    Raises:
        UsageError: it can't be used; the message says why, and shows nothing secret of the address.
    """
    address = address_parts(spec)
    given = {name: values[-1] for name, values in parse_qs(address.query).items()}
    shown = _shown(address, given)
    try:
        server, questions = (_in_a_lake if address.scheme == _SPARK else _in_clickhouse)(address, given, runbook)
        found = Warehouse(shown, server, questions, _length(given))
        found.check()
    except (PlaceError, ValueError) as error:
        raise UsageError(f"logs: {shown} can't be used: {str(error).rstrip('.')}.") from None
    return found


def _shown(address: SplitResult, given: Mapping[str, str]) -> str:
    """An address without what may be secret of it."""
    host = address.netloc.rpartition("@")[2]
    if address.scheme != _SPARK:
        return f"clickhouse://{host}{address.path}?table={given.get('table', '')}"
    what = f"table={given['table']}" if "table" in given else f"path={_CREDENTIALS.sub('//', given.get('path', ''))}"
    return f"spark:{f'//{host}' if host else ''}?{what}"


def _in_clickhouse(address: SplitResult, given: Mapping[str, str], runbook: Runbook) -> tuple[Server, Questions]:
    table = given.get("table", "")
    if not _TABLE.fullmatch(table):
        raise PlaceError("it names no table. Write clickhouse://USER@HOST/DATABASE?table=TABLE")
    columns = _columns(given, runbook.warehouse, "warehouse")
    return ClickHouse(address), Questions(table, columns, runbook)


def _in_a_lake(address: SplitResult, given: Mapping[str, str], runbook: Runbook) -> tuple[Server, Questions]:
    columns = _columns(given, runbook.lake, "lake")
    spark = Spark(address, given, columns)
    return spark, Questions(spark.table, columns, runbook, DIALECTS[_SPARK])


def _columns(given: Mapping[str, str], known: Mapping[str, _Columns], kind: str) -> _Columns:
    """Which expressions say what."""
    schema = given.get("schema", _SCHEMA)
    columns = known.get(schema)
    if columns is None:
        raise PlaceError(f"schema={schema} is not known; known are {', '.join(sorted(known))}")
    if not columns.request:
        raise PlaceError(f"[{kind}.{schema}] request is empty: requests are counted, never rows")
    return columns


def _length(given: Mapping[str, str]) -> int:
    """How many milliseconds are read."""
    hours = cells.amount(given.get("hours", _HOURS))
    if not hours:
        raise PlaceError("hours= takes a number of hours")
    return round(hours * _HOUR)
