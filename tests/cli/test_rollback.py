"""`postdeploy rollback`: what a person sees, what is sent, and the exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.rollback.lock import alone
from sandbox.alone import PlatformAlone
from sandbox.platform import Acts
from sandbox.platform.environment import REFUSALS
from tests.cli.commands import address, deployments, ran, rollback, writes

OLD = "POST /v10/projects/prj_alone/promote/dpl_old"


def test_without_yes_it_only_says_what_it_would_do(platform: PlatformAlone) -> None:
    code, output = rollback(platform)
    assert code == 0
    assert writes(platform) == []
    assert not Path("reports").exists()
    for part in (
        "now           dpl_new, commit new0000",
        "target        dpl_old, commit old0000",
        "was live before",
        "automatic assignment is on, and on afterwards: the next push goes live automatically",
        "environment variables: the old build keeps the values it was built with",
        "cron jobs",
        "migrations stay",
        f"vercel promote http://inbox-old.{platform.deployments.domain} --scope acme",
        f"to undo it    vercel promote http://inbox-new.{platform.deployments.domain} --scope acme",
        f"Nothing was sent. To carry it out:\n  postdeploy rollback dpl_old --base-url={address(platform)} --yes",
    ):
        assert part in output


def test_the_plan_names_the_variables_that_the_old_build_has_not(platform: PlatformAlone) -> None:
    environment = platform.platform.environment
    environment.fill({"DATABASE_URL": "new", "DIRECT_URL": "old", "OF_NO_LIST": "new"}, platform.clock.milliseconds)
    environment.touch("DIRECT_URL", 1)
    assert "(changed since it was built: DATABASE_URL)" in rollback(platform)[1]
    environment.refusal = REFUSALS[403]
    code, output = rollback(platform)
    assert code == 0
    assert "changed since" not in output


def test_with_pin_the_plan_is_an_instant_rollback(platform: PlatformAlone) -> None:
    _, output = rollback(platform, "--pin")
    assert "off afterwards: new builds stay staged" in output
    assert f"vercel rollback http://inbox-old.{platform.deployments.domain} --scope acme" in output
    assert "--pin --yes" in output


def test_after_a_rollback_the_plan_says_that_a_promotion_ends_the_pinning(platform: PlatformAlone) -> None:
    rollback(platform, "--pin", "--yes")
    _, output = rollback(platform, "dpl_new")
    assert "automatic assignment is off (a rollback pins the domains), and on afterwards" in output


def test_a_decision_to_release_by_hand_is_in_the_plan(platform: PlatformAlone) -> None:
    platform.deployments.auto_assign = False
    _, output = rollback(platform)
    assert "it is switched off again right after" in output
    _, output = rollback(platform, "--pin")
    assert "is off and stays off" in output


def test_the_target_can_be_named_by_its_address(platform: PlatformAlone) -> None:
    _, output = rollback(platform, f"http://inbox-older.{platform.deployments.domain}/auth/login")
    assert "target        dpl_older" in output


def verdict(platform: PlatformAlone, name: str, decision: str, *failing: str) -> str:
    document = {
        "schema": 1,
        "run_id": name,
        "stage": "smoke",
        "finished": "2026-11-24T10:02:00+00:00",
        "decision": decision,
        "recommendation": "keep",
        "deployment": {"url": address(platform), "deployment_id": name},
        "findings": [{"severity": "fail", "part": "inbox", "check": check} for check in failing],
        "coverage": {"measured": ["inbox"]},
    }
    return json.dumps(document) + "\n"


def test_the_record_knows_better_than_the_platform(platform: PlatformAlone) -> None:
    lines = verdict(platform, "dpl_old", "FAIL", "test_a") + verdict(platform, "dpl_older", "PASS")
    Path("verdicts.jsonl").write_text(lines)
    _, output = rollback(platform, "--record=verdicts.jsonl")
    assert "target        dpl_older" in output
    assert "passed its verification on 2026-11-24 10:02 UTC" in output
    _, output = deployments(platform, "--record=verdicts.jsonl")
    assert "★  dpl_older" in output


def test_what_failed_at_a_named_target_is_said(platform: PlatformAlone) -> None:
    Path("verdicts.jsonl").write_text(verdict(platform, "dpl_old", "FAIL", "test_a"))
    _, output = rollback(platform, "dpl_old", "--record=verdicts.jsonl", "--yes")
    assert "failed there  test_a: the rollback will not fix that" in output
    report = json.loads(Path("reports/rollback.json").read_text())
    assert report["to"]["failing"] == ["test_a"]


def test_a_record_that_is_none_is_a_usage_error(platform: PlatformAlone) -> None:
    Path("verdicts.jsonl").write_text("hello\n")
    code, output = rollback(platform, "--record=verdicts.jsonl", "--yes")
    assert code == 4
    assert "not a record of verdicts" in output
    assert writes(platform) == []


def test_with_yes_it_is_done_and_proven(platform: PlatformAlone) -> None:
    code, output = rollback(platform, "--yes")
    assert code == 0
    assert writes(platform) == [OLD]
    assert f"MOVED: {platform.deployments.domain} serves dpl_old" in output
    assert f"pytest -m rollback --base-url={address(platform)}" in output
    assert "to undo it" in output
    report = json.loads(Path("reports/rollback.json").read_text())
    assert (report["outcome"], report["from"]["id"], report["to"]["id"]) == ("moved", "dpl_new", "dpl_old")


def test_what_is_so_already_is_no_reason_to_act(platform: PlatformAlone) -> None:
    code, output = rollback(platform, "dpl_new", "--yes")
    assert (code, writes(platform)) == (0, [])
    assert "serves dpl_new already: nothing was sent" in output


def test_two_people_who_see_the_same_failure_go_back_one_step(platform: PlatformAlone) -> None:
    """The second one, without a named target, would otherwise roll back from what the first one restored."""
    assert rollback(platform, "--yes")[0] == 0
    code, output = rollback(platform, "--yes")
    assert code == 10
    assert "production was rolled back already: a promotion of dpl_old" in output
    assert writes(platform) == [OLD]
    assert rollback(platform, "dpl_older", "--yes")[0] == 0  # a named target is meant


def test_it_can_be_undone(platform: PlatformAlone) -> None:
    rollback(platform, "--yes")
    undo = json.loads(Path("reports/rollback.json").read_text())["undo"][1]
    assert ran(platform, *undo.split()[1:])[0] == 0
    assert platform.deployments.production is not None
    assert platform.deployments.production.id == "dpl_new"


def test_a_second_one_on_this_machine_is_refused_and_names_the_first(platform: PlatformAlone) -> None:
    with alone("prj_alone", {"XDG_STATE_HOME": str(Path.cwd() / "state")}):
        code, output = rollback(platform, "--yes")
    assert code == 10
    assert "is in progress on this machine, by " in output
    assert "(process " in output
    assert writes(platform) == []
    assert rollback(platform, "--yes")[0] == 0


@pytest.mark.parametrize(
    ("acts", "code", "headline"),
    [
        pytest.param({"moves": "silently not"}, 1, "NOT-MOVED", id="nothing moves"),
        pytest.param({"moves": "half"}, 1, "FAILED", id="half of it fails"),
        pytest.param({"answer": "forbidden"}, 1, "REFUSED", id="refused"),
    ],
)
def test_what_ends_badly_says_so_and_is_written_down(
    platform: PlatformAlone, acts: dict[str, str], code: int, headline: str
) -> None:
    platform.platform.acts = Acts(**acts)  # type: ignore[arg-type]
    Path("short.toml").write_text("schema = 1\n[rollback]\nmoved = 1\n")
    came, output = rollback(platform, "--yes", "--runbook=short.toml")
    assert came == code
    assert f"\n{headline}: " in output
    assert json.loads(Path("reports/rollback.json").read_text())["outcome"] == headline.lower()
    assert writes(platform) == [OLD]


def test_reports_that_cannot_be_written_do_not_keep_it_from_acting(platform: PlatformAlone) -> None:
    Path("file").write_text("")
    code, output = rollback(platform, "--yes", "--reports=file")
    assert code == 0
    assert "can't be written" in output


def test_a_preview_is_refused(platform: PlatformAlone) -> None:
    old = platform.deployments.find("dpl_old")
    assert old is not None
    platform.deployments.add(replace(old, id="dpl_preview", label="inbox-preview", target=None))
    for more in ((), ("--yes",), ("--pin", "--yes")):
        code, output = rollback(platform, "dpl_preview", *more)
        assert code == 10
        assert "dpl_preview cannot be used as a rollback target: it is a preview" in output
    assert writes(platform) == []


def test_what_is_gone_is_refused(platform: PlatformAlone) -> None:
    code, output = rollback(platform, "dpl_unknown", "--yes")
    assert code == 10
    assert "deployment dpl_unknown does not exist" in output


def test_the_first_deployment_has_no_rollback_target(platform: PlatformAlone) -> None:
    for name in ("dpl_old", "dpl_older"):
        found = platform.deployments.find(name)
        assert found is not None
        platform.deployments.delete(found, "by retention")
    code, output = rollback(platform, "--yes")
    assert code == 10
    assert "there is no rollback target" in output
    assert "Fix forward" in output
    assert writes(platform) == []


def test_a_rolling_release_is_refused_with_the_way_out(platform: PlatformAlone) -> None:
    current = platform.deployments.production
    assert current is not None
    platform.deployments.roll(replace(current, id="dpl_canary", label="inbox-canary"))
    code, output = rollback(platform, "dpl_old", "--yes")
    assert code == 10
    assert "a rolling release of dpl_canary is in progress" in output
    assert "--pin" in output
    assert writes(platform) == []
    assert rollback(platform, "dpl_old", "--pin", "--yes")[0] == 0


def test_during_a_rolling_release_the_target_is_what_serves_the_others(platform: PlatformAlone) -> None:
    current = platform.deployments.production
    assert current is not None
    platform.deployments.roll(replace(current, id="dpl_canary", label="inbox-canary"))
    code, output = rollback(platform, "--yes")
    assert (code, "a rolling release of dpl_canary is in progress" in output, writes(platform)) == (10, True, [])
    code, output = rollback(platform, "--pin", "--yes")
    assert (code, "serves the visitors whom the rolling release of dpl_canary has not reached" in output) == (0, True)
    rolling = platform.deployments.rolling
    assert rolling is not None
    assert (rolling.state, platform.deployments.production) == ("ABORTED", current)


def test_a_deployments_own_address_is_not_a_production_domain(platform: PlatformAlone) -> None:
    code, output = ran(platform, "rollback", f"--base-url=http://inbox-old.{platform.deployments.domain}", "--yes")
    assert code == 10
    assert "not a production domain" in output


def test_an_unknown_domain_is_named(platform: PlatformAlone) -> None:
    code, output = ran(platform, "rollback", "--base-url=https://elsewhere.example.com")
    assert code == 10
    assert "does not know the address elsewhere.example.com" in output


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("command", ["rollback", "deployments"])
def test_without_a_token_it_says_what_to_set(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--base-url=https://app.example.com"], env={"VERCEL_TOKEN": ""})
    assert result.exit_code == 10
    assert "VERCEL_TOKEN" in result.output


@pytest.mark.usefixtures("elsewhere")
def test_without_an_address_it_is_a_usage_error() -> None:
    result = CliRunner().invoke(app, ["rollback", "--yes"], env={"PYTEST_BASE_URL": ""})
    assert result.exit_code == 4
    assert "postdeploy rollback: no deployment" in result.output


def test_the_tokens_are_shown_nowhere(platform: PlatformAlone) -> None:
    platform.platform.acts = Acts(answer="unauthorized")
    code, output = rollback(platform, "--yes", VERCEL_ROLLBACK_TOKEN=platform.environment()["VERCEL_TOKEN"])
    assert code == 1
    assert "Check that VERCEL_ROLLBACK_TOKEN is valid" in output
    written = Path("reports/rollback.json").read_text()
    assert platform.environment()["VERCEL_TOKEN"] not in output + written


def test_the_incident_note_goes_on_with_what_was_done(platform: PlatformAlone) -> None:
    note = Path("reports/incident.md")
    note.parent.mkdir()
    note.write_text("# It is broken\n\n**Status:** FAIL\n\n## What was done (UTC)\n\n- nothing has been changed yet\n")
    rollback(platform)
    assert "nothing has been changed yet" in note.read_text()
    _, output = rollback(platform, "--yes")
    text = note.read_text()
    assert f"to paste      {note}" in output
    assert text.startswith("# It is broken\n")
    assert "**Status:** rolled back to dpl_old, which serves production; it is not proven yet that this helped" in text
    assert "rollback: dpl_new → dpl_old, which was live" in text
    assert "nothing has been changed yet" not in text
