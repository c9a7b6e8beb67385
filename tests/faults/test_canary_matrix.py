"""What happens in the canary leads to the verdict that the contract asks for: whole runs, on a real Postgres and a stand-in for Vercel."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from sandbox.alone import PlatformAlone, platform_alone
from sandbox.database import Database
from sandbox.logs import Line
from sandbox.revision import ACME, READER, Revision, RevisionFault
from sandbox.serving import free_port
from tests import site as sites
from tests.faults.measure import Measured, run_suite
from tests.faults.table import kept
from tests.record import runs
from tests.site import SOMEBODY, Site

pytestmark = pytest.mark.timeout(180)
WINDOW, EVERY = 8.0, 0.1
"""Seconds that a canary is watched here, and between two rounds of the worker."""
SWITCH = "AUTO_SEND_REVISION_DISABLED"
RUNBOOK = f"""
schema = 1
[canary]
workspace = "{ACME}"
watch = {WINDOW}
poll = 0.5
role = "{{role}}"
[deployments]
look = 0.5
confirm = 0.1
[budgets]
second_look = 0.1
"""
_HEADER = "| what happens | phase | decision | recommendation | says | detected after |\n|---|---|---|---|---|---|\n"
_INTRO = f"""# The canary, measured

Measured by `make faults`: `pytest -m canary` with a worker that writes drafts into a real Postgres, ten rounds a second, and a stand-in
for Vercel, on a loaded machine. A window of 30 minutes is {WINDOW:g} s here; “detected after” is the part of the window that had passed.

"""


@dataclass(frozen=True, slots=True)
class CanaryRow:
    """One thing that happens, and its verdict."""

    name: str
    decision: str
    recommendation: str
    reason: str | None = None
    says: str = ""
    fault: RevisionFault | None = None
    phase: str = "running"
    switch: str = "0"
    """The value of the kill switch in Production."""
    enabled: tuple[str, ...] = (ACME,)
    logs: str = ""
    """What each attempt logs."""
    role: str = READER
    happens: Callable[[Scene], object] = field(default=lambda _: None)
    proven: bool = True
    """Whether the record has a PASS of the inbox of this deployment."""


@dataclass
class Scene:
    """What a row may change."""

    site: Site
    platform: PlatformAlone
    revision: Revision
    database: Database


def _switched_after_the_build(scene: Scene) -> None:
    scene.platform.platform.environment.touch(SWITCH, scene.platform.clock.milliseconds + 60_000)


HEALTHY = CanaryRow("healthy", "PASS", "expand")
BEFORE = CanaryRow("healthy, before it starts", "PASS", "keep", phase="before", switch="1", enabled=())
ROWS = (
    HEALTHY,
    BEFORE,
    replace(HEALTHY, name="healthy, with lines in the log", logs="[Auto-Send Revision] draft revised"),
    CanaryRow(
        "a draft is attempted again and again", "FAIL", "switch-off", says="more than once", fault=RevisionFault.TWICE
    ),
    CanaryRow("every revision is applied", "FAIL", "switch-off", says="were applied", fault=RevisionFault.APPLIED),
    CanaryRow("most drafts need review", "FAIL", "switch-off", says="need review", fault=RevisionFault.REVIEW),
    CanaryRow(
        "deadlines are exceeded",
        "FAIL",
        "switch-off",
        says="exceeded deadlines",
        logs="[Auto-Send Revision] failed: deadline_exceeded",
    ),
    CanaryRow(
        "the revision path loses the database",
        "FAIL",
        "switch-off",
        says="database errors",
        logs="[Auto-Send Revision] failed: Can't reach database server at `db:5432`",
    ),
    CanaryRow(
        "a second workspace is enabled", "FAIL", "switch-off", says="not one", fault=RevisionFault.TWO_WORKSPACES
    ),
    CanaryRow(
        "the wrong workspace is enabled", "FAIL", "switch-off", says="wrong", fault=RevisionFault.WRONG_WORKSPACE
    ),
    CanaryRow("drafts of another workspace", "FAIL", "switch-off", says="not the canary's", fault=RevisionFault.STRAYS),
    CanaryRow(
        "the app ignores the kill switch",
        "FAIL",
        "switch-off",
        says="although the kill switch",
        phase="before",
        switch="1",
    ),
    replace(
        BEFORE,
        name="the kill switch is off before the canary",
        switch="0",
        decision="FAIL",
        recommendation="fix-environment",
    ),
    CanaryRow(
        "the metrics are frozen",
        "INCONCLUSIVE",
        "measure-again",
        "unproven",
        "frozen",
        RevisionFault.FROZEN,
        logs="[Auto-Send Revision] draft revised",
    ),
    CanaryRow("no traffic", "INCONCLUSIVE", "keep-watching", "unproven", "0 attempts", RevisionFault.NO_TRAFFIC),
    CanaryRow("SQL is refused: a superuser", "INCONCLUSIVE", "measure-again", "blocked", "superuser", role=""),
    CanaryRow(
        "the kill switch is still on", "INCONCLUSIVE", "measure-again", "unproven", "is on", switch="1", enabled=()
    ),
    CanaryRow(
        "the kill switch awaits a redeploy",
        "INCONCLUSIVE",
        "measure-again",
        "unproven",
        "Redeploy",
        happens=_switched_after_the_build,
    ),
    CanaryRow(
        "the inbox of this deployment was never verified",
        "INCONCLUSIVE",
        "measure-again",
        "unproven",
        "no PASS",
        proven=False,
    ),
)
QUICK = ("healthy", "healthy, before it starts", "a second workspace is enabled")
"""Rows that every `make test` measures."""


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    yield from kept(request, "canary-faults.md", _INTRO, _HEADER, len(ROWS))


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    started = Database.start(lambda _: None)
    yield started
    started.stop()


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    database.reset()
    port = free_port()
    with sites.site(port, {"N": "dpl_new"}) as site, platform_alone(port=port) as platform:
        site.script = "N"
        yield Scene(site, platform, Revision(database), database)


def _parameters() -> Iterator[object]:
    for row in ROWS:
        yield pytest.param(row, id=row.name, marks=[pytest.mark.sandbox if row.name in QUICK else pytest.mark.faults])


@pytest.mark.parametrize("row", list(_parameters()))
def test_what_happens_in_the_canary_leads_to_its_verdict(
    scene: Scene, row: CanaryRow, tmp_path: Path, table: list[str]
) -> None:
    measured = _measure(scene, row, tmp_path)
    table.append(_line(row, measured))
    verdict = measured.verdict
    assert measured.consistent, measured.output
    assert (verdict["decision"], verdict["reason"]) == (row.decision, row.reason), measured.output
    assert verdict["recommendation"] == row.recommendation, measured.output
    assert row.says in verdict["summary"], measured.output
    assert verdict["stage"] == "canary"
    assert READER not in json.dumps(verdict["findings"]) or row.role == ""


def _measure(scene: Scene, row: CanaryRow, folder: Path) -> Measured:
    scene.platform.platform.environment.fill({SWITCH: row.switch}, scene.platform.clock.milliseconds - 86_400_000)
    scene.revision.fault = row.fault
    if row.logs:
        scene.revision.on_attempt = lambda: scene.platform.happened(
            "/api/cron/background-jobs", Line(row.logs), status=200, method="GET"
        )
    scene.revision.prepare(*row.enabled)
    row.happens(scene)
    record = folder / "verdicts.jsonl"
    host = scene.site.url.removeprefix("http://")
    good = runs.run("dpl_new" if row.proven else "dpl_old", host=host)
    record.write_bytes(json.dumps(json.loads(good)).encode() + b"\n")
    (folder / "runbook.toml").write_text(RUNBOOK.format(role=row.role), encoding="utf-8")
    environment = {**SOMEBODY, **scene.platform.environment(), "CANARY_DATABASE_URL": scene.database.url}
    options = (f"--runbook={folder / 'runbook.toml'}", f"--record={record}", f"--phase={row.phase}")
    scene.revision.run(EVERY)
    try:
        return run_suite(scene.site.url, environment, folder / "reports", *options, mark="canary")
    finally:
        scene.revision.stop()


def _line(row: CanaryRow, measured: Measured) -> str:
    verdict = measured.verdict
    watched = [
        one["seconds"] for one in verdict["checks"] if one["name"] == "test_the_canary_was_watched_with_enough_traffic"
    ]
    part = f"{min(1.0, watched[0] / WINDOW):.0%}" if watched and row.decision == "FAIL" else ""
    decision = verdict["decision"] + (f" ({verdict['reason']})" if verdict["reason"] else "")
    return (
        f"| {row.name} | {row.phase} | {decision} | {verdict['recommendation']} | {verdict['summary'][:150]} | {part} |"
    )
