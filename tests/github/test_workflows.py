"""The workflows and actions as GitHub reads them and as an attacker does; and what the gate's one script does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PROJECT = Path(__file__).parents[2]
WORKFLOWS = sorted(PROJECT.glob(".github/workflows/*.yml"))
ACTIONS = sorted(PROJECT.glob(".github/actions/*/action.yml"))
POST_DEPLOY = PROJECT / ".github/workflows/post-deploy.yml"
VERIFY = PROJECT / ".github/actions/verify/action.yml"

BASH = shutil.which("bash")


def name_of(file: Path) -> str:
    return file.parent.name if file.name == "action.yml" else file.stem


every_file = pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=name_of)


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
    ours = r"\./\.github/actions/[\w-]+( #.*)?"
    assert [one for one in used if not re.fullmatch(rf"[\w./-]+@[0-9a-f]{{40}} # v\d+\.\d+\.\d+|{ours}", one)] == []


@every_file
def test_nothing_from_outside_is_put_into_a_script(file: Path) -> None:
    document = read(file)
    jobs = document.get("jobs", {"action": document.get("runs")})
    scripts = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert [script for script in scripts if "${{" in script] == []


def test_both_jobs_verify_alike_and_the_second_waits_for_the_window() -> None:
    jobs = read(POST_DEPLOY)["jobs"]
    first, second = (jobs[name]["steps"][-1]["with"] for name in ("verify", "watch"))
    assert second == first | {"name": "post-deploy-watch", "watch": "10m"}
    assert set(first) | {"watch"} == set(read(VERIFY)["inputs"])


def test_the_watch_follows_everything_but_a_failure() -> None:
    job = read(POST_DEPLOY)["jobs"]["watch"]
    assert job["needs"] == "verify"
    assert "needs.verify.outputs.logs == 'true'" in job["if"]
    assert """'["PASS", "INCONCLUSIVE"]'""" in job["if"]


def test_the_verdicts_that_are_fetched_are_those_that_both_jobs_keep() -> None:
    jobs = read(POST_DEPLOY)["jobs"]
    given = [jobs[name]["steps"][-1]["with"] for name in ("verify", "watch")]
    [kept] = [step["with"]["name"] for step in read(VERIFY)["runs"]["steps"] if step.get("name") == "Keep the verdict"]
    names = [kept.replace("${{ inputs.name }}", one["name"]) for one in given]
    assert [one["earlier"].split() for one in given] == [names, names]
    assert [jobs[name]["permissions"] for name in ("verify", "watch")] == [{"contents": "read", "actions": "read"}] * 2


def verified(folder: Path, *, code: int = 0, **environment: str) -> tuple[int, list[str], str, str]:
    """The script that runs the suite, with a Python that only notes what it is asked for: exit code, arguments, log, outputs."""
    if BASH is None:
        pytest.skip("needs bash")
    [script] = [step["run"] for step in read(VERIFY)["runs"]["steps"] if step.get("id") == "verify"]
    (folder / "python").write_text(f'#!{BASH}\nprintf "%s\\n" "$@" > seen\nexit {code}\n', encoding="utf-8")
    (folder / "python").chmod(0o755)
    (folder / "script").write_text(script, encoding="utf-8")
    names = (
        "URL",
        "WATCH",
        "EARLIER",
        "SMOKE_EMAIL",
        "SMOKE_PASSWORD",
        "VERCEL_TOKEN",
        "VERCEL_PROJECT_ID",
        "VERCEL_TEAM_ID",
    )
    result = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "script"],
        cwd=folder,
        env=dict.fromkeys(names, "") | environment | {"PATH": str(folder), "GITHUB_OUTPUT": str(folder / "outputs")},
        capture_output=True,
        text=True,
        check=False,
    )
    outputs = (folder / "outputs").read_text(encoding="utf-8")
    return result.returncode, (folder / "seen").read_text(encoding="utf-8").splitlines(), result.stdout, outputs


def test_with_a_token_the_log_is_judged_and_watched(tmp_path: Path) -> None:
    _, asked, _, outputs = verified(tmp_path, URL="https://x.test", VERCEL_TOKEN="t", WATCH="10m")
    assert asked == [
        *("-m", "pytest", "-m", "smoke", "--base-url=https://x.test", "--junitxml=reports/junit.xml"),
        *("--logs=vercel", "--watch=10m"),
    ]
    assert outputs == "logs=true\n"


def test_without_a_token_it_says_that_no_log_is_judged(tmp_path: Path) -> None:
    code, asked, said, outputs = verified(tmp_path, URL="x.test", WATCH="10m")
    assert (code, asked[4:], outputs) == (
        0,
        ["--base-url=https://x.test", "--junitxml=reports/junit.xml"],
        "logs=false\n",
    )
    assert "VERCEL_TOKEN is not set" in said


@pytest.mark.parametrize(("code", "title"), [(1, "FAIL"), (10, "INCONCLUSIVE"), (4, "No verdict")])
def test_the_exit_code_is_the_suites_own(tmp_path: Path, code: int, title: str) -> None:
    ended, _, said, _ = verified(tmp_path, code=code, URL="https://x.test")
    assert ended == code
    assert f"::error title={title}::" in said


def test_an_address_is_never_interpreted(tmp_path: Path) -> None:
    url = "https://x.test/?a=$(touch made)&b='\"`touch made`$HOME ;touch made"
    _, asked, _, _ = verified(tmp_path, URL=url)
    assert f"--base-url={url}" in asked
    assert not (tmp_path / "made").exists()


def test_earlier_verdicts_are_given_along_where_they_were_looked_for(tmp_path: Path) -> None:
    (tmp_path / "earlier").mkdir()
    _, asked, _, _ = verified(tmp_path, URL="https://x.test", EARLIER="earlier")
    assert asked[-1] == "--record=earlier"
    _, asked, _, _ = verified(tmp_path, URL="https://x.test", EARLIER="not-there")
    assert not any(one.startswith("--record") for one in asked)


GH = """#!{bash}
echo "$@" >> "$FOLDER/asked"
case "$*" in
  *artifacts?name=a-verdict*) if [ "$TROUBLE" = list ]; then exit 1; fi; echo 11; echo 12; echo 13 ;;
  *artifacts?name=b-verdict*) echo 14 ;;
  *runs/11*) echo repository_dispatch ;;
  *runs/12*) echo pull_request ;;
  *runs/13*) if [ "$TROUBLE" = event ]; then exit 1; fi; echo workflow_dispatch ;;
  *runs/14*) echo deployment_status ;;
  "run download 13"*) if [ "$TROUBLE" = download ]; then exit 1; fi; mkdir -p "${{@: -1}}" ;;
  "run download"*) mkdir -p "${{@: -1}}" ;;
esac
"""


def fetched(folder: Path, trouble: str = "", gh: bool = True) -> tuple[int, list[str], str, list[str]]:
    """The script that fetches earlier verdicts, with a `gh` that knows four runs: exit code, what is there, log, what was asked."""
    if BASH is None:
        pytest.skip("needs bash")
    [step] = [step for step in read(VERIFY)["runs"]["steps"] if step.get("name") == "Earlier verdicts"]
    assert step["continue-on-error"] is True
    for tool in ("mkdir", "timeout"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    if gh:
        (folder / "gh").write_text(GH.format(bash=BASH), encoding="utf-8")
        (folder / "gh").chmod(0o755)
    (folder / "asked").touch()
    environment = {"PATH": str(folder), "FOLDER": str(folder), "TROUBLE": trouble, "NAMES": "a-verdict b-verdict"}
    result = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=environment | {"EARLIER": str(folder / "earlier"), "GITHUB_REPOSITORY": "acme/checks"},
        capture_output=True,
        text=True,
        check=False,
    )
    there = sorted(path.name for path in (folder / "earlier").iterdir())
    return result.returncode, there, result.stdout, (folder / "asked").read_text(encoding="utf-8").splitlines()


def test_earlier_verdicts_are_fetched_from_runs_that_no_stranger_can_start(tmp_path: Path) -> None:
    code, there, said, asked = fetched(tmp_path)
    assert (code, there, said) == (0, ["a-verdict-11", "a-verdict-13", "b-verdict-14"], "")
    assert "run download 11 --repo acme/checks --name a-verdict --dir" in asked[2]
    assert not any("download 12" in one for one in asked)


@pytest.mark.parametrize(
    ("trouble", "there", "told"),
    [
        ("list", ["b-verdict-14"], "1 fetched; then: cannot list artifacts (permissions: actions: read?)"),
        ("event", ["a-verdict-11", "b-verdict-14"], "2 fetched; then: cannot read a run"),
        ("download", ["a-verdict-11", "b-verdict-14"], "2 fetched; then: cannot download an artifact"),
    ],
)
def test_what_cannot_be_fetched_is_a_notice_and_never_a_red(
    tmp_path: Path, trouble: str, there: list[str], told: str
) -> None:
    assert fetched(tmp_path, trouble)[:3] == (0, there, f"::notice title=Earlier verdicts::{told}\n")


def test_a_runner_without_githubs_command_line_verifies_all_the_same(tmp_path: Path) -> None:
    code, there, said, _ = fetched(tmp_path, gh=False)
    assert (code, there, "0 fetched" in said) == (0, [], True)
