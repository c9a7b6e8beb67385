"""Whole runs with a platform that can be asked: how the deployment stands in its project, and who took over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from postdeploy.record.retention import entry_of
from sandbox.alone import NOWHERE, PlatformAlone, platform_alone
from sandbox.deployments import Commit, Deployment
from sandbox.platform.promotions import Job
from sandbox.serving import free_port
from tests import site as sites
from tests.faults.measure import Measured
from tests.record.runs import FAIL
from tests.record.runs import run as earlier_run
from tests.site import Site, let_in, measured, said

pytestmark = [pytest.mark.processes, pytest.mark.timeout(60)]
NAMES = {"N": "dpl_new", "O": "dpl_old", "F": "dpl_fresh", "X": "build-17"}


@dataclass
class Project:
    """A site and a stand-in for Vercel that knows its deployments: N (`dpl_new`) is live, O (`dpl_old`) was before."""

    site: Site
    platform: PlatformAlone

    def run(self, folder: Path, *options: str, url: str | None = None) -> Measured:
        return measured(url or self.site.url, folder, *options, platform=self.platform.environment())

    def build(self, **differs: object) -> Deployment:
        """The next push: deployment F."""
        deployments = self.platform.deployments
        newer = Deployment(
            "dpl_fresh",
            NOWHERE,
            "inbox-fresh",
            deployments.clock.now + timedelta(seconds=5),
            commit=Commit("0123456789abcdef"),
        )
        newer = replace(newer, **differs)  # type: ignore[arg-type]
        deployments.deploy(newer)
        return newer

    def roll_back(self) -> None:
        """By instant rollback."""
        deployments = self.platform.deployments
        deployments.promote(deployments.find("dpl_old") or self.build())
        deployments.auto_assign = False
        now = self.platform.clock.milliseconds
        self.platform.platform.promotions.job = Job("rollback", "dpl_new", "dpl_old", now, "succeeded")


@pytest.fixture
def project() -> Iterator[Project]:
    port = free_port()
    with sites.site(port, NAMES) as site, platform_alone(port=port) as platform:
        site.script = "N"
        yield Project(site, platform)


def test_a_live_deployment_is_named_by_both_sides(project: Project, tmp_path: Path) -> None:
    run = project.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert run.warnings == set()
    assert "deployments" in run.verdict["coverage"]["measured"]
    assert run.verdict["deployment"]["standing"] is None


def test_a_pass_with_a_token_says_what_a_rollback_would_need(project: Project, tmp_path: Path) -> None:
    run = project.run(tmp_path)
    found = run.verdict["prerequisites"]
    assert (found["target"]["id"], found["pinned"], found["rolling_release"]) == ("dpl_old", False, "")
    assert (found["answers"], found["how"]) == (False, "is not what its address serves: dpl_new")
    assert found["permission"].startswith("untested")
    assert len(found["not_restored"]) == 3
    assert "  rollback      dpl_old (http://inbox-old.localhost:" in run.output


def test_a_pass_says_so_where_the_domain_is_pinned(project: Project, tmp_path: Path) -> None:
    project.roll_back()
    project.site.script = "O"
    run = project.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert run.verdict["prerequisites"]["pinned"] is True
    assert "the domain is pinned by an instant rollback" in run.output


def test_without_a_token_nothing_is_said_of_a_rollback(project: Project, tmp_path: Path) -> None:
    run = measured(project.site.url, tmp_path)
    assert run.verdict["prerequisites"] is None
    assert "  rollback  " not in run.output


def test_without_a_token_it_is_not_measured_which_is_said(project: Project, tmp_path: Path) -> None:
    run = measured(project.site.url, tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert run.verdict["coverage"]["not_measured"]["deployments"] == "no VERCEL_TOKEN and no VERCEL_PROJECT_ID"


def test_an_address_that_serves_another_one_than_the_platform_names_proves_nothing(
    project: Project, tmp_path: Path
) -> None:
    project.site.script = "O"
    run = project.run(tmp_path)
    assert said(run) == ("INCONCLUSIVE", "unproven"), run.output
    assert "serves dpl_old, but leads to dpl_new according to Vercel" in run.verdict["summary"]


def test_a_project_with_another_production_deployment_is_named(project: Project, tmp_path: Path) -> None:
    project.platform.platform.promotions.claimed = "dpl_old"
    run = project.run(tmp_path)
    assert said(run) == ("FAIL", None), run.output
    assert run.verdict["recommendation"] == "investigate"
    assert "leads to dpl_new, but the project's production deployment is dpl_old" in run.verdict["summary"]


def test_a_page_that_names_its_build_in_its_own_way_can_not_be_compared(project: Project, tmp_path: Path) -> None:
    project.site.script = "X"
    run = project.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert [one for one in run.warnings if "could not be compared with Vercel: the page names build-17" in one]


def test_a_platform_that_knows_another_project_blocks(project: Project, tmp_path: Path) -> None:
    environment = project.platform.environment() | {"VERCEL_PROJECT_ID": "prj_other"}
    run = measured(project.site.url, tmp_path, platform=environment)
    assert said(run) == ("INCONCLUSIVE", "blocked"), run.output
    assert "Check VERCEL_PROJECT_ID" in run.verdict["summary"]


def test_while_a_rollback_pins_the_domain_a_new_deploy_is_staged_not_live(project: Project, tmp_path: Path) -> None:
    project.roll_back()
    project.build()
    project.site.script = "O"
    run = project.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    [warning] = run.warnings
    assert warning.startswith("dpl_fresh (commit 0123456, ")
    assert (
        "is staged, not live: automatic assignment is off since a rollback pins the domain; no run has verified it"
        in warning
    )


# At a deployment's own address ----------------------------------------------------------------------------------------


def own_address(project: Project, label: str) -> str:
    return project.site.url.replace("://", f"://{label}.")


@pytest.fixture
def staged(project: Project) -> str:
    project.platform.deployments.auto_assign = False
    project.build()
    project.site.script = "F"
    return own_address(project, "inbox-fresh")


def test_a_staged_deployment_that_works_is_kept_where_it_stands(project: Project, staged: str, tmp_path: Path) -> None:
    run = project.run(tmp_path, url=staged)
    assert said(run) == ("PASS", None), run.output
    assert run.verdict["recommendation"] == "keep-watching"  # the site's runbook leaves the inbox out
    assert run.verdict["summary"].endswith("; it is staged, not live")
    assert run.verdict["deployment"]["standing"] == "staged, not live"
    assert f"deployment    {staged} (dpl_fresh): staged, not live" in run.output


def test_a_staged_deployment_that_fails_is_not_promoted(project: Project, staged: str, tmp_path: Path) -> None:
    project.site.inbox = let_in
    run = project.run(tmp_path, url=staged)
    assert said(run) == ("FAIL", None), run.output
    assert (run.verdict["recommendation"], run.verdict["command"]) == ("do-not-promote", None)
    assert run.output.count("comparison run of what failed") == 0


def test_what_is_published_first_is_provisional_and_the_last_word_is_not(project: Project, tmp_path: Path) -> None:
    project.site.inbox = let_in
    run = project.run(tmp_path)
    assert said(run) == ("FAIL", None), run.output
    assert (
        "its recommendation is provisional: comparing with the last-good deployment, if one is known: up to 30 s"
        in run.output
    )
    assert run.verdict["provisional"] is False


# Who took over --------------------------------------------------------------------------------------------------------


def test_a_rollback_during_the_run_is_named_as_one(project: Project, tmp_path: Path) -> None:
    project.site.script = "NNOO"
    project.site.happens[2] = project.roll_back
    run = project.run(tmp_path)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert run.verdict["summary"].startswith("superseded by dpl_old (")
    assert "an earlier one: production was rolled back) during the run" in run.verdict["summary"]


# A rolling release ----------------------------------------------------------------------------------------------------


@pytest.fixture
def rolling(project: Project) -> Project:
    """F is the canary, for 10 % of the visitors; a cookie forces it."""
    project.platform.deployments.auto_assign = False
    project.platform.deployments.roll(project.build())
    project.site.canary = "F"
    return project


def test_during_a_rolling_release_the_canary_is_measured(rolling: Project, tmp_path: Path) -> None:
    rolling.site.script = "NNNN"
    run = rolling.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert run.verdict["deployment"]["deployment_id"] == "dpl_fresh"
    assert run.verdict["deployment"]["standing"] == "the canary of a rolling release: 10 % of the visitors"
    assert "Aborting the release is an instant rollback" in run.output


def test_a_canary_that_can_not_be_reached_blocks(rolling: Project, tmp_path: Path) -> None:
    rolling.site.canary = None
    run = rolling.run(tmp_path)
    assert said(run) == ("INCONCLUSIVE", "blocked"), run.output
    assert "does not lead to its canary dpl_fresh: dpl_new answers" in run.verdict["summary"]


def test_a_release_that_is_completed_during_the_run_is_no_drift(rolling: Project, tmp_path: Path) -> None:
    def complete() -> None:
        rolling.platform.deployments.complete()
        rolling.site.canary = None

    rolling.site.script = "NNNFFF"
    rolling.site.happens[3] = complete
    run = rolling.run(tmp_path)
    assert said(run) == ("PASS", None), run.output


def test_a_release_that_is_aborted_during_the_run_supersedes_the_canary(rolling: Project, tmp_path: Path) -> None:
    def abort() -> None:
        release = rolling.platform.deployments.rolling
        assert release
        release.end("ABORTED", rolling.platform.clock.milliseconds)
        rolling.site.canary = None

    rolling.site.script = "NNNNNN"
    rolling.site.happens[3] = abort
    run = rolling.run(tmp_path)
    assert said(run) == ("INCONCLUSIVE", "superseded"), run.output
    assert run.verdict["summary"].startswith(
        "superseded by dpl_new (the rolling release of dpl_fresh was aborted) during"
    )


def test_a_release_that_begins_during_the_run_leaves_it_to_the_stable_one(project: Project, tmp_path: Path) -> None:
    def begin() -> None:
        project.platform.deployments.auto_assign = False
        project.platform.deployments.roll(project.build())

    project.site.script = "NNFNFF"
    project.site.happens[2] = begin
    run = project.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    assert [one for one in run.warnings if "a rolling release is in progress: what was measured is dpl_new" in one]


def test_a_release_whose_canary_never_answers_the_run_is_noticed_at_its_end(project: Project, tmp_path: Path) -> None:
    def begin() -> None:
        project.platform.deployments.auto_assign = False
        project.platform.deployments.roll(project.build())

    project.site.script = "NNN"
    project.site.happens[2] = begin
    run = project.run(tmp_path)
    assert said(run) == ("PASS", None), run.output
    [warning] = run.warnings
    assert warning == (
        "a rolling release is in progress: what was measured is dpl_new, 10 % of the visitors get dpl_fresh, which was not measured."
        " Verify it: re-run"
    )


def test_a_canary_that_failed_and_was_aborted_is_not_to_be_promoted(rolling: Project, tmp_path: Path) -> None:
    record = tmp_path / "record.jsonl"
    failed = entry_of(earlier_run("dpl_fresh", FAIL, host=urlsplit(rolling.site.url).netloc))
    record.write_bytes(failed + b"\n")
    release = rolling.platform.deployments.rolling
    assert release
    release.end("ABORTED", rolling.platform.clock.milliseconds)
    rolling.site.canary = None
    run = rolling.run(tmp_path, f"--record={record}")
    assert said(run) == ("PASS", None), run.output
    [warning] = run.warnings
    assert (
        "was the canary of a rolling release that was aborted; do not promote it: it failed its verification" in warning
    )
