"""A whole run that is asked for its checks by their earlier names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from postdeploy.plugin.options import PARENT
from tests import site as sites
from tests.faults.measure import Measured, run_suite
from tests.site import SOMEBODY, Site

pytestmark = [pytest.mark.processes, pytest.mark.timeout(60)]

NOW = "test_an_unauthenticated_client_is_redirected_to_the_login_page"
EARLIER = "test_a_stranger_is_sent_to_the_login_page"


@pytest.fixture
def site() -> Iterator[Site]:
    with sites.site() as served:
        yield served


def measured(site: Site, folder: Path, *options: str) -> Measured:
    """A run of the check alone; the runbook calls it by its earlier name."""
    runbook = folder / "own.toml"
    runbook.write_text(sites.RUNBOOK.format(look=0.2).replace(NOW, EARLIER), encoding="utf-8")
    return run_suite(site.url, SOMEBODY, folder / "reports", f"--runbook={runbook}", *options)


def allure_results(folder: Path) -> list[dict[str, Any]]:
    files = (folder / "reports/allure-results").glob("*-result.json")
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("-k", EARLIER), id="-k"),
        pytest.param((f"smoke/test_login.py::{EARLIER}",), id="a node id"),
        pytest.param((f"smoke/test_login.py::{EARLIER}", "-n", "1"), id="a node id, in a worker"),
    ],
)
def test_an_earlier_name_selects_the_check(site: Site, tmp_path: Path, options: tuple[str, ...]) -> None:
    run = measured(site, tmp_path, *options)
    assert run.verdict["decision"] == "PASS", run.output
    assert [one["name"] for one in run.verdict["checks"]] == [NOW]


def test_a_comparison_run_knows_the_earlier_name_and_proves_nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PARENT, str(os.getpid()))
    run = measured(site, tmp_path, f"--comparison={EARLIER}")
    assert (run.verdict["decision"], run.exit_code) == ("INCONCLUSIVE", 10), run.output
    assert [(one["name"], one["outcome"]) for one in run.verdict["checks"]] == [(NOW, "passed")]


def test_allure_finds_the_history_under_the_earlier_name(site: Site, tmp_path: Path) -> None:
    measured(site, tmp_path, "-k", EARLIER)
    [result] = allure_results(tmp_path)
    assert result["historyId"] == result["testCaseId"] == "8e6d6e52e66f40e2ccea3d5a55bc4435"
    assert result["fullName"].endswith(f"#{NOW}")
