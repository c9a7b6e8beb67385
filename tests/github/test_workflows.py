"""The workflows and actions as GitHub reads them and as an attacker does. What their steps do: test_action.py, test_rollback.py."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.github.expressions import Expression

PROJECT = Path(__file__).parents[2]
WORKFLOWS = sorted(PROJECT.glob(".github/workflows/*.yml"))
EXAMPLES = sorted(PROJECT.glob("docs/examples/*.yml"))
ACTION = PROJECT / "action.yml"
ACTIONS = [ACTION, *sorted(PROJECT.glob(".github/actions/*/action.yml"))]
POST_DEPLOY = PROJECT / ".github/workflows/post-deploy.yml"
ROLLBACK = PROJECT / "docs/examples/rollback.yml"


def name_of(file: Path) -> str:
    return file.parent.name if file in ACTIONS[1:] else f"{file.parent.name}-{file.stem}"


every_file = pytest.mark.parametrize("file", [*WORKFLOWS, *EXAMPLES, *ACTIONS], ids=name_of)


def said_by(tool: str, *arguments: str | Path) -> str:
    """What a tool of this environment complains of; empty when it is content."""
    result = subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr if result.returncode else ""


def read(file: Path) -> Any:
    return YAML(typ="safe").load(file)


@every_file
def test_it_is_valid(file: Path) -> None:
    schema = "vendor.github-actions" if file in ACTIONS else "vendor.github-workflows"
    assert said_by("check-jsonschema", "--builtin-schema", schema, file) == ""


@every_file
def test_it_offers_no_way_in(file: Path) -> None:
    assert said_by("zizmor", "--offline", "--no-progress", file) == ""


@every_file
def test_every_action_is_pinned_to_a_commit_and_says_its_version(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    ours = r"\./\.postdeploy( #.*)?"
    assert [one for one in used if not re.fullmatch(rf"[\w./-]+@[0-9a-f]{{40}} # v\d+\.\d+\.\d+|{ours}", one)] == []


@every_file
def test_nothing_from_outside_is_put_into_a_script(file: Path) -> None:
    document = read(file)
    jobs = document.get("jobs", {"action": document.get("runs")})
    scripts = [step["run"] for job in jobs.values() for step in job.get("steps", ()) if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


def steps_of(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(POST_DEPLOY)["jobs"][job]["steps"]
    return found


def test_both_jobs_verify_alike_and_the_second_waits_for_the_window() -> None:
    *before, first = steps_of("smoke")
    *others, second = steps_of("window")
    assert others == before
    assert second == first | {
        "with": first["with"] | {"name": "postdeploy-window", "watch": "${{ inputs.watch }}"},
    }
    assert set(first["with"]) | {"earlier"} == set(read(ACTION)["inputs"])


def test_runs_that_share_the_smoke_user_wait_for_each_other_and_none_is_dropped() -> None:
    jobs = read(POST_DEPLOY)["jobs"]
    alone = {"group": "${{ inputs.concurrency }}", "cancel-in-progress": False, "queue": "max"}
    assert [job["concurrency"] for job in jobs.values()] == [alone, alone]


def test_the_window_follows_everything_but_a_failure() -> None:
    job = read(POST_DEPLOY)["jobs"]["window"]
    assert job["needs"] == "smoke"
    for changes, follows in (
        ({}, True),
        ({"decision": "INCONCLUSIVE"}, True),
        ({"decision": "FAIL"}, False),
        ({"decision": "", "skipped": "built for a preview"}, False),
        ({"skipped": "verified already"}, True),
        ({"logs": "false"}, False),
    ):
        smoke = {"decision": "PASS", "logs": "true", "skipped": ""} | changes
        contexts = {"needs": {"smoke": {"outputs": smoke}}, "inputs": {"watch": "10m"}}
        assert Expression(contexts).is_run(job["if"]) is follows, changes


def test_without_a_window_to_watch_there_is_no_second_job() -> None:
    job = read(POST_DEPLOY)["jobs"]["window"]
    smoke = {"decision": "PASS", "logs": "true", "skipped": ""}
    assert not Expression({"needs": {"smoke": {"outputs": smoke}}, "inputs": {"watch": ""}}).is_run(job["if"])


def test_the_verdicts_that_are_fetched_are_those_that_are_kept() -> None:
    [kept] = [step["with"]["name"] for step in read(ACTION)["runs"]["steps"] if step.get("name") == "Keep the verdict"]
    names = ["postdeploy", *(steps_of(job)[-1]["with"]["name"] for job in ("smoke", "window"))]
    assert read(ACTION)["inputs"]["earlier"]["default"].split() == [
        kept.replace("${{ inputs.name }}", name) for name in names
    ]


def test_only_the_jobs_that_act_hold_the_token_that_may_act() -> None:
    jobs = read(ROLLBACK)["jobs"]
    holders = [name for name, job in jobs.items() if "VERCEL_ROLLBACK_TOKEN" in str(job)]
    assert {name: jobs[name]["environment"] for name in holders} == {
        "approved": "production-rollback",
        "automatic": "production-rollback-automatic",
    }
    others = [file for file in [*WORKFLOWS, *EXAMPLES, ACTION] if file != ROLLBACK]
    assert [file.name for file in others if "VERCEL_ROLLBACK_TOKEN" in file.read_text(encoding="utf-8")] == []


def test_no_step_gets_a_secret_that_it_does_not_need() -> None:
    steps = {step["name"]: step.get("env", {}) for step in read(ACTION)["runs"]["steps"] if "name" in step}
    assert [name for name, env in steps.items() if "SMOKE_PASSWORD" in env] == ["Verify"]
    assert [name for name, env in steps.items() if "POSTDEPLOY_NOTIFY_URL" in env] == ["Notify"]
    assert [name for name, env in steps.items() if "GITHUB_TOKEN" in env] == ["Event"]


@pytest.mark.parametrize(("outcome", "kept"), [("success", 4), ("failure", 4), ("cancelled", 4), ("skipped", 0)])
def test_evidence_is_kept_of_every_step_that_began_however_it_ended(outcome: str, kept: int) -> None:
    """A job that times out, or that a person cancels, cancels its step: what was done until then must be known."""
    began = {"outcome": outcome, "outputs": {"run-id": "" if outcome == "skipped" else "a1"}}
    contexts = {"steps": dict.fromkeys(("verify", "act", "prove"), began)}
    uploads = [
        step
        for file in ACTIONS
        for step in read(file)["runs"]["steps"]
        if step.get("uses", "").startswith("actions/upload-artifact")
    ]
    ran = [step["name"] for step in uploads if Expression(contexts, failed=True).is_run(step["if"])]
    assert len(ran) == kept, ran


def test_a_step_ends_its_options_before_what_an_event_or_a_person_names() -> None:
    """`--base-url=…` as a rollback target would act on another production than the one that was checked."""
    scripts = [step["run"] for file in ACTIONS for step in read(file)["runs"]["steps"] if "run" in step]
    words = [word for script in scripts for word in re.sub(r"\[ -n [^]]*\]", "", script).replace("(", " ").split()]
    before = [words[at - 1] for at, word in enumerate(words) if re.fullmatch(r'"\$(URL|TARGET|FAILED)"\)?;?', word)]
    assert before == ["--"] * 4


def test_nothing_unsafe_is_uploaded() -> None:
    kept = [
        step["with"]["path"]
        for file in ACTIONS
        for step in read(file)["runs"]["steps"]
        if step.get("uses", "").startswith("actions/upload-artifact")
    ]
    assert [path for paths in kept for path in paths.split() if not re.match(r"reports/\w", path)] == []
