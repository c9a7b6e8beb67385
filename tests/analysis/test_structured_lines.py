"""Lines that name their own level, and the one pattern by which many lines are searched for such a level at once."""

from __future__ import annotations

import json
import re

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.analysis.structured_lines import _NAMES, is_error
from postdeploy.logs import levels

_MAY_BE = re2.compile(levels.MAY_BE_AN_ERROR)
_LINE_MAY_BE = re2.compile(f"(?m:{levels.MAY_BE_AN_ERROR})")
_COLOURS = ("", "\x1b[31m", "\x1b[1m\x1b[41m", "\x1b[0m ")
_TIMES = ("", "[2026-11-02T10:11:12.345Z] ", "2026-11-02 10:11:12,345 | ", "[10:11:12.345]  ")
ERRORS = st.one_of(
    st.builds(
        lambda name, level, spaces: f'{spaces}{{"time":1,"{name}":{json.dumps(level)},"msg":"x"}}',
        st.sampled_from(_NAMES),
        st.sampled_from([*sorted(levels.ERRORS), "ERROR", "Fatal", 50, 60, 100, "50", "60"]),
        st.sampled_from(["", " "]),
    ),
    st.builds(
        lambda name, level: f'{{"{name}":"\\u00{ord(level[0]):x}{level[1:]}"}}',
        st.sampled_from(_NAMES),
        st.sampled_from(sorted(levels.ERRORS)),
    ),
    st.builds(
        lambda outer, name, level: json.dumps({outer: {name: level}, "message": "x"}, indent=2),
        st.sampled_from(["log", "_meta"]),
        st.sampled_from(_NAMES),
        st.sampled_from(sorted(levels.ERRORS)),
    ),
    st.builds(
        lambda first, name, quote, level: f"{first}{name}={quote}{level}{quote} msg=x",
        st.sampled_from(["", "time=2026-11-02 ", 'ts="a b" caller=x.go:1 ']),
        st.sampled_from(["level", "severity", "lvl"]),
        st.sampled_from(["", '"']),
        st.sampled_from([*sorted(levels.ERRORS), "ERROR"]),
    ),
    st.builds(
        lambda colour, time, other, level: f"{colour}{time}{other}{level} it failed",
        st.sampled_from(_COLOURS),
        st.sampled_from(_TIMES),
        st.sampled_from(_COLOURS),
        st.sampled_from(["ERROR", "FATAL", "error", "fatal"]),
    ),
    st.sampled_from(
        ['{"level":50,"msg":"cut of', '{"service":"api","level":"ERROR","msg":"cut of', '{"status":"error"}']
    ),
)


@given(ERRORS, st.sampled_from(["", "a line before\n", "\n"]), st.sampled_from(["", "\na line behind"]))
def test_whatever_names_an_errors_level_may_be_one(error: str, before: str, behind: str) -> None:
    """So no line is lost where many are searched at once, in this process or in a warehouse."""
    if is_error(error):
        assert _MAY_BE.search(error), error
        assert _LINE_MAY_BE.search(f"{before}{error}{behind}"), error


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"error","msg":"x"}',
        '{"log.level":"ERROR"}',
        '{"_meta":{"logLevelName":"FATAL"}}',
        '{"level":50}',
        '{"level":"50","msg":"x"}',
        '{"level": "60"}',
        '{"level":"50","msg":"cut of',
        '{"_meta":{"logLevelId":5,"level":"50"}}',
        "level=error msg=x",
        'ts=1 lvl="crit" msg=x',
        "\x1b[31m[2026-11-02T10:11:12Z] ERROR it failed",
        "[error] it failed",
    ],
)
def test_an_error_by_its_own_level(line: str) -> None:
    assert is_error(line)


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"info","msg":"error"}',
        '{"level":30}',
        "level=info msg=error",
        "sync finished, errors: 0",
        "the error level=error is quoted",
        '{"status":503}',
        '{"status":"503"}',
        '{"level":"30"}',
        '{"level":"50 %"}',
        '{"level":"x50"}',
        '{"level":"20250101"}',
    ],
)
def test_no_error_by_its_own_level(line: str) -> None:
    assert not is_error(line)


def test_few_healthy_lines_may_be_errors() -> None:
    """Else each would be read by itself."""
    healthy = ["[Inbox] counts loaded {\n  open: 3\n}", "prisma:query SELECT 1", '{"level":30,"msg":"ok"}', "GET / 200"]
    assert [line for line in healthy if _MAY_BE.search(line) or re.search("error", line)] == []
