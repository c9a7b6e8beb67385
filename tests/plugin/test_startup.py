"""What may be loaded at each stage of a run or a command, and what it therefore does not cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.plugin.starts import Started, run_command, run_pytest
from tests.site import RUNBOOK, SOMEBODY, Site, site

pytestmark = pytest.mark.processes
PROJECT = Path(__file__).parents[2]
COSTLY = frozenset({"numpy", "re2", "rich", "httpx", "typer", "jsonschema", "playwright", "allure_commons", "filelock"})
BY_PLUGINS = frozenset({"playwright", "allure_commons"})
"""What pytest-playwright and allure-pytest load in every run, ours or not."""
START = frozenset(
    [
        "plugin.entry",
        "plugin.project",
        "plugin.options",
        "plugin.streams",
        "plugin.selection",
        "plugin.stash",
        "run.options",
        "system.suite",
    ]
)
UNFINISHED = frozenset(
    [
        "plugin.claim",
        "plugin.loading",
        "plugin.driver",
        "plugin.unfinished",
        "system.http_library",
        "plugin.ending",
        "plugin.interruption",
        "system.exclusive",
        "report",
        "record.document",
        "record.last_good",
        "analysis.log_report",
        "analysis.findings",
        "analysis.baseline",
        "analysis.rates",
        "analysis.signals",
        "logs.protocol",
        "logs.entry",
        "record.prerequisites",
        "uptime.journey",
        "rollback.report",
        "verdict.verdict",
        "runbook.aliases",
        "model",
        "redaction",
        "spellings",
        "system.exit_codes",
        "system.files",
        "system.times",
    ]
)
"""What the verdict of a run that has only begun needs."""
PLAN = frozenset(
    [
        "plugin.verification",
        "plugin.driver",
        "plugin.emptied_folders",
        "plugin.collection",
        "plugin.registration",
        "system.http_library",
        "run.plan",
        "run.log_request",
        "run.canary_request",
        "run.unsafe_evidence",
        "runbook",
        "system.binomial",
        "target.address",
        "readiness.configured",
        "readiness.env_file",
        "readiness.audit",
        "readiness.hosts",
        "readiness.shapes",
        "readiness.signatures",
    ]
)
DOCTOR = frozenset(
    [
        "cli.main",
        "cli.doctor",
        "cli.doctor_items",
        "cli.mistakes",
        "cli.starter",
        "target.address",
        "runbook",
        "model",
        "redaction",
        "spellings",
        "system.browser",
        "system.exit_codes",
        "system.output",
        "system.files",
        "readiness.configured",
        "readiness.env_file",
        "readiness.audit",
        "readiness.hosts",
        "readiness.shapes",
        "readiness.signatures",
    ]
)
ENGINE = frozenset(
    {"analysis.logbook", "analysis.ledger", "logs.files", "plugin.log", "run.log_watch", "run.log_access"}
)
"""What reads and judges a log."""
MOST_OF_OURS, MOST_IN_ALL = 217, 1160
LATER = ENGINE | {"plugin.remedy", "plugin.comparison_run", "plugin.rollback_proof", "plugin.canary_run", "cli"}


@dataclass(frozen=True)
class Loaded:
    """What a process has loaded of us and of the costly packages."""

    ours: frozenset[str]
    costly: frozenset[str]

    @classmethod
    def by(cls, started: Started) -> Loaded:
        ours = frozenset(name.removeprefix("postdeploy.") for name in started.ours if name != "postdeploy")
        return cls(ours, frozenset(name.partition(".")[0] for name in started.modules) & COSTLY)

    def besides(self, may: frozenset[str]) -> set[str]:
        """Our modules that are neither listed nor below a folder that is; folders load nothing by themselves."""
        folders = {name.rpartition(".")[0] for name in self.ours}
        return {name for name in self.ours - folders if not any(f"{name}.".startswith(f"{one}.") for one in may)}


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with site() as found:
        yield found


def run_smoke(served: Site, folder: Path, *options: str) -> Started:
    """`pytest -m smoke` of the checks that need no browser."""
    runbook = folder / "runbook.toml"
    runbook.write_text(RUNBOOK.format(look=5), encoding="utf-8")
    given = (
        f"--base-url={served.url}",
        f"--reports={folder / 'reports'}",
        f"--runbook={runbook}",
        "-k",
        "unauthenticated",
    )
    return run_pytest(PROJECT, "-m", "smoke", *given, *options, environ=SOMEBODY)


def test_a_run_that_verifies_nothing_loads_the_options(tmp_path: Path) -> None:
    loaded = Loaded.by(run_pytest(PROJECT, "--markers"))
    assert (loaded.besides(START), loaded.costly) == (set(), BY_PLUGINS)


def test_a_usage_error_loads_the_plan_and_nothing_of_the_checks(tmp_path: Path) -> None:
    started = run_pytest(PROJECT, "-m", "smoke", f"--reports={tmp_path}")
    loaded = Loaded.by(started)
    assert started.code == 4, started.output
    assert (loaded.besides(START | UNFINISHED | PLAN), loaded.costly) == (set(), BY_PLUGINS)


def test_listing_the_checks_loads_their_fixtures_and_no_controller(served: Site, tmp_path: Path) -> None:
    started = run_smoke(served, tmp_path, "--collect-only", "-q")
    loaded = Loaded.by(started)
    assert "test_" in started.output
    assert not loaded.ours & (LATER | {"plugin.controller", "plugin.recorder"})
    assert not loaded.costly & {"numpy", "typer", "jsonschema"}


def test_a_run_without_a_log_loads_nothing_that_judges_one(served: Site, tmp_path: Path) -> None:
    started = run_smoke(served, tmp_path)
    loaded = Loaded.by(started)
    assert started.code == 0, started.output
    assert "plugin.controller" in loaded.ours
    assert not loaded.ours & LATER
    assert not loaded.costly & {"numpy", "typer", "jsonschema"}


def test_a_run_without_a_log_loads_no_more_modules_than_it_did(served: Site, tmp_path: Path) -> None:
    """A count holds what was won, whatever the machine; a module that is needed raises it knowingly."""
    started = run_smoke(served, tmp_path)
    assert len(started.ours) <= MOST_OF_OURS
    assert len(started.modules) <= MOST_IN_ALL


def test_a_run_with_a_log_loads_what_judges_it(served: Site, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    log.write_text("[]", encoding="utf-8")
    loaded = Loaded.by(run_smoke(served, tmp_path, f"--logs={log}", "--deployed-at=2026-11-25T12:00:00Z"))
    assert loaded.ours >= ENGINE
    assert "numpy" in loaded.costly


def test_doctor_loads_no_log_engine(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    started = run_command(folder, "doctor")
    loaded = Loaded.by(started)
    assert "SMOKE_EMAIL" in started.output
    assert (loaded.besides(DOCTOR), set(loaded.costly)) == (set(), {"re2", "rich", "typer"})


def test_a_project_may_use_asyncio_while_it_is_loaded(served: Site, tmp_path: Path) -> None:
    """The browser's driver is started before; Playwright's event loop must not be in the way."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "conftest.py").write_text("import asyncio\nasyncio.run(asyncio.sleep(0))\n", encoding="utf-8")
    runbook = folder / "runbook.toml"
    runbook.write_text(RUNBOOK.format(look=5), encoding="utf-8")
    given = ("-o", "postdeploy=true", f"--base-url={served.url}", f"--runbook={runbook}", "-k", "unauthenticated")
    found = run_pytest(folder, "-m", "smoke", *given, environ=SOMEBODY)
    assert (found.code, "1 passed" in found.output) == (0, True), found.output
