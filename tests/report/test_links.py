"""Which page is about a verdict, and where it can be opened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.model import Cause
from postdeploy.report.links import page_about, place_of, web_address
from postdeploy.verdict.verdict import Verdict
from tests.report.samples import BLOCKED, FAIL, PASS

GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/checks", "GITHUB_SHA": "abc"}


@pytest.mark.parametrize(
    ("verdict", "page"),
    [(PASS, None), (FAIL, "docs/findings/database.md"), (BLOCKED, "docs/findings/blocked.md")],
)
def test_each_verdict_leads_to_its_page(verdict: Verdict, page: str | None) -> None:
    assert page_about(verdict) == page


@pytest.mark.parametrize("cause", [Cause.SERVER, Cause.ENVIRONMENT, Cause.SCHEMA])
def test_the_page_is_about_the_failure_that_the_recommendation_is_about(cause: Cause) -> None:
    assert page_about(replace(FAIL, cause=cause)) == f"docs/findings/{cause}.md"
    assert next(one.cause for one in FAIL.findings) is not cause


def test_a_page_is_linked_where_it_can_be_opened() -> None:
    assert web_address("docs/x.md", GITHUB, checkout=True) == "https://github.com/acme/checks/blob/abc/docs/x.md"
    assert web_address("docs/x.md", {}, checkout=True) == "../../docs/x.md"


@pytest.mark.parametrize("environ", [{}, GITHUB], ids=["on a machine", "in a workflow"])
def test_in_an_apps_repository_the_report_holds_the_page(environ: dict[str, str]) -> None:
    assert web_address("docs/findings/asset.md", environ, checkout=False) == "../report.html"
    assert place_of("docs/findings/asset.md", checkout=False) == "report.html, about “asset”"
    assert place_of("docs/findings/asset.md", checkout=True) == "docs/findings/asset.md"
