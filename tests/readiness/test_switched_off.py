"""What runbook.toml switches off is not checked, and the reason is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.readiness.configured import shared_names, subjects, switched_off, without_switched_off
from postdeploy.runbook.environment import read_environment
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook

FIRST = "/api/cron/followups"


def _runbook(folder: Path, text: str) -> Runbook:
    file = folder / "overlay.toml"
    file.write_text(f"schema = 1\n{text}\n", encoding="utf-8")
    return read_runbook(None, file)


@pytest.mark.parametrize(
    ("text", "kind", "name", "named"),
    [
        (
            '[variables]\nOPENAI_API_KEY = { off = "another model" }',
            "variable",
            "OPENAI_API_KEY",
            "variable OPENAI_API_KEY",
        ),
        ('[endpoints]\nslack = { off = "no Slack" }', "endpoint", "slack", "endpoint slack"),
        ('[endpoints]\nsms = { off = "no SMS" }', "open_endpoint", "sms", "endpoint sms"),
        (
            '[cron]\noff = { "/api/cron/availability" = "gone" }',
            "cron_route",
            "/api/cron/availability",
            "cron route /api/cron/availability",
        ),
    ],
)
def test_it_has_no_check_and_the_reason_is_named(tmp_path: Path, text: str, kind: str, name: str, named: str) -> None:
    listed = '\n[webhooks]\nsource = "listed"' + ("" if "[cron]" in text else '\n[cron]\nsource = "listed"')
    text = text.replace("[cron]", '[cron]\nsource = "listed"') + listed
    whole = _runbook(tmp_path, text)
    without = {"environment": "no token"}
    environment = read_environment(tmp_path / ".env", {})
    assert list(switched_off(whole)) == [named]
    assert (
        name
        in subjects(
            _runbook(tmp_path, listed if "[cron]" in listed else f'{listed}\n[cron]\nsource = "listed"'),
            environment,
            without,
            tmp_path,
        )[kind]
    )
    assert name not in subjects(without_switched_off(whole), environment, without, tmp_path)[kind]


def test_the_cron_route_that_is_probed_first_cannot_be_off(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Name another one as cron\.first"):
        without_switched_off(_runbook(tmp_path, f'[cron]\noff = {{ "{FIRST}" = "gone" }}'))


def test_nothing_is_off_by_default() -> None:
    assert switched_off(read_runbook()) == {}


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("CLAY_WEBHOOK_SECRET", "CLAY_CALLBACK_SECRET"),
        ("CALENDLY_SIGNING_KEY", "CALENDLY_WEBHOOK_SIGNING_KEY"),
        ("CLAY_CALLBACK_SECRET", "CLAY_CALLBACK_SECRET"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_a_secret_is_found_by_its_earlier_name_too(tmp_path: Path, variable: str, name: str, place: str) -> None:
    given = {variable: "a-secret-of-sixteen"}
    dotenv = tmp_path / ".env"
    if place == ".env":
        dotenv.write_text(f"{variable}=a-secret-of-sixteen\n", encoding="utf-8")
    found = read_environment(dotenv, given if place == "environment" else {}, shared_names(read_runbook()))
    assert found.shared[name].reveal() == "a-secret-of-sixteen"


def test_the_present_name_counts_more_than_the_earlier_one(tmp_path: Path) -> None:
    both = {"CLAY_WEBHOOK_SECRET": "earlier", "CLAY_CALLBACK_SECRET": "present"}
    found = read_environment(tmp_path / ".env", both, shared_names(read_runbook()))
    assert found.shared["CLAY_CALLBACK_SECRET"].reveal() == "present"


def test_the_admin_route_is_probed_by_a_request_that_cannot_be_valid() -> None:
    admin = read_runbook().endpoints["admin"]
    assert (admin.method, admin.body) == ("POST", "{}")
