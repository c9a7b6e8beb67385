"""The first line and the first screen, on the terminal and in Markdown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from postdeploy.report.markdown import as_markdown
from postdeploy.report.terminal import summary_lines
from postdeploy.verdict.verdict import Verdict
from tests.report.samples import BLOCKED, FAIL, PASS, REDACT, SUPERSEDED, facts


@pytest.mark.parametrize(
    ("verdict", "first_line"),
    [
        (PASS, "KEEP this deployment — PASS, 1 warning"),
        (FAIL, "HOLD: do not roll back, it is not expected to help — FAIL"),
        (BLOCKED, "MEASURE AGAIN: nothing is proven — INCONCLUSIVE (blocked)"),
        (SUPERSEDED, "MEASURE AGAIN: nothing is proven — INCONCLUSIVE (superseded)"),
    ],
)
def test_the_first_line_says_what_to_do(verdict: Verdict, first_line: str) -> None:
    assert summary_lines(verdict, facts(), REDACT, {})[0] == first_line
    assert as_markdown(verdict, facts(), REDACT).startswith(f"**{first_line}**")


@pytest.mark.parametrize(
    ("not_measured", "says"),
    [
        ({"cron": "no source"}, "cron (no source)"),
        ({"cron": "no token", "logs": "no token"}, "cron, logs (no token)"),
        (
            {"cron": "no token", "event": "no workspace", "logs": "no token"},
            "cron, logs (no token); event (no workspace)",
        ),
    ],
)
def test_the_same_reason_is_said_once(not_measured: dict[str, str], says: str) -> None:
    verdict = replace(PASS, coverage=replace(PASS.coverage, not_measured=not_measured))
    assert f"  not measured  {says}" in summary_lines(verdict, facts(), REDACT, {})


def test_the_first_screen_says_why_where_to_read_on_and_what_was_not_measured() -> None:
    screen = "\n".join(summary_lines(FAIL, facts(), REDACT, {"written to": Path("reports")}))
    assert "why           *** leaked" in screen
    assert "read on       docs/findings/database.md" in screen
    assert "not measured  session (switched off by --without)" in screen
    assert len(screen.splitlines()) <= 24
