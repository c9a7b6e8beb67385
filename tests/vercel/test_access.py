"""Which token asks, and which one acts."""

from __future__ import annotations

from pathlib import Path

from postdeploy.redaction import Secret
from postdeploy.runbook.environment import read_environment
from postdeploy.vercel.access import acting_access, platform_access


def test_a_token_of_its_own_acts_and_the_other_one_reads(tmp_path: Path) -> None:
    environ = {"VERCEL_TOKEN": "reads", "VERCEL_PROJECT_ID": "prj_1"}
    reading = read_environment(tmp_path / ".env", environ)
    assert acting_access(reading) == platform_access(reading)
    both = read_environment(tmp_path / ".env", environ | {"VERCEL_ROLLBACK_TOKEN": "acts"})
    assert platform_access(both).token == Secret("reads")
    assert (acting_access(both).token, acting_access(both).token_name) == (Secret("acts"), "VERCEL_ROLLBACK_TOKEN")
