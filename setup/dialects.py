"""Compiles what a warehouse is asked (src/postdeploy/logs/warehouse.sql, ClickHouse's SQL) for other engines: setup/dialects.py.

By sqlglot, which a run does not need: the results are committed, and tests/logs/test_dialects.py holds them to be fresh. What only
ClickHouse has is replaced here, function by function; a function that is not known to anyone is an error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from sqlglot import exp, parse_one

_LOGS = Path(__file__).resolve().parent.parent / "src/postdeploy/logs"
SOURCE, FOLDER = _LOGS / "warehouse.sql", _LOGS / "dialects"
DIALECTS = ("bigquery", "duckdb", "snowflake", "spark", "trino")
_HEAD = "-- Compiled from ../warehouse.sql by setup/dialects.py for {}; not to be edited.\n"
_NAMED = re.compile(r"^-- (\w+)\n", re.MULTILINE)
_GIVEN = re.compile(r"\{(\w+)\}")
_FILLED = re.compile(r"[\"`]?given_(\w+)[\"`]?")
_NOW = {
    "bigquery": "UNIX_MILLIS(CURRENT_TIMESTAMP())",
    "duckdb": "EPOCH_MS(NOW())",
    "snowflake": "DATE_PART(EPOCH_MILLISECOND, CURRENT_TIMESTAMP())",
    "spark": "UNIX_MILLIS(CURRENT_TIMESTAMP())",
    "trino": "CAST(TO_UNIXTIME(CURRENT_TIMESTAMP) * 1000 AS BIGINT)",
}
_TEXTS = {
    "bigquery": "COALESCE(STRING_AGG(DISTINCT {}, ' ' ORDER BY {}), '')",
    "duckdb": "COALESCE(STRING_AGG(DISTINCT {}, ' ' ORDER BY {}), '')",
    "snowflake": "LISTAGG(DISTINCT {}, ' ') WITHIN GROUP (ORDER BY {})",
    "spark": "ARRAY_JOIN(SORT_ARRAY(COLLECT_SET({})), ' ')",
    "trino": "COALESCE(ARRAY_JOIN(ARRAY_SORT(ARRAY_AGG(DISTINCT {})), ' '), '')",
}
"""The distinct texts of a request, sorted, as one text."""
_MATCHES = {
    "bigquery": "REGEXP_CONTAINS({}, {})",
    "duckdb": "REGEXP_MATCHES({}, {})",
    "snowflake": "REGEXP_INSTR({}, {}) > 0",  # its REGEXP_LIKE asks whether all of a text matches
    "spark": "REGEXP_LIKE({}, {})",
    "trino": "REGEXP_LIKE({}, {})",
}
_HASHED = {"bigquery": "TO_HEX(MD5({}))", "trino": "TO_HEX(MD5(TO_UTF8({})))"}
_NUMBERS = {"spark": "TRY_CAST({} AS INT)"}
_REPLACED = {"duckdb": "REGEXP_REPLACE({}, {}, {}, 'g')"}
_DIGITS = 20
"""To which a moment is filled up, so that texts of them have its order."""


def compiled(dialect: str) -> str:
    """The content of a dialect's file.

    Raises:
        ValueError: the program has a function that has no translation.
    """
    questions = _questions()
    tables = questions.pop("tables")
    found = {"tables": _without_a_question(_compile(f"{tables}\nSELECT 1 AS one FROM marked", dialect))}
    for name, sql in questions.items():
        alone = not re.search(r"\b(given|marked|requests)\b", sql)
        if alone:
            found[name] = _compile(sql, dialect)
        else:
            whole = _compile(f"{tables}\n{sql}", dialect)
            assert whole.startswith(found["tables"])
            found[name] = whole.removeprefix(found["tables"]).strip()
    parts = [f"-- {name}\n{sql}\n" for name, sql in found.items()]
    return "\n".join([_HEAD.format(dialect), *parts])


def _questions() -> dict[str, str]:
    _, *parts = _NAMED.split(SOURCE.read_text(encoding="utf-8"))
    return dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))


def _without_a_question(whole: str) -> str:
    return whole[: whole.rindex("SELECT")].strip()


def _compile(sql: str, dialect: str) -> str:
    tree = parse_one(_GIVEN.sub(r"given_\1", sql), read="clickhouse")
    _group_by_expressions(tree)
    for node in reversed(list(tree.dfs())):  # what is within comes first
        name = node.name if isinstance(node, exp.Anonymous) else type(node).__name__
        if translate := _TRANSLATIONS.get(name):
            node.replace(translate(node, dialect))
    unknown = {node.name for node in tree.find_all(exp.Anonymous)}
    if unknown:
        raise ValueError(f"{dialect}: no translation of {', '.join(sorted(unknown))}: add one to setup/dialects.py")
    return _FILLED.sub(r"{\1}", tree.sql(dialect, pretty=True, identify=True, comments=False))


def _group_by_expressions(tree: exp.Expression) -> None:
    """Not every engine groups by names that are given in the same question."""
    for select in tree.find_all(exp.Select):
        named = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
        group = select.args.get("group")
        for key in list(group.expressions) if group else ():
            if isinstance(key, exp.Column) and key.name in named:
                key.replace(named[key.name].copy())


def _raw(template: str, dialect: str, *given: exp.Expression | str) -> exp.Expression:
    """An expression that is written as the dialect has it."""
    parts = [one if isinstance(one, str) else _inner(one, dialect) for one in given]
    return exp.Var(this=template.format(*parts))


def _inner(node: exp.Expression, dialect: str) -> str:
    return str(node.sql(dialect, identify=True))


def _texts(node: exp.Expression, dialect: str) -> exp.Expression:
    asked = node.find(exp.CombinedAggFunc)
    assert asked is not None
    text, says = asked.expressions
    one = _inner(exp.Case(ifs=[exp.If(this=says, true=text)]), dialect)
    return _raw(_TEXTS[dialect], dialect, one, one)


def _earliest(node: exp.Expression, _: str) -> exp.Expression:
    """`substring(argMin(message, (at, message)), 1, n)`: of texts that begin with their moments the least, without its moment."""
    found = node.this
    if not isinstance(found, exp.ArgMin):
        return node
    at, message = found.expression.expressions
    moment = exp.Pad(
        this=exp.cast(at, "text"),
        expression=exp.Literal.number(_DIGITS),
        fill_pattern=exp.Literal.string("0"),
        is_left=True,
    )
    least = exp.Min(this=exp.Concat(expressions=[moment, message], safe=False, coalesce=False))
    return exp.Substring(this=least, start=exp.Literal.number(_DIGITS + 1), length=node.args["length"])


def _divided(node: exp.Expression, _: str) -> exp.Expression:
    number, by = node.expressions
    exact = exp.Div(this=exp.cast(number, "double"), expression=by)
    return exp.cast(exp.Floor(this=exact), "bigint")


def _hash(node: exp.Expression, dialect: str) -> exp.Expression:
    whole = exp.Concat(expressions=list(node.expressions), safe=True, coalesce=False)
    return _raw(_HASHED.get(dialect, "MD5({})"), dialect, whole)


def _number(node: exp.Expression, dialect: str) -> exp.Expression:
    """NULL where a text is not a number."""
    if dialect in _NUMBERS:
        return _raw(_NUMBERS[dialect], dialect, *node.expressions)
    return exp.TryCast(this=node.expressions[0], to=exp.DataType.build("int"))


def _replaced(node: exp.Expression, dialect: str) -> exp.Expression:
    return _raw(_REPLACED.get(dialect, "REGEXP_REPLACE({}, {}, {})"), dialect, *node.expressions)


def _without_query(node: exp.Expression, dialect: str) -> exp.Expression:
    pattern, nothing = exp.Literal.string("[?].*"), exp.Literal.string("")
    return _raw(_REPLACED.get(dialect, "REGEXP_REPLACE({}, {}, {})"), dialect, *node.expressions, pattern, nothing)


_TRANSLATIONS: dict[str, Callable[[exp.Expression, str], exp.Expression]] = {
    "toInt64": lambda node, _: exp.cast(node.expressions[0], "bigint"),
    "toString": lambda node, _: exp.cast(node.expressions[0], "text"),
    "toInt32OrNull": _number,
    "toUnixTimestamp64Milli": lambda _, dialect: _raw(_NOW[dialect], dialect),
    "intDiv": _divided,
    "CityHash64": _hash,
    "replaceRegexpAll": _replaced,
    "cutQueryString": _without_query,
    "arrayStringConcat": _texts,
    "Substring": _earliest,
    "RegexpLike": lambda node, dialect: _raw(_MATCHES[dialect], dialect, node.this, node.expression),
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in sys.argv[1:] or DIALECTS:
        (FOLDER / f"{each}.sql").write_text(compiled(each), encoding="utf-8")
