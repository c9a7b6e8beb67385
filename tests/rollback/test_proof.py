"""`pytest -m rollback` as a call: which rollback is meant, what is refused, and what production serves by its page alone."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from pytest_httpserver import HTTPServer

from postdeploy.record.last_good import KnownBy
from postdeploy.redaction import Redactor, Secret
from postdeploy.rollback.report import Ending, PreviousDeployment, RollbackReport, TargetDeployment, write
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from sandbox.alone import PlatformAlone, platform_alone
from tests.faults.measure import Measured, run_suite
from tests.plugin.calls import NOBODY, run

pytestmark = [pytest.mark.processes, pytest.mark.timeout(90)]

USER = {"SMOKE_EMAIL": "ada@example.test", "SMOKE_PASSWORD": "correct horse"}
ONLY_WHAT_SERVES = """
schema = 1
[checks]
rollback = ["test_production_serves_the_rollback_target"]
[budgets]
settle = 0.5
second_look = 0.1
[rollback]
settle = 0
"""


def report(url: str, **changes: object) -> RollbackReport:
    known = {
        "outcome": Ending.MOVED,
        "url": url,
        "how": "promote",
        "from_": PreviousDeployment("dpl_bad"),
        "to": TargetDeployment("dpl_good", known_by=KnownBy.RECORD),
        "requested_at": "2026-11-25T12:00:07.123Z",
        "not_restored": ("environment variables",),
        "undo": ("vercel promote dpl_bad",),
    }
    return RollbackReport(**(known | changes))  # type: ignore[arg-type]


# What is refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["-m", "rollback"], "Name it: --target=dpl_…", id="the target is unknown"),
        pytest.param(["-m", "rollback", "--target=app.example.com"], "not a deployment's id", id="no id"),
        pytest.param(["-m", "smoke or rollback"], "a rollback is proven by itself", id="together with other checks"),
        pytest.param(["-m", "smoke", "--target=dpl_1"], "belongs to -m rollback", id="a target without a rollback"),
        pytest.param(
            ["-m", "rollback", "--target=dpl_1", "--logs=vercel", "--watch=soon"], "is not a duration", id="no time"
        ),
    ],
)
def test_a_call_that_cannot_be_meant_is_a_usage_error(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, output = run(*arguments, f"--base-url={NOBODY}", f"--reports={tmp_path}")
    assert (code, message in output, "Traceback" in output) == (4, True, False), output


def test_a_report_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "rollback.json").write_text("{")
    code, output = run("-m", "rollback", f"--base-url={NOBODY}", f"--reports={tmp_path}")
    assert code == 4
    assert "rollback.json can't be read" in output
    assert "--target=dpl_" in output


def test_a_platform_that_was_asked_for_nothing_is_a_usage_error(tmp_path: Path) -> None:
    with platform_alone() as platform:
        code, output = run("-m", "rollback", f"--base-url={NOBODY}", f"--reports={tmp_path}", **platform.environment())
    assert code == 4
    assert "no rollback is known" in output
    assert "postdeploy rollback" in output


def test_without_a_smoke_user_it_says_what_to_set(tmp_path: Path, site: Site) -> None:
    code, output = run("-m", "rollback", "--target=dpl_good", f"--base-url={site.url}", f"--reports={tmp_path}")
    assert code == 10
    assert "SMOKE_EMAIL and SMOKE_PASSWORD" in output


def test_a_smoke_run_neither_needs_nor_names_the_checks_of_a_rollback(tmp_path: Path) -> None:
    code, output = run("-m", "smoke", f"--base-url={NOBODY}", "--collect-only", "-q", f"--reports={tmp_path}")
    assert code == 10  # listed, not judged
    assert "test_rollback" not in output
    assert "test_settled" not in output


def test_a_rollback_needs_exactly_its_own_checks(tmp_path: Path) -> None:
    code, output = run(
        "-m", "rollback", "--target=dpl_1", f"--base-url={NOBODY}", "--collect-only", "-q", f"--reports={tmp_path}"
    )
    assert code == 10  # listed, not judged
    named = [line.rpartition("::")[2].partition("[")[0] for line in output.splitlines() if "::" in line]
    assert named == [
        "test_production_serves_the_rollback_target",
        "test_signing_in_works_again",
        "test_the_master_inbox_loads_conversations_again",
    ]


# What production serves, by its page ---------------------------------------------------------------------------------------


class Site:
    """An app whose login page names the deployment that serves it."""

    def __init__(self, server: HTTPServer, deployment: str) -> None:
        self.url = server.url_for("").rstrip("/")
        html = f'<!DOCTYPE html><html data-dpl-id="{deployment}"><script src="/_next/a.js?dpl={deployment}"></script></html>'
        server.expect_request("/auth/login").respond_with_data(html, content_type="text/html")
        server.expect_request("/").respond_with_data("", status=307, headers={"location": "/auth/login"})


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    return Site(httpserver, "dpl_good")


def proven(url: str, reports: Path, *options: str, **environ: str) -> Measured:
    """A run of the first check alone: the others need a browser."""
    overlay = reports / "only.toml"
    overlay.write_text(ONLY_WHAT_SERVES)
    return run_suite(
        url,
        USER | environ,
        reports,
        f"--runbook={overlay}",
        "-k",
        "test_production_serves",
        *options,
        mark="rollback",
    )


def test_what_production_serves_is_read_off_its_page(site: Site, tmp_path: Path) -> None:
    measured = proven(site.url, tmp_path, "--target=dpl_good")
    assert (measured.exit_code, measured.verdict["decision"]) == (0, "PASS")
    assert measured.verdict["stage"] == "recovery"
    assert measured.verdict["recovery"]["state"] == "inbox"
    assert "RECOVERED (inbox)" in measured.output
    assert "[rollback] settle is 0" in measured.output


def test_what_it_went_back_to_stands_in_the_report_of_the_rollback(site: Site, tmp_path: Path) -> None:
    write(tmp_path, report(site.url), Redactor())
    measured = proven(site.url, tmp_path)
    assert measured.exit_code == 0
    assert measured.verdict["recovery"]["told_by"] == "by rollback.json of 2026-11-25 12:00:07 UTC"
    assert "to undo it: vercel promote dpl_bad" in measured.output
    assert "not restored: environment variables" in measured.output


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"url": "https://another.example.com"}, id="another address"),
        pytest.param({"outcome": Ending.REFUSED}, id="nothing was done"),
    ],
)
def test_a_report_that_is_not_about_this_is_not_taken(site: Site, tmp_path: Path, changes: dict[str, object]) -> None:
    write(tmp_path, report(**({"url": site.url} | changes)), Redactor())  # type: ignore[arg-type]
    code, output = run("-m", "rollback", f"--base-url={site.url}", f"--reports={tmp_path}")
    assert code == 4
    assert "--target=dpl_" in output


def test_what_it_went_back_from_is_no_recovery(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, "dpl_bad")
    write(tmp_path, report(site.url), Redactor())
    measured = proven(site.url, tmp_path)
    assert (measured.exit_code, measured.cause) == (1, "not-restored")
    assert "NOT RECOVERED: production does not serve dpl_good" in measured.output
    assert "the page names dpl_bad" in measured.output
    assert measured.verdict["command"] == f"postdeploy deployments --base-url={site.url}"
    assert measured.verdict["recovery"]["state"] == "not recovered"


def test_a_third_one_has_taken_over(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, "dpl_newer")
    write(tmp_path, report(site.url), Redactor())
    measured = proven(site.url, tmp_path)
    assert (measured.exit_code, measured.verdict["reason"]) == (10, "superseded")
    assert "superseded by dpl_newer after the rollback" in measured.output


def test_a_page_that_names_no_deployment_proves_nothing(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, "a-build-of-ones-own")
    measured = proven(site.url, tmp_path, "--target=dpl_good")
    assert measured.exit_code == 10
    assert "which deployment production serves is unknown" in measured.output


# According to Vercel, too ---------------------------------------------------------------------------------------------------


def at_home(platform: PlatformAlone, site: Site) -> None:
    """Let Vercel's production domain be the site's."""
    deployments = platform.deployments
    deployments.domain = site.url.removeprefix("http://")
    deployments.domains = (deployments.domain, f"app.{deployments.domain}")
    for name in ("dpl_old", "dpl_new"):
        found = deployments.find(name)
        assert found is not None
        deployments.promote(found)


def test_the_platform_must_say_so_as_well(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, "dpl_old")
    with platform_alone() as platform:
        at_home(platform, site)
        measured = proven(site.url, tmp_path, "--target=dpl_old", "--without=settled", **platform.environment())
    assert measured.exit_code == 1
    assert "serves dpl_old (dpl_new according to Vercel), not dpl_old" in measured.output


def test_without_a_report_the_platforms_last_request_will_do(httpserver: HTTPServer, tmp_path: Path) -> None:
    site = Site(httpserver, "dpl_old")
    with platform_alone() as platform:
        at_home(platform, site)
        with_rollback(platform)
        measured = proven(site.url, tmp_path, "--without=settled", **platform.environment())
    assert measured.exit_code == 0, measured.output
    recovery = measured.verdict["recovery"]
    assert recovery["target"] == "dpl_old"
    assert recovery["told_by"].startswith("by the last request at Vercel, a rollback to dpl_old")
    assert recovery["undo"] == [f"postdeploy rollback dpl_new --base-url={site.url} --yes"]


def with_rollback(platform: PlatformAlone) -> None:
    given = platform.environment()
    access = Access(Secret(given["VERCEL_TOKEN"]), given["VERCEL_PROJECT_ID"], given["VERCEL_TEAM_ID"], platform.url)
    with Vercel(access) as vercel:
        assert vercel.write("POST", "/v1/projects/prj_alone/rollback/dpl_old", {}).error is None


def test_the_verdict_is_as_its_schema_says(site: Site, tmp_path: Path) -> None:
    schema = json.loads((Path(__file__).parents[2] / "docs/verdict.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(proven(site.url, tmp_path, "--target=dpl_good").verdict, schema)
