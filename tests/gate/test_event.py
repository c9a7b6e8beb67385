"""Which events lead to a run, of which deployment, at which address."""

from __future__ import annotations

from typing import Any

import pytest

from postdeploy.gate.event import NotVerified, Subject, address_to_verify, subject_of
from postdeploy.model import UsageError
from tests.gate.events import dispatched, status

OWN = "https://inbox-new.vercel.app"
DOMAIN = "https://app.example.com"


@pytest.mark.parametrize("kind", ["vercel.deployment.success", "vercel.deployment.promoted"])
def test_a_deployment_that_went_live_is_verified(kind: str) -> None:
    found = subject_of("repository_dispatch", dispatched(kind), "prj_alone")
    assert found == Subject(kind, "dpl_new", OWN, "prj_alone", "0123abc")


@pytest.mark.parametrize("environment", ["Production", "Production – inbox"])
def test_a_production_deployment_that_is_built_is_verified(environment: str) -> None:
    found = subject_of("deployment_status", status(environment=environment, at="2026-11-24T10:00:00Z"))
    assert found == Subject("deployment_status", url=OWN, commit="0123abc", at="2026-11-24T10:00:00Z")


@pytest.mark.parametrize(
    ("name", "payload", "why"),
    [
        pytest.param("repository_dispatch", dispatched(environment="preview"), "the environment preview", id="preview"),
        pytest.param("repository_dispatch", dispatched(environment="staging"), "the environment staging", id="custom"),
        pytest.param("repository_dispatch", dispatched("vercel.deployment.ready"), "postdeploy check run", id="ready"),
        pytest.param("repository_dispatch", dispatched("vercel.deployment.error"), "not about a", id="build error"),
        pytest.param("repository_dispatch", dispatched("vercel.deployment.promoted.x"), "not about a", id="unknown"),
        pytest.param("repository_dispatch", dispatched(project="prj_docs"), "another project", id="monorepo"),
        pytest.param("repository_dispatch", {}, "this event is not", id="an empty payload"),
        pytest.param("repository_dispatch", {"action": 1, "client_payload": []}, "this event is not", id="nonsense"),
        pytest.param("deployment_status", status("in_progress"), "not built: in_progress", id="in progress"),
        pytest.param("deployment_status", status("failure"), "not built: failure", id="failed"),
        pytest.param("deployment_status", status(environment="Preview"), "the environment Preview", id="a preview"),
        pytest.param("deployment_status", status(environment="Productive"), "Productive", id="no production"),
        pytest.param("deployment_status", status(creator="mallory"), "by mallory", id="not by Vercel"),
        pytest.param("pull_request", {}, "about a pull request", id="a pull request"),
        pytest.param("pull_request_target", status(), "about a pull request", id="a fork's, with the base's secrets"),
        pytest.param("issue_comment", {}, "about a pull request", id="a comment"),
    ],
)
def test_everything_else_is_left_alone_with_its_reason(name: str, payload: Any, why: str) -> None:
    with pytest.raises(NotVerified, match=why):
        subject_of(name, payload, "prj_alone")


@pytest.mark.parametrize(
    "url",
    [
        "https://[",
        "https://phish.example.com\\.vercel.app",
        "https://user:secret@inbox-new.vercel.app",
        "https://$(touch made).vercel.app",
        "https://inbox new.vercel.app",
        "javascript://inbox-new.vercel.app",
        "ftp://inbox-new.vercel.app",
        "https://",
        "--mark=canary",
    ],
)
def test_an_event_whose_address_is_none_leads_to_no_sign_in(url: str) -> None:
    for event, payload in (("deployment_status", status(url=url)), ("repository_dispatch", dispatched(url=url))):
        found = subject_of(event, payload)
        assert (found.url, found.host) == ("", "")
        assert address_to_verify(DOMAIN, found, known=False) == DOMAIN
        with pytest.raises(UsageError):
            address_to_verify("", found, known=False)


def test_a_person_names_the_address() -> None:
    assert address_to_verify("app.example.com", subject_of("workflow_dispatch", {}), known=False) == DOMAIN
    with pytest.raises(UsageError, match="Give the action the input url"):
        address_to_verify("", Subject(), known=False)


def test_the_domain_comes_before_the_deployments_own_address() -> None:
    found = subject_of("repository_dispatch", dispatched())
    assert address_to_verify(DOMAIN, found, known=True) == DOMAIN
    assert address_to_verify("", found, known=False) == OWN


def test_the_smoke_user_signs_in_nowhere_but_at_vercels_addresses_or_where_the_workflow_says() -> None:
    found = subject_of("deployment_status", status(url="https://phish.example.com/auth"))
    assert address_to_verify(DOMAIN, found, known=False) == DOMAIN
    assert address_to_verify("", found, known=True) == "https://phish.example.com"
    with pytest.raises(UsageError, match="not an address of Vercel's"):
        address_to_verify("", found, known=False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Subject(deployment="dpl_a"), Subject(deployment="dpl_a"), True),
        (Subject(url=OWN), Subject(deployment="dpl_a", url=OWN), True),
        (Subject(deployment="dpl_a"), Subject(deployment="dpl_b"), False),
        (Subject(deployment="dpl_a"), Subject(url=OWN), False),
        (Subject(), Subject(), False),
    ],
)
def test_two_events_are_about_one_deployment_if_that_is_known(one: Subject, other: Subject, same: bool) -> None:
    assert one.is_about(other) is same
