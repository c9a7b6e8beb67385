"""What a whole run leaves in the record, and what it says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from postdeploy.record import entries
from tests.plugin.calls import LOGIN, NOBODY, run
from tests.record.runs import run as earlier_run

pytestmark = pytest.mark.processes

PLATFORM = {"VERCEL_TOKEN": "the_token_of_nobody", "VERCEL_PROJECT_ID": "prj_1", "VERCEL_TEAM_ID": "team_1"}
SHOWN = {
    "id": "dpl_1",
    "url": "inbox-1.vercel.app",
    "projectId": "prj_1",
    "createdAt": 1795608000000,
    "readyState": "READY",
    "meta": {"githubCommitSha": "c0ffee"},
}


@pytest.fixture
def app(httpserver: HTTPServer) -> str:
    """A deployment whose page is there, and a platform that knows it; signing in is impossible."""
    httpserver.expect_request("/").respond_with_data(LOGIN)
    httpserver.expect_request("/auth/login").respond_with_data(LOGIN)
    httpserver.expect_request("/v13/deployments/dpl_1").respond_with_json(SHOWN)
    url = httpserver.url_for("").rstrip("/")
    domain = {"deploymentId": "dpl_1", "updatedAt": 1795608060000}
    httpserver.expect_request(f"/v4/aliases/{url.partition('://')[2]}").respond_with_json(domain)
    return url


def verify(url: str, folder: Path, *options: str, **environment: str) -> tuple[str, dict[str, Any]]:
    _, output = run("-m", "smoke", f"--base-url={url}", f"--reports={folder}", *options, **environment)
    return output, json.loads((folder / "verdict.json").read_text(encoding="utf-8"))


def test_a_run_leaves_one_entry_by_which_a_later_one_finds_the_deployment(app: str, tmp_path: Path) -> None:
    kept = tmp_path / "verdicts.jsonl"
    output, verdict = verify(app, tmp_path / "reports", f"--record={kept}", VERCEL_API_URL=app, **PLATFORM)
    assert verdict["deployment"]["platform"] == {
        "id": "dpl_1",
        "url": "https://inbox-1.vercel.app",
        "commit": "c0ffee",
        "created_at": "2026-11-25T12:00:00+00:00",
        "project": "prj_1",
        "since": "2026-11-25T12:01:00+00:00",
    }
    [line] = kept.read_bytes().splitlines()
    assert json.loads(line) | {"finished": verdict["finished"]} == verdict  # it is written a moment before
    assert f"recorded in   {kept}" in output
    verify(app, tmp_path / "reports", f"--record={kept}")
    assert [one.deployment for one in entries.read_lines(kept.read_bytes()).entries] == ["dpl_1", "dpl_1"]


def test_without_a_token_the_page_names_the_deployment(app: str, tmp_path: Path) -> None:
    _, verdict = verify(app, tmp_path)
    assert (verdict["deployment"]["platform"], verdict["deployment"]["deployment_id"]) == (None, "dpl_1")


def test_a_platform_that_refuses_does_not_change_the_verdict(app: str, tmp_path: Path, httpserver: HTTPServer) -> None:
    refusing = httpserver.url_for("/nothing").rstrip("/")
    output, verdict = verify(app, tmp_path, VERCEL_API_URL=refusing, **PLATFORM)
    assert (verdict["reason"], verdict["deployment"]["platform"]) == ("blocked", None)
    assert "a later run may not find this deployment again" in output


def test_a_failure_before_the_checks_is_recorded_too(tmp_path: Path) -> None:
    kept = tmp_path / "v.jsonl"
    _, verdict = verify("http://127.0.0.1:1", tmp_path / "reports", f"--record={kept}")
    [one] = entries.read_lines(kept.read_bytes()).entries
    assert (one.decision, one.failing, verdict["decision"]) == ("FAIL", ("preflight",), "FAIL")


def test_a_directory_is_read_and_nothing_is_written_there(app: str, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    (earlier / "verdict.json").write_bytes(earlier_run("dpl_0"))
    (earlier / "verdict-torn.json").write_text("{")
    output, _ = verify(app, tmp_path / "reports", f"--record={earlier}")
    assert "record        verdict-torn.json: not a verdict" in output
    assert sorted(path.name for path in earlier.iterdir()) == ["verdict-torn.json", "verdict.json"]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["-m", "smoke", "--collect-only"], id="a list of the checks"),
        pytest.param(["-m", "smoke", "-k", "nothing_like_this"], id="nothing selected"),
        pytest.param(["-m", "rollback"], id="the proof of a rollback"),
    ],
)
def test_what_verifies_nothing_is_not_recorded(app: str, tmp_path: Path, options: list[str]) -> None:
    kept = tmp_path / "v.jsonl"
    run(*options, f"--base-url={app}", f"--reports={tmp_path}", f"--record={kept}")
    assert not kept.exists()


def test_a_record_that_cannot_be_used_is_a_wrong_call(tmp_path: Path) -> None:
    code, output = run("-m", "smoke", f"--base-url={NOBODY}", f"--reports={tmp_path}", "--record=none/v.jsonl")
    assert (code, "there is no directory" in output, "Traceback" in output) == (4, True, False)


def test_the_runbook_can_name_the_record(app: str, tmp_path: Path) -> None:
    kept = tmp_path / "v.jsonl"
    (tmp_path / "mine.toml").write_text(f'schema = 1\n[record]\nwhere = "{kept}"\n')
    verify(app, tmp_path / "reports", f"--runbook={tmp_path / 'mine.toml'}")
    assert kept.exists()


def test_with_several_processes_one_entry_is_left(app: str, tmp_path: Path) -> None:
    kept = tmp_path / "v.jsonl"
    verify(app, tmp_path / "reports", f"--record={kept}", "-n", "2")
    assert len(kept.read_bytes().splitlines()) == 1
