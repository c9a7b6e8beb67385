"""Cron routes are probed without being able to start a job."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.model import Blocked, Cause, Recommendation
from postdeploy.readiness.cron import CronRecord, probe_crons
from postdeploy.readiness.prober import Probe, Reply
from postdeploy.redaction import Secret
from postdeploy.runbook.readiness_tables import Cron
from tests.readiness.replies import App, reply

CRON = Cron("listed", ("/b", "/a", "/safe"), "/a", ("/safe",), "test_x", 503)
REFUSED = (401, "Unauthorized")


def probe(app: App, secret: Secret | None = None) -> CronRecord:
    return probe_crons(app, CRON, CRON.routes, secret)


def closed(_: Probe) -> tuple[int | None, str | None]:
    return REFUSED


def test_the_telling_route_is_asked_first_and_loose_secrets_only_where_it_is_safe() -> None:
    app = App(closed)
    record = probe(app)
    assert app.paths == ["/a", "/b", "/safe"]
    assert [one.path for one in app.asked if "Bearer undefined" in one.headers.values()] == ["/safe"]
    assert all(one.wrong is None and one.skipped is None for one in record.routes.values())
    assert record.authorised == {}


def test_a_secret_that_is_not_set_ends_it_before_anything_can_run() -> None:
    app = App(lambda _: (503, "Cron endpoint not configured"))
    record = probe(app)
    assert len(app.asked) == 1
    wrong = record.routes["/a"].wrong
    assert wrong is not None
    assert (wrong.cause, wrong.recommendation) == (Cause.ENVIRONMENT, Recommendation.FIX_ENVIRONMENT)
    assert wrong.commands == ("vercel env add CRON_SECRET production",)
    assert "CRON_SECRET is not set" in (record.routes["/b"].skipped or "")


@pytest.mark.parametrize("status", [200, 204, 302, 404, 403, 500, None])
def test_whatever_the_telling_route_answers_instead_of_its_refusal_ends_it(status: int | None) -> None:
    app = App(lambda _: (status, None))
    record = probe(app)
    assert len(app.asked) == 1
    assert record.routes["/a"].wrong


def test_a_job_that_may_have_run_ends_it_and_is_told() -> None:
    app = App(lambda one: (200, None) if one.path == "/b" else REFUSED)
    record = probe(app, Secret("the right one"))
    assert app.paths == ["/a", "/b"]
    wrong = record.routes["/b"].wrong
    assert wrong is not None
    assert "a job may have run; no further route was called" in wrong.sentence
    assert record.authorised["/safe"].skipped


@pytest.mark.parametrize(
    ("status", "says"),
    [(404, "a route that does not exist"), (500, "instead of refusing"), (307, "instead of refusing")],
)
def test_a_route_that_neither_refuses_nor_runs_fails_and_the_others_are_still_asked(status: int, says: str) -> None:
    app = App(lambda one: (status, None) if one.path == "/b" else REFUSED)
    record = probe(app)
    assert app.paths == ["/a", "/b", "/safe"]
    wrong = record.routes["/b"].wrong
    assert wrong is not None
    assert says in wrong.sentence


def test_a_401_that_is_not_the_apps_own_is_no_refusal() -> None:
    record = probe(App(lambda _: (401, None)))
    assert record.routes["/a"].wrong


def test_a_wall_is_no_refusal_and_ends_it() -> None:
    def walled(one: Probe) -> Reply:
        return reply(one, 401, "Protected deployment", walled=True)

    record = probe_crons(walled, CRON, CRON.routes, None)
    assert record.routes["/a"].blocked
    assert record.routes["/b"].skipped


def test_a_challenge_ends_it() -> None:
    def challenged(_: Probe) -> Reply:
        raise Blocked("challenged", "cure")

    assert probe_crons(challenged, CRON, CRON.routes, None).routes["/a"].blocked == ("challenged", "cure")


def test_only_safe_routes_are_called_with_the_secret_and_only_when_all_is_closed() -> None:
    app = App(lambda one: (200, None) if one.headers.get("authorization") == "Bearer right" else REFUSED)
    record = probe(app, Secret("right"))
    assert [one.path for one in app.asked if one.headers.get("authorization") == "Bearer right"] == ["/safe"]
    assert record.authorised["/safe"].wrong is None


@pytest.mark.parametrize("answer", [(200, "success: false"), (500, None), (401, "Unauthorized")])
def test_a_safe_route_has_to_report_success(answer: tuple[int, str | None]) -> None:
    app = App(lambda one: answer if one.headers.get("authorization") == "Bearer right" else REFUSED)
    assert probe(app, Secret("right")).authorised["/safe"].wrong


@given(st.dictionaries(st.sampled_from(["/a", "/b", "/safe"]), st.sampled_from([200, 201, 302, 401, 404, 500, 503])))
def test_at_most_one_job_runs_whatever_the_routes_do(statuses: dict[str, int]) -> None:
    """A route that answers 2xx has run its job. With everything else closed none does."""
    app = App(lambda one: (statuses.get(one.path, 401), "Unauthorized"))
    probe(app)
    assert sum(1 for one in app.asked if 200 <= statuses.get(one.path, 401) < 300) <= 1
