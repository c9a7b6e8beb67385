"""The tables about logs in a warehouse or a lake; defaults/warehouse.toml and defaults/lake.toml explain the keys."""

from __future__ import annotations

from postdeploy.runbook.log_tables import RunbookTable


class WarehouseColumns(RunbookTable, frozen=True):
    """Which expression of a table's columns says what."""

    at: str
    between: str
    request: str
    method: str
    path: str
    status: str
    level: str
    message: str
    deployment: str
    environment: str
    agent: str


class LakeColumns(WarehouseColumns, frozen=True):
    """The same in Spark's SQL, and the fields of the rows of a lake's files."""

    rows: str
