"""From a bad deploy back to a good one, with everything that comes between: whole runs on the sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.measure import ROOT, Measured, run_suite

if TYPE_CHECKING:
    from sandbox import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

quick = pytest.mark.sandbox
"""What every `make test` measures; the rest is measured by `make faults`."""

WITHOUT = ("--without=cron", "--without=webhooks", "--without=environment")
SHORT = "\n[rollback]\nmoved = 12\nsettle = 10\n"
CHRONIC = "action-throws-variously"


@dataclass
class Scene:
    """A good deployment was live and verified; now a bad one is."""

    sandbox: Sandbox
    reports: Path
    good: str = ""
    bad: str = ""

    @property
    def overlay(self) -> Path:
        return self.reports / "short.toml"

    @property
    def environment(self) -> dict[str, str]:
        return {**self.sandbox.environment(), **self.sandbox.platform_environment()}

    def verify(self, *options: str) -> Measured:
        return self._run("smoke", *options)

    def prove(self, *options: str) -> Measured:
        return self._run("rollback", *options)

    def _run(self, mark: str, *options: str) -> Measured:
        record = f"--record={self.reports / 'record.jsonl'}"
        given = (f"--runbook={self.overlay}", record, *WITHOUT, *options)
        return run_suite(self.sandbox.url, self.environment, self.reports, *given, mark=mark)

    def go_back(self, *options: str, home: str = "home") -> tuple[int, str]:
        """`postdeploy rollback --yes`, on a machine of that name."""
        command = [str(Path(sys.executable).with_name("postdeploy")), "rollback", *options]
        command += [f"--base-url={self.sandbox.url}", "--yes", "--reports", str(self.reports)]
        command += ["--runbook", str(self.overlay), "--record", str(self.reports / "record.jsonl")]
        state = {"XDG_STATE_HOME": str(self.reports / home), "COLUMNS": "200"}
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | self.environment | state, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def report(self) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.reports / "rollback.json").read_text(encoding="utf-8"))
        return found

    @property
    def writes(self) -> list[str]:
        return [
            f"{one.method} {one.path.rpartition('/')[0].rpartition('/')[2]}" for one in self.sandbox.platform.writes
        ]


@pytest.fixture
def scene(sandbox: Sandbox, tmp_path: Path) -> Iterator[Scene]:
    """The good deployment is live, and not verified."""
    found = Scene(sandbox, tmp_path)
    found.overlay.write_text((ROOT / "sandbox/runbook.toml").read_text(encoding="utf-8") + SHORT, encoding="utf-8")
    found.good = sandbox.deploy("good")
    sandbox.clock.advance(60)
    sandbox.platform.writes.clear()
    yield found
    sandbox.heal()


def deploy(scene: Scene, *faults: str) -> None:
    scene.bad = scene.sandbox.deploy("good", *faults)


@quick
def test_a_bad_deploy_is_noticed_gone_back_from_and_recovered_from(scene: Scene) -> None:
    assert scene.verify().exit_code == 0
    deploy(scene, "action-throws")
    failed = scene.verify()
    assert failed.verdict["recommendation"] == "roll-back"
    command = failed.verdict["command"].split()
    assert command[:3] == ["postdeploy", "rollback", scene.good]
    code, output = scene.go_back(scene.good)
    assert code == 0, output
    assert "passed its verification" in output
    proof = scene.prove()
    assert proof.exit_code == 0, proof.output
    lines = proof.output.splitlines()
    assert any(line.startswith("RECOVERED (inbox): keep watching") for line in lines)
    assert any(line.startswith("RECOVERED — PASS") for line in lines)
    assert proof.verdict["stage"] == "recovery"
    assert proof.verdict["recovery"]["state"] == "recovered"
    assert proof.verdict["log"]["deployment"] == scene.good
    assert scene.writes == ["POST promote"]


@pytest.mark.faults
def test_the_inboxs_verdict_stands_while_the_log_is_watched(scene: Scene) -> None:
    deploy(scene, "action-throws")
    assert scene.go_back(scene.good)[0] == 0
    seen: list[dict[str, Any]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            document = json.loads((scene.reports / "verdict.json").read_text(encoding="utf-8"))
            if document["decision"] == "PASS":
                seen.append(document)

    (scene.reports / "verdict.json").write_text('{"decision": ""}')
    looking = threading.Thread(target=look)
    looking.start()
    proof = scene.prove()
    over.set()
    looking.join()
    assert proof.exit_code == 0
    states = [document["recovery"]["state"] for document in seen]
    assert states[0] == "inbox"
    assert seen[0]["recommendation"] == "keep-watching"
    assert states.count("inbox") > 5


@pytest.mark.parametrize(
    ("fault", "recommendation", "cause"),
    [
        pytest.param("database-down-before-load", "hold", "database", id="the database is out", marks=quick),
        pytest.param("auth-500", "hold", "auth-service", id="the auth service is out", marks=pytest.mark.faults),
    ],
)
def test_where_a_rollback_does_not_help_it_says_so_and_what_next(
    scene: Scene, fault: str, recommendation: str, cause: str
) -> None:
    deploy(scene)
    assert scene.go_back(scene.good)[0] == 0
    scene.sandbox.break_(fault)
    proof = scene.prove()
    assert (proof.exit_code, proof.verdict["recommendation"], proof.cause) == (1, recommendation, cause)
    assert "NOT RECOVERED: the rollback did not help, HOLD" in proof.output
    assert proof.verdict["command"] is None


@quick
def test_a_rollback_that_silently_moves_nothing_is_no_recovery(scene: Scene) -> None:
    from sandbox.platform import Acts  # noqa: PLC0415 - a gate reads this file too, and has no sandbox

    deploy(scene, "action-throws")
    scene.sandbox.disturb_acts(Acts(moves="silently not"))
    code, output = scene.go_back(scene.good)
    assert code == 1
    assert "NOT-MOVED" in output
    proof = scene.prove()
    assert (proof.exit_code, proof.cause) == (1, "not-restored")
    assert f"NOT RECOVERED: production does not serve {scene.good}" in proof.output


@pytest.mark.faults
@pytest.mark.parametrize(
    "acts",
    [
        pytest.param({"moves": "late", "after": 5.0}, id="the domains move late"),
        pytest.param({"answer": "failed after"}, id="Vercel fails in the middle"),
        pytest.param({"answer": "unreadable"}, id="the answer can't be read"),
        pytest.param({"unreadable_states": 12}, id="the state can't be read for a while"),
    ],
)
def test_vercel_in_trouble_is_waited_for_and_gets_no_write_twice(scene: Scene, acts: dict[str, object]) -> None:
    from sandbox.platform import Acts  # noqa: PLC0415 - a gate reads this file too, and has no sandbox

    deploy(scene, "action-throws")
    scene.sandbox.disturb_acts(Acts(**acts))  # type: ignore[arg-type]
    code, output = scene.go_back(scene.good)
    assert code == 0, output
    assert scene.sandbox.current_deployment == scene.good
    assert scene.writes == ["POST promote"]


@quick
def test_a_deploy_that_lands_meanwhile_is_named_and_supersedes_the_rollback(scene: Scene) -> None:
    deploy(scene, "action-throws")
    landed: list[str] = []
    scene.sandbox.platform.promotions.before_move = lambda: landed.append(scene.sandbox.deploy("good"))
    code, output = scene.go_back(scene.good)
    assert code == 1
    assert "SUPERSEDED" in output
    assert landed[0] in output
    proof = scene.prove()
    assert (proof.exit_code, proof.verdict["reason"]) == (10, "superseded")
    assert landed[0] in proof.verdict["summary"]


@quick
def test_two_people_who_act_at_once_go_back_one_step(scene: Scene) -> None:
    """On one machine the lock tells the second one; on two machines the state does."""
    deploy(scene, "action-throws")
    came: list[tuple[int, str]] = []

    def act(home: str) -> None:
        came.append(scene.go_back(home=home))

    people = [threading.Thread(target=act, args=(home,)) for home in ("one", "one", "another")]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert scene.sandbox.current_deployment == scene.good
    assert {code for code, _ in came} <= {0, 10}
    assert any(code == 0 for code, _ in came)
    assert set(scene.writes) == {"POST promote"}


@quick
def test_four_chronic_errors_of_before_do_not_spoil_the_recovery(scene: Scene) -> None:
    """More than 3 unique ones fail a fresh deploy; here the record says that they were there before."""
    scene.good = scene.sandbox.deploy("good", CHRONIC)
    visit(scene, 1, 2, 3, 4)
    before = scene.verify("--logs=vercel")
    assert "test_server_action_errors_stay_below_the_threshold" in before.failing_checks, before.output
    scene.sandbox.clock.advance(60)
    deploy(scene, "client-crash")
    assert scene.go_back(scene.good)[0] == 0
    visit(scene, 1, 2, 3, 4)
    proof = scene.prove()
    assert proof.exit_code == 0, proof.output
    assert proof.verdict["recovery"]["state"] == "recovered", proof.output
    assert len(proof.verdict["log"]["recovery"]["known"]) == 4
    assert any("known on the target before" in warning for warning in proof.warnings)


@pytest.mark.faults
def test_without_a_record_its_own_log_of_before_counts(scene: Scene) -> None:
    scene.good = scene.sandbox.deploy("good", CHRONIC)
    visit(scene, 1, 2, 3, 4)
    scene.sandbox.clock.advance(60)
    deploy(scene, "client-crash")
    assert scene.go_back(scene.good)[0] == 0
    visit(scene, 1, 2, 3, 4)
    proof = scene.prove()
    assert proof.verdict["recovery"]["state"] == "recovered", proof.output
    assert f"{scene.good} before it was replaced" in proof.verdict["log"]["baseline"]


@pytest.mark.faults
def test_an_error_that_was_not_there_before_keeps_people_watching(scene: Scene) -> None:
    visit(scene)
    deploy(scene, "client-crash")
    assert scene.go_back(scene.good)[0] == 0
    scene.sandbox.break_(CHRONIC)
    visit(scene, 7)
    proof = scene.prove("-n", "2")
    assert proof.exit_code == 0, proof.output
    assert proof.verdict["recovery"]["state"] == "inbox", proof.output
    assert proof.verdict["recommendation"] == "keep-watching"
    assert len(proof.verdict["log"]["recovery"]["new"]) == 1


@pytest.mark.faults
def test_more_new_errors_than_the_threshold_are_no_recovery(scene: Scene) -> None:
    visit(scene)
    deploy(scene, "client-crash")
    assert scene.go_back(scene.good)[0] == 0
    scene.sandbox.break_(CHRONIC)
    visit(scene, 1, 2, 3, 4)
    proof = scene.prove()
    assert (proof.exit_code, proof.verdict["recommendation"]) == (1, "investigate"), proof.output
    assert "NOT RECOVERED: the rollback did not help" in proof.output


@pytest.mark.faults
def test_without_a_token_the_page_says_what_serves_and_the_log_is_said_to_be_missing(scene: Scene) -> None:
    deploy(scene, "action-throws")
    assert scene.go_back(scene.good)[0] == 0
    given = f"--runbook={scene.overlay}"
    proof = run_suite(scene.sandbox.url, scene.sandbox.environment(), scene.reports, given, mark="rollback")
    assert proof.exit_code == 0, proof.output
    assert proof.verdict["recovery"]["state"] == "inbox"
    assert "settled" in proof.verdict["coverage"]["not_measured"]
    assert "VERCEL_TOKEN" in proof.output


def visit(scene: Scene, *errors: int) -> None:
    """People use the app, and some of them meet these errors (of nine)."""
    traffic = scene.sandbox.traffic()
    traffic.act(30)
    traffic.fail(errors)
