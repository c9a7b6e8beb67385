"""The plan of a run: what its options, the runbook and the environment come to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from postdeploy.model import UsageError
from postdeploy.run.options import Mode
from postdeploy.runbook.parts import (
    CANARY,
    CANARY_BEFORE,
    CANARY_DRAFTS,
    CANARY_LOG,
    JOURNEYS,
    LOGS,
    RECOVERED,
    ROLLBACK,
    SETTLED,
)
from tests.run.plans import URL, planned

TOKEN = {"VERCEL_TOKEN": "a token", "VERCEL_PROJECT_ID": "prj_1"}


@pytest.mark.parametrize(
    ("marks", "mode"),
    [
        (("smoke",), Mode.SMOKE),
        (("smoke", "watch"), Mode.SMOKE),
        (("watch",), Mode.WATCH),
        (("rollback",), Mode.ROLLBACK),
    ],
)
def test_the_marks_say_what_a_run_is_for(tmp_path: Path, marks: tuple[str, ...], mode: Mode) -> None:
    assert planned(tmp_path, *marks).mode is mode


def test_a_rollback_is_proven_by_itself(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a rollback is proven by itself"):
        planned(tmp_path, "rollback", "smoke")


@pytest.mark.parametrize("others", [("smoke",), ("watch",), ("smoke", "watch")])
def test_the_canary_is_watched_by_itself(tmp_path: Path, others: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="the canary is watched by itself"):
        planned(tmp_path, "canary", *others)


def with_workspace(folder: Path) -> Path:
    (folder / "runbook.toml").write_text('schema = 1\n[canary]\nworkspace = "w-1"\n', encoding="utf-8")
    return folder


ADMIN = {"CANARY_ADMIN_EMAIL": "ada@example.test", "CANARY_ADMIN_PASSWORD": "correct horse"}


@pytest.mark.parametrize(
    ("phase", "environ", "parts"),
    [
        pytest.param("before", TOKEN, {CANARY_BEFORE}, id="before"),
        pytest.param(None, TOKEN, {CANARY, CANARY_DRAFTS, CANARY_LOG}, id="running, unless said otherwise"),
        pytest.param("running", {}, {CANARY, CANARY_DRAFTS}, id="without a token there is no log"),
        pytest.param(None, {**TOKEN, **ADMIN}, {CANARY, CANARY_LOG}, id="by the admin page"),
        pytest.param(
            None,
            {**TOKEN, **ADMIN, "CANARY_DATABASE_URL": "postgresql://reader@db/app"},
            {CANARY, CANARY_DRAFTS, CANARY_LOG},
            id="by the database, where both are there",
        ),
    ],
)
def test_a_canary_consists_of_the_parts_of_its_phase(
    tmp_path: Path, phase: str | None, environ: dict[str, str], parts: set[str]
) -> None:
    plan = planned(with_workspace(tmp_path), "canary", environ=environ, phase=phase)
    assert set(plan.required.values()) == parts
    assert "inbox" in plan.left_out


def test_a_canary_is_watched_for_as_long_as_is_asked(tmp_path: Path) -> None:
    usual, longer = planned(with_workspace(tmp_path), "canary"), planned(tmp_path, "canary", watch="60m")
    assert usual.canary is not None
    assert longer.canary is not None
    assert (usual.canary.seconds, longer.canary.seconds) == (usual.runbook.canary.watch, 3600.0)
    assert longer.watch_seconds > 3600
    assert longer.log is None


@pytest.mark.parametrize(
    ("marks", "options", "says"),
    [
        pytest.param(("canary",), {}, "which workspace", id="no workspace"),
        pytest.param(("canary",), {"phase": "after"}, "--phase=after: unknown", id="an unknown phase"),
        pytest.param(("smoke",), {"phase": "before"}, "belongs to -m canary", id="a phase of a smoke run"),
    ],
)
def test_a_canary_that_cannot_be_watched_is_a_usage_error(
    tmp_path: Path, marks: tuple[str, ...], options: dict[str, Any], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        planned(tmp_path, *marks, **options)


def test_before_the_canary_no_workspace_need_be_named(tmp_path: Path) -> None:
    assert planned(tmp_path, "canary", phase="before").canary is not None


def test_only_the_proof_of_a_rollback_has_a_target(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to -m rollback"):
        planned(tmp_path, target="dpl_good")
    assert planned(tmp_path, "rollback", target="dpl_good").restored == "dpl_good"


def test_what_is_not_configured_is_left_out_with_the_reason(tmp_path: Path) -> None:
    left_out = planned(tmp_path).left_out
    assert left_out[LOGS] == "no --logs, and no VERCEL_TOKEN and VERCEL_PROJECT_ID"
    assert "login" not in left_out


def test_a_part_is_left_out_by_request(tmp_path: Path) -> None:
    plan = planned(tmp_path, environ=TOKEN, logs="vercel", without=("logs",))
    assert (plan.left_out[LOGS], plan.log) == ("switched off by --without", None)


def test_a_watch_judges_the_log_alone(tmp_path: Path) -> None:
    plan = planned(tmp_path, "watch", environ=TOKEN, logs="vercel")
    assert plan.left_out["login"] == "not part of -m watch"
    assert set(plan.required.values()) == {LOGS}


def test_the_proof_of_a_rollback_consists_of_its_own_parts(tmp_path: Path) -> None:
    plan = planned(tmp_path, "rollback", environ=TOKEN)
    assert set(plan.required.values()) == {ROLLBACK, SETTLED}
    assert plan.runbook.threshold.window == plan.runbook.rollback.settle


@pytest.mark.parametrize(
    ("settle", "options", "why"),
    [
        pytest.param(0, {}, "[rollback] settle is 0", id="no time to settle"),
        pytest.param(600, {}, None, id="it is watched"),
        pytest.param(0, {"logs": "vercel"}, "[rollback] settle is 0", id="no time, and a log was asked for"),
        pytest.param(600, {"without": ("settled",)}, "switched off by --without", id="by request"),
    ],
)
def test_that_it_settles_is_left_out_with_the_reason(
    tmp_path: Path, settle: int, options: dict[str, Any], why: str | None
) -> None:
    (tmp_path / "runbook.toml").write_text(f"schema = 1\n[rollback]\nsettle = {settle}\n", encoding="utf-8")
    assert planned(tmp_path, "rollback", environ=TOKEN, **options).left_out.get(SETTLED) == why


@pytest.mark.parametrize(
    ("environ", "why"),
    [
        pytest.param({}, "no SMOKE_EMAIL and SMOKE_PASSWORD: the log alone is watched", id="no smoke user"),
        pytest.param({"SMOKE_EMAIL": "a@b.test"}, "no SMOKE_PASSWORD: the log alone is watched", id="half of one"),
        pytest.param(
            {"SMOKE_EMAIL": "a@b.test", "SMOKE_PASSWORD": "correct horse"}, "add --watch=60m", id="for how long"
        ),
    ],
)
def test_a_watch_without_journeys_says_why(tmp_path: Path, environ: dict[str, str], why: str) -> None:
    assert planned(tmp_path, "watch", environ=TOKEN | environ, logs="vercel").left_out[JOURNEYS] == why


def test_without_its_log_the_proof_of_a_rollback_says_why(tmp_path: Path) -> None:
    assert planned(tmp_path, "rollback", environ=TOKEN, without=("logs",)).left_out[SETTLED] == (
        "switched off by --without"
    )
    assert "no --logs, and no VERCEL_TOKEN" in planned(tmp_path, "rollback").left_out[SETTLED]


def test_a_comparison_run_requires_its_checks_and_nothing_else(tmp_path: Path) -> None:
    login = planned(tmp_path).runbook.checks["login"][0]
    plan = planned(tmp_path, environ=TOKEN, comparison=(login,), logs="vercel", record="verdicts.jsonl")
    assert plan.required == {login: "login"}
    assert (plan.log, plan.record) == (None, None)
    assert plan.left_out["inbox"] == "not part of the comparison run"


def test_budgets_are_multiplied_for_a_loaded_runner(tmp_path: Path) -> None:
    once, twice = planned(tmp_path), planned(tmp_path, budget_factor=2.0)
    assert twice.runbook.budgets.run == 2 * once.runbook.budgets.run
    assert planned(tmp_path, budget_factor=100.0).runbook.budgets.run == 100 * once.runbook.budgets.run
    for factor in (0.0, 100.5):
        with pytest.raises(UsageError, match="--budget-factor"):
            planned(tmp_path, budget_factor=factor)


def test_reports_are_written_below_the_project_unless_a_folder_is_given(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert planned(tmp_path, folder=elsewhere).reports == tmp_path / "reports"
    assert planned(tmp_path, folder=elsewhere, reports="out").reports == elsewhere / "out"


def test_the_address_loses_its_slash(tmp_path: Path) -> None:
    assert planned(tmp_path, base_url=f"{URL}/").url == URL


SMOKE_USER = {"SMOKE_EMAIL": "ada@example.test", "SMOKE_PASSWORD": "correct horse"}


@pytest.mark.parametrize(
    ("environ", "options", "parts", "seconds"),
    [
        pytest.param({**TOKEN, **SMOKE_USER}, {"logs": "vercel", "watch": "60m"}, {JOURNEYS, LOGS}, 3600.0, id="both"),
        pytest.param(SMOKE_USER, {"watch": "10m"}, {JOURNEYS}, 600.0, id="without a log"),
        pytest.param(TOKEN, {"logs": "vercel", "watch": "10m"}, {LOGS}, None, id="without a smoke user"),
        pytest.param({**TOKEN, **SMOKE_USER}, {"logs": "vercel"}, {LOGS}, None, id="without --watch"),
        pytest.param(
            {**TOKEN, **SMOKE_USER},
            {"logs": "vercel", "watch": "10m", "without": ("journeys",)},
            {LOGS},
            None,
            id="switched off",
        ),
    ],
)
def test_a_watch_makes_journeys_where_it_can(
    tmp_path: Path, environ: dict[str, str], options: dict[str, Any], parts: set[str], seconds: float | None
) -> None:
    plan = planned(tmp_path, "watch", environ=environ, **options)
    assert set(plan.required.values()) == parts
    assert plan.uptime == seconds
    assert (JOURNEYS in plan.left_out) is (seconds is None)
    assert plan.watch_seconds > (seconds or 0.0)


def test_a_watch_goes_on_after_a_failure_where_it_is_asked_to(tmp_path: Path) -> None:
    environ = {**TOKEN, **SMOKE_USER}
    plan = planned(tmp_path, "watch", environ=environ, logs="vercel", watch="60m", until_recovered=True)
    assert set(plan.required.values()) == {JOURNEYS, LOGS, RECOVERED}
    assert plan.until_recovered
    plan = planned(tmp_path, "watch", environ=environ, logs="vercel", watch="60m")
    assert RECOVERED in plan.left_out


@pytest.mark.parametrize(
    ("mark", "environ", "options"),
    [
        pytest.param("smoke", {**TOKEN, **SMOKE_USER}, {"logs": "vercel", "watch": "10m"}, id="of a smoke run"),
        pytest.param("watch", SMOKE_USER, {}, id="without --watch"),
        pytest.param("watch", TOKEN, {"logs": "vercel", "watch": "10m"}, id="without a smoke user"),
    ],
)
def test_without_journeys_nothing_recovers(
    tmp_path: Path, mark: str, environ: dict[str, str], options: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="--until-recovered needs journeys"):
        planned(tmp_path, mark, environ=environ, until_recovered=True, **options)


def test_a_watch_that_is_selected_with_a_smoke_run_makes_no_journeys(tmp_path: Path) -> None:
    plan = planned(tmp_path, "smoke", "watch", environ=SMOKE_USER)
    assert {JOURNEYS, RECOVERED} <= plan.left_out.keys()
    assert not {JOURNEYS, RECOVERED} & planned(tmp_path, environ=SMOKE_USER).left_out.keys()


def test_a_smoke_run_makes_no_journeys(tmp_path: Path) -> None:
    plan = planned(tmp_path, environ={**TOKEN, **SMOKE_USER}, logs="vercel", watch="10m")
    assert plan.uptime is None
    assert JOURNEYS not in set(plan.required.values())


def overlaid(folder: Path, text: str) -> Path:
    (folder / "runbook.toml").write_text(f"schema = 1\n{text}\n", encoding="utf-8")
    return folder


def test_a_given_runbook_is_read(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    given = overlaid(tmp_path / "given", "[budgets]\nanswer = 7.5")
    plan = planned(tmp_path, runbook=str(given / "runbook.toml"))
    assert plan.runbook.budgets.answer == 7.5 != planned(tmp_path).runbook.budgets.answer


@pytest.mark.parametrize("given", ["state.json", None])
def test_a_session_is_read_from_the_folder_of_the_call(tmp_path: Path, given: str | None) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert planned(tmp_path, folder=elsewhere, session=given).session == (elsewhere / given if given else None)


def test_an_app_with_a_single_workspace_says_what_is_not_measured(tmp_path: Path) -> None:
    switching = "switching between workspaces"
    assert switching not in planned(tmp_path).left_out
    single = planned(overlaid(tmp_path, "[workspaces]\nsingle = true"))
    assert single.left_out[switching] == "the app has a single one, by runbook.toml"


@pytest.mark.parametrize(
    ("environ", "options", "said"),
    [
        pytest.param(TOKEN, {}, True, id="names are read, values are not"),
        pytest.param(TOKEN, {"without": ("environment",)}, False, id="nothing is read"),
        pytest.param({}, {}, False, id="nothing can be read"),
    ],
)
def test_variables_whose_values_are_not_read_are_said(
    tmp_path: Path, environ: dict[str, str], options: dict[str, Any], *, said: bool
) -> None:
    found = {
        part: why for part, why in planned(tmp_path, environ=environ, **options).left_out.items() if "values of" in part
    }
    assert (list(found.values()) == ["by name only, see read_values in runbook.toml"]) is said


def test_where_every_value_is_read_there_is_nothing_to_say(tmp_path: Path) -> None:
    plan = planned(overlaid(tmp_path, '[environment]\nsource = "env.json"'), environ=TOKEN, without=("environment",))
    assert not [part for part in plan.left_out if "values of" in part]


def test_the_canary_without_its_log_says_why(tmp_path: Path) -> None:
    assert planned(with_workspace(tmp_path), "canary").left_out[CANARY_LOG] == "no VERCEL_TOKEN and VERCEL_PROJECT_ID"


def test_a_comparison_run_of_what_is_not_configured_says_so(tmp_path: Path) -> None:
    usual = planned(tmp_path)
    plan = planned(tmp_path, comparison=(usual.runbook.checks["cron"][0],))
    assert plan.left_out["cron"] == usual.left_out["cron"]


def test_secrets_of_endpoints_are_known_by_the_names_that_the_runbook_gives(tmp_path: Path) -> None:
    text = '[endpoints.billing]\npath = "/api/billing"\nscheme = "secret"\nsecret = "BILLING_SECRET"'
    environ = {"BILLING_SECRET": "a long secret", "OTHER_SECRET": "another"}
    shared = planned(overlaid(tmp_path, text), environ=environ).environment.shared
    assert set(shared) == {"BILLING_SECRET"}


def test_cron_routes_are_read_from_the_folder_of_the_call(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "vercel.json").write_text('{"crons": [{"path": "/api/cron/x", "schedule": "0 0 * * *"}]}')
    plan = planned(overlaid(tmp_path, '[cron]\nsource = "vercel.json"'), folder=elsewhere)
    assert "/api/cron/x" in plan.subjects["cron_route"]


@pytest.mark.parametrize(
    ("checks", "mark", "options"),
    [
        pytest.param("rollback", "rollback", {}, id="the proof of a rollback"),
        pytest.param("settled", "rollback", {"logs": "vercel"}, id="the log after it"),
        pytest.param("logs", "smoke", {"logs": "vercel"}, id="the log"),
        pytest.param("journeys", "watch", {"watch": "10m"}, id="the inbox during a watch"),
        pytest.param("canary_before", "canary", {"phase": "before"}, id="the canary before it starts"),
    ],
)
def test_what_a_run_requires_has_a_check(tmp_path: Path, checks: str, mark: str, options: dict[str, str]) -> None:
    environ = {"VERCEL_TOKEN": "t", "VERCEL_PROJECT_ID": "p", "SMOKE_EMAIL": "a@example.test", "SMOKE_PASSWORD": "p"}
    (tmp_path / "runbook.toml").write_text(f"schema = 1\n[checks]\n{checks} = []\n")
    with pytest.raises(UsageError, match=rf"checks\.{checks} names no check that this run makes"):
        planned(tmp_path, mark, environ=environ, **options)
