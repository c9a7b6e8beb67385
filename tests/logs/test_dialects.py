"""What a warehouse is asked in other engines' SQL: compiled from one program, fresh, and on DuckDB's engine it counts the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from postdeploy.logs.protocol import Span
from postdeploy.logs.warehouse import Warehouse
from postdeploy.logs.warehouse_sql import CLICKHOUSE, DIALECTS, Dialect, Questions
from tests.analysis.test_plain import RUNBOOK, a_day
from tests.logs.chdb_server import _drained
from tests.logs.warehouse_cases import counts_what_the_reference_counts

IN_DUCKDB = msgspec.structs.replace(
    RUNBOOK.warehouse["vercel"],
    path="coalesce(nullif(proxy.path, ''), path)",
    status="coalesce(statusCode, nullif(proxy.statusCode, -1))",
)
"""What a log drain delivers, in terms of DuckDB."""
ASKED = ("now", "own", "counts", "texts")
_GIVEN = re.compile(r"\{[a-z_]{2,}\}")


class InDuckDB:
    """DuckDB's own engine, in this process."""

    def __init__(self, file: Path) -> None:
        self.engine = duckdb.connect()
        self.engine.execute(f"CREATE TABLE logs AS FROM read_json('{file}')")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        found = self.engine.execute(sql)
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def check(self, sql: str) -> None:
        self.rows(sql)

    def unreadable(self) -> tuple[int, str]:
        return 0, ""

    def close(self) -> None:
        """It is kept."""


def questions(dialect: Dialect) -> dict[str, str]:
    ask = Questions("logs", IN_DUCKDB, RUNBOOK, dialect)
    span = Span(1, 2)
    return {"now": ask.now(), "own": ask.own(span), "counts": ask.counts(span, 1), "texts": ask.texts(span)}


@pytest.mark.parametrize("name", DIALECTS)
def test_what_was_compiled_is_fresh(name: str) -> None:
    """Whoever changes warehouse.sql compiles it again: python setup/dialects.py"""
    compiler = import_module("setup.dialects")
    assert (compiler.FOLDER / f"{name}.sql").read_text(encoding="utf-8") == compiler.compiled(name)


def test_every_dialect_is_compiled() -> None:
    assert tuple(sorted(DIALECTS)) == import_module("setup.dialects").DIALECTS


def test_what_has_no_translation_is_not_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiler = import_module("setup.dialects")
    program = tmp_path / "warehouse.sql"
    program.write_text(
        "-- tables\nWITH marked AS (SELECT 1 AS x)\n\n-- texts\nSELECT greatCircleAngle(x) FROM marked\n"
    )
    monkeypatch.setattr(compiler, "SOURCE", program)
    with pytest.raises(ValueError, match="spark: no translation of greatCircleAngle"):
        compiler.compiled("spark")


@pytest.mark.parametrize("name", DIALECTS)
def test_each_question_reads_as_its_engine_reads_it(name: str) -> None:
    """With all filled in: it parses in its dialect, and nothing is left to fill in."""
    parse = import_module("sqlglot").parse_one
    for asked, sql in questions(DIALECTS[name]).items():
        assert not _GIVEN.findall(sql), asked
        assert parse(sql, read=name).named_selects, asked


@pytest.mark.parametrize("name", [*DIALECTS, "clickhouse"])
def test_each_question_answers_the_same_columns(name: str) -> None:
    parse = import_module("sqlglot").parse_one
    own = {asked: parse(sql, read="clickhouse").named_selects for asked, sql in questions(CLICKHOUSE).items()}
    dialect = DIALECTS.get(name, CLICKHOUSE)
    assert {asked: parse(sql, read=name).named_selects for asked, sql in questions(dialect).items()} == own
    assert set(own) == set(ASKED)


@pytest.fixture
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Warehouse]:
    file = tmp_path / "day.ndjson"
    file.write_text("\n".join(json.dumps(_drained(row)) for row in a_day(request.param)), encoding="utf-8")
    server = InDuckDB(file)
    yield Warehouse("DuckDB", server, Questions("logs", IN_DUCKDB, RUNBOOK, DIALECTS["duckdb"]))
    server.engine.close()


@pytest.mark.parametrize(("warehouse", "seed"), [(seed, seed) for seed in range(2)], indirect=["warehouse"])
def test_it_counts_what_the_reference_counts(warehouse: Warehouse, seed: int) -> None:
    counts_what_the_reference_counts(warehouse, a_day(seed))


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        pytest.param(DIALECTS["spark"], r"'it\'s \\d'", id="a backslash stands for what follows"),
        pytest.param(DIALECTS["trino"], r"'it''s \d'", id="it stands for itself"),
    ],
)
def test_a_text_is_written_as_the_engine_reads_it(dialect: Dialect, written: str) -> None:
    assert dialect.text(r"it's \d") == written
