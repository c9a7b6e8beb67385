"""Which page is about a verdict, and where it can be opened."""

from __future__ import annotations

import pytest

from postdeploy.report.links import page_about, web_address
from postdeploy.verdict.verdict import Verdict
from tests.report.samples import BLOCKED, FAIL, PASS


@pytest.mark.parametrize(
    ("verdict", "page"),
    [(PASS, None), (FAIL, "docs/findings/database.md"), (BLOCKED, "docs/findings/blocked.md")],
)
def test_each_verdict_leads_to_its_page(verdict: Verdict, page: str | None) -> None:
    assert page_about(verdict) == page


def test_a_page_is_linked_where_it_can_be_opened() -> None:
    github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/checks", "GITHUB_SHA": "abc"}
    assert web_address("docs/x.md", github) == "https://github.com/acme/checks/blob/abc/docs/x.md"
    assert web_address("docs/x.md", {}) == "../../docs/x.md"
