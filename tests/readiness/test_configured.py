"""Which parts can be measured with what is configured, and once for what each check is made."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from postdeploy.model import UsageError
from postdeploy.readiness.configured import cron_routes, shared_names, subjects, unconfigured
from postdeploy.runbook.environment import Environment, read_environment
from postdeploy.runbook.parts import left_out
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook

TOKEN = {"VERCEL_TOKEN": "t0k3n", "VERCEL_PROJECT_ID": "prj_1"}
SOURCES = {"cron": {"source": "listed"}, "webhooks": {"source": "listed"}, "test_event": {"workspace": "w"}}

NO_FILTER = {"filter": "no inbox.filter in runbook.toml"}


def book(**tables: dict[str, str]) -> Runbook:
    runbook = read_runbook()
    for name, changes in tables.items():
        runbook = msgspec.structs.replace(runbook, **{name: msgspec.structs.replace(getattr(runbook, name), **changes)})
    return runbook


def environment(tmp_path: Path, runbook: Runbook, **variables: str) -> Environment:
    return read_environment(tmp_path / ".env", variables, shared_names(runbook))


def test_nothing_is_measured_that_is_not_configured_and_the_reason_is_said(tmp_path: Path) -> None:
    runbook = book()
    why = left_out(runbook, (), unconfigured(runbook, environment(tmp_path, runbook)))
    assert why["environment"] == "no VERCEL_TOKEN and no VERCEL_PROJECT_ID"
    assert why["cron"] == "no cron.source in runbook.toml"
    assert {"environment", "cron", "webhooks", "event"} <= set(why)


def test_a_search_is_measured_where_the_page_has_one(tmp_path: Path) -> None:
    runbook = book(inbox={"search": "", "filter": "#waiting"})
    why = unconfigured(runbook, environment(tmp_path, runbook))
    assert (why["search"], why.get("filter")) == ("no inbox.search in runbook.toml", None)
    assert not {"search", "filter"} & set(runbook.required_checks().values())


def test_a_part_is_required_once_it_is_configured(tmp_path: Path) -> None:
    runbook = book(**SOURCES)
    known = environment(tmp_path, runbook, **TOKEN, UNIPILE_WEBHOOK_SECRET="s3cr3t-of-the-sender")
    assert unconfigured(runbook, known) == NO_FILTER
    required = runbook.required_checks((), subjects(runbook, known, {}, tmp_path))
    assert required["test_the_variable_is_right_in_production[CRON_SECRET]"] == "environment"
    assert required["test_the_cron_route_rejects_calls_without_the_secret[/api/cron/followups]"] == "cron"
    assert required["test_the_endpoint_rejects_missing_and_forged_credentials[clay]"] == "webhooks"
    assert not [name for name in required if "authorised" in name or "old_event" in name or "safe_cron" in name]


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    runbook = book(environment={"source": ".env.production"})
    with pytest.raises(UsageError, match="vercel env pull"):
        subjects(runbook, environment(tmp_path, runbook), {}, tmp_path)


def test_an_event_needs_the_senders_secret(tmp_path: Path) -> None:
    runbook = book(**SOURCES)
    assert unconfigured(runbook, environment(tmp_path, runbook, **TOKEN)) == {
        "event": "no UNIPILE_WEBHOOK_SECRET",
        **NO_FILTER,
    }


def test_safe_routes_are_called_with_the_secret_only_where_it_is_given(tmp_path: Path) -> None:
    runbook = book(**SOURCES)
    known = environment(tmp_path, runbook, CRON_SECRET="c3b9a8f7e6d5c4b3")
    assert subjects(runbook, known, {}, tmp_path)["authorised_route"] == runbook.cron.safe


def test_routes_come_from_the_apps_own_file_the_telling_one_first(tmp_path: Path) -> None:
    (tmp_path / "vercel.json").write_text(
        '{"crons":[{"path":"/api/cron/x?a=1","schedule":"* * * * *"}]}', encoding="utf-8"
    )
    runbook = book(cron={"source": "vercel.json"})
    assert cron_routes(runbook, tmp_path) == ("/api/cron/x",)
    known = environment(tmp_path, runbook)
    assert subjects(runbook, known, {}, tmp_path)["cron_route"] == ("/api/cron/followups", "/api/cron/x")


@pytest.mark.parametrize("text", ["{}", "[]", "nonsense", '{"crons":[{}]}'])
def test_a_file_that_schedules_nothing_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "vercel.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"cron\.source: vercel\.json"):
        cron_routes(book(cron={"source": "vercel.json"}), tmp_path)
