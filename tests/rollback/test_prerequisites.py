"""What a rollback would need, looked up while all is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from pytest_httpserver import HTTPServer

from postdeploy.production.state import ProductionState
from postdeploy.record.last_good import KnownBy, LastGood, NoLastGood
from postdeploy.rollback.prerequisites import answering, prerequisites
from postdeploy.runbook.reading import read_runbook
from postdeploy.vercel.project import AliasRequest, ProjectState
from tests.site import Site

BOOK = read_runbook()
BOOK = msgspec.structs.replace(BOOK, budgets=msgspec.structs.replace(BOOK.budgets, second_look=0.01, preflight=1.0))
STATE = ProductionState("app.example.com", project=ProjectState(auto_assign=True))
ROLLED_BACK = AliasRequest("dpl_a", "dpl_b", "succeeded", "rollback", 1)


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    return Site(httpserver)


def good(url: str) -> LastGood:
    return LastGood("dpl_a", url, KnownBy.RECORD, "passed its verification", "c0ffee123")


def serving(script: str) -> Callable[[Site, HTTPServer], None]:
    def change(site: Site, _: HTTPServer) -> None:
        site.script = script

    return change


def open_reads(site: Site, server: HTTPServer) -> None:
    server.expect_oneshot_request("/api/inbox/conversations").respond_with_data("{}")


@pytest.mark.parametrize(
    ("change", "answers", "how"),
    [
        pytest.param(serving("A"), True, "answers", id="as itself"),
        pytest.param(serving("B"), False, "is not what its address serves: dpl_b", id="another build"),
        pytest.param(serving("-"), False, "does not answer: ", id="an error page"),
        pytest.param(serving("!"), None, "could not be asked: ", id="a challenge"),
        pytest.param(open_reads, False, "its read API answers 200 without a session", id="reads are open"),
    ],
)
def test_whether_it_answers_is_asked_at_its_own_address(
    site: Site,
    httpserver: HTTPServer,
    change: Callable[[Site, HTTPServer], None],
    answers: bool | None,
    how: str,
) -> None:
    change(site, httpserver)
    found = answering(good(httpserver.url_for("").rstrip("/")), BOOK, None)
    assert found[0] is answers
    assert how in found[1]


def test_it_never_signs_in_and_makes_few_requests(site: Site, httpserver: HTTPServer) -> None:
    answering(good(httpserver.url_for("").rstrip("/")), BOOK, None)
    asked = [(request.method, request.path) for request, _ in httpserver.log]
    assert asked == [("GET", "/"), ("GET", "/auth/login"), ("GET", "/api/inbox/conversations")]


def test_a_target_without_an_address_of_its_own_is_not_asked() -> None:
    assert answering(good(""), BOOK, None) == (None, "has no known address of its own")


def test_where_there_is_no_target_it_says_why() -> None:
    found = prerequisites(NoLastGood("no deployment was live before"), STATE, BOOK, None)
    assert (found.target, found.answers, found.says) == (None, None, "no target: no deployment was live before")


@pytest.mark.parametrize(
    ("project", "pinned"),
    [
        pytest.param(ProjectState(auto_assign=True), False, id="new builds go live"),
        pytest.param(ProjectState(auto_assign=False, last_request=ROLLED_BACK), True, id="after an instant rollback"),
        pytest.param(ProjectState(auto_assign=False), None, id="unknown"),
        pytest.param(
            ProjectState(auto_assign=False, last_request=replace(ROLLED_BACK, type="promote")), False, id="by hand"
        ),
    ],
)
def test_a_pinned_domain_is_said(project: ProjectState, pinned: bool | None) -> None:
    found = prerequisites(good(""), replace(STATE, project=project), BOOK, None)
    assert found.pinned is pinned
    assert ("pinned" in found.says) is (pinned is True)
