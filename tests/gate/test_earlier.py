"""What earlier runs left at GitHub, and which of it counts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from postdeploy.gate import earlier
from postdeploy.gate.artifacts import GitHub, Unanswered
from postdeploy.gate.event import Subject
from tests.github.hub import TOKEN, Hub, hub

NEW = Subject(deployment="dpl_new", url="https://inbox-new.vercel.app")
NAME = "postdeploy-smoke-verdict"


@pytest.fixture
def github() -> Iterator[Hub]:
    with hub() as made:
        made.begin("repository_dispatch")
        yield made


def document(**changes: object) -> str:
    now = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    made = {"schema": 1, "run_id": "a1", "stage": "smoke", "started": now, "finished": now, "complete": True}
    return json.dumps(made | {"decision": "PASS", "deployment": {"url": "https://app.example.com"}} | changes)


def asking(github: Hub) -> GitHub:
    found = GitHub.of_job({"GITHUB_TOKEN": TOKEN, **github.environ()})
    assert found
    return found


def verdict(github: Hub, *, ago: float = 0.0, subject: Subject = NEW, **changes: object) -> None:
    files = {"verdict.json": document(**changes).encode(), "gate.json": earlier.written(subject, "1")}
    github.upload(NAME, files, ago=ago)


def answered(github: Hub, *, since: float, subject: Subject = NEW) -> str:
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=since)
    found = earlier.answer_to(asking(github), NAME, subject, moment)
    return found.document.decision if found else ""


def test_a_second_event_about_a_deployment_is_answered_by_the_first_ones_verdict(github: Hub) -> None:
    verdict(github, ago=30, decision="FAIL")
    assert answered(github, since=90) == "FAIL"
    assert answered(github, since=90, subject=Subject(url=NEW.url)) == "FAIL"


def test_an_event_after_the_verdict_announces_something_new(github: Hub) -> None:
    verdict(github, ago=90)
    assert answered(github, since=30) == ""


def test_another_deployments_verdict_is_no_answer(github: Hub) -> None:
    verdict(github, ago=30, subject=Subject(deployment="dpl_old"))
    assert answered(github, since=90) == ""


def test_a_run_that_another_deployment_ended_answers_nothing(github: Hub) -> None:
    verdict(github, ago=30, decision="INCONCLUSIVE", reason="superseded")
    assert answered(github, since=90) == ""


def test_what_anyone_can_start_is_not_trusted(github: Hub) -> None:
    github.begin("pull_request")
    verdict(github, ago=30)
    assert answered(github, since=90) == ""


def test_what_cannot_be_read_is_no_answer(github: Hub) -> None:
    github.upload(NAME, {"verdict.json": b"{", "gate.json": b"{}"}, ago=30)
    github.upload(NAME, {"other": b""}, ago=20)
    assert answered(github, since=90) == ""


def test_earlier_verdicts_are_put_where_record_reads_them(github: Hub, tmp_path: Path) -> None:
    verdict(github, ago=90)
    verdict(github, ago=30)
    github.artifacts[0]["expired"] = True
    assert earlier.keep(asking(github), [NAME, "none"], tmp_path) == ""
    [kept] = tmp_path.rglob("verdict.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["run_id"] == "a1"


@pytest.mark.parametrize("refused", ["/actions/artifacts", "/actions/runs", "/zip"])
def test_what_github_refuses_is_said_and_stops_nothing(github: Hub, tmp_path: Path, refused: str) -> None:
    verdict(github)
    github.refuses = refused
    assert "403 (permissions: actions: read?)" in earlier.keep(asking(github), [NAME], tmp_path)


def test_an_archive_cannot_write_outside_of_the_folder(github: Hub, tmp_path: Path) -> None:
    github.upload(NAME, {"../../verdict.json": document().encode()})
    earlier.keep(asking(github), [NAME], tmp_path / "kept")
    assert [path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("verdict.json")] == ["kept"]


def test_an_environment_protects_only_if_it_has_reviewers(github: Hub) -> None:
    github.reviewers = {"guarded": 2, "open": 0}
    found = [asking(github).reviewers_required(name) for name in ("guarded", "open", "missing")]
    assert found == [True, False, False]
    github.refuses = "/environments/"
    with pytest.raises(Unanswered):
        asking(github).reviewers_required("guarded")


def test_an_earlier_rollback_that_cannot_be_read_leaves_the_question_open(github: Hub) -> None:
    github.upload("postdeploy-rollback", {"rollback.json": b"{"})
    with pytest.raises(Unanswered):
        earlier.rollbacks(asking(github), "postdeploy-rollback")


def test_a_job_without_a_token_asks_nothing() -> None:
    assert GitHub.of_job({}) is None
