"""What earlier runs left at GitHub, and which of it counts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from postdeploy.gate import earlier
from postdeploy.gate.artifacts import GitHub, Unanswered
from postdeploy.gate.event import Subject
from postdeploy.rollback.report import Ending, PreviousDeployment, RollbackReport, TargetDeployment
from tests.github.hub import TOKEN, Hub, hub

NEW = Subject(deployment="dpl_new", url="https://inbox-new.vercel.app")
NAME = "postdeploy-smoke-verdict"
WINDOW = "postdeploy-window-verdict"
ROLLBACKS = "postdeploy-rollback"


@pytest.fixture
def github() -> Iterator[Hub]:
    with hub() as made:
        made.begin("repository_dispatch")
        yield made


def document(**changes: object) -> str:
    now = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    made = {"schema": 1, "run_id": "a1", "stage": "smoke", "started": now, "finished": now, "complete": True}
    return json.dumps(made | {"decision": "PASS", "deployment": {"url": "https://app.example.com"}} | changes)


def rolled_back() -> bytes:
    done = RollbackReport(
        outcome=Ending.MOVED,
        url="https://app.example.com",
        how="promote",
        from_=PreviousDeployment("dpl_bad"),
        to=TargetDeployment("dpl_good"),
    )
    return msgspec.json.encode(done)


def asking(github: Hub) -> GitHub:
    found = GitHub.of_job({"GITHUB_TOKEN": TOKEN, **github.environ()})
    assert found
    return found


def verdict(
    github: Hub, *, ago: float = 0.0, subject: Subject = NEW, name: str = NAME, fork: bool = False, **changes: object
) -> None:
    files = {"verdict.json": document(**changes).encode(), "gate.json": earlier.written(subject, "1")}
    github.upload(name, files, ago=ago, fork=fork)


def moment_ago(seconds: float) -> str:
    return (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).isoformat()


def answered(github: Hub, *, since: float, subject: Subject = NEW, address: str = "https://app.example.com") -> str:
    question = earlier.EventQuestion(replace(subject, at=moment_ago(since)), address)
    found = earlier.answer_to(asking(github), NAME, [NAME, WINDOW], question)
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


def served(**named: object) -> dict[str, Any]:
    return {"deployment": {"url": "https://app.example.com", **named}}


@pytest.mark.parametrize(
    ("named", "event", "answer"),
    [
        pytest.param({"deployment_id": "dpl_new"}, NEW, "PASS", id="measured on it"),
        pytest.param({"deployment_id": "dpl_new"}, Subject(url=NEW.url), "PASS", id="an event without its id"),
        pytest.param({"deployment_id": "dpl_a"}, NEW, "", id="the domain served another one"),
        pytest.param({"deployment_id": "dpl_a"}, Subject(url=NEW.url), "", id="another one, an event without an id"),
        pytest.param({"platform": {"id": "dpl_a"}}, NEW, "", id="another one according to Vercel"),
        pytest.param({"deployment_id": "x", "platform": {"id": "dpl_new"}}, NEW, "PASS", id="it, according to Vercel"),
        pytest.param({"build_id": "b1"}, NEW, "PASS", id="the page does not name one"),
    ],
)
def test_a_verdict_answers_for_what_was_measured(
    github: Hub, named: dict[str, object], event: Subject, answer: str
) -> None:
    verdict(github, ago=30, **served(**named))
    assert answered(github, since=90, subject=event) == answer


@pytest.mark.parametrize(
    ("named", "answer"),
    [
        ({"deployment_id": "dpl_a"}, ""),
        ({"deployment_id": "dpl_a", "url": NEW.url}, "PASS"),
        ({"platform": {"id": "dpl_a", "url": NEW.url}}, "PASS"),
        ({"platform": {"id": "dpl_a", "url": "https://inbox-a.vercel.app"}}, ""),
    ],
)
def test_events_that_name_an_address_alone_are_answered_by_what_stands_there(
    github: Hub, named: dict[str, object], answer: str
) -> None:
    only = Subject(url=NEW.url)
    verdict(github, ago=30, subject=only, **served(**named))
    address = str(named.get("url", "https://app.example.com"))
    assert answered(github, since=90, subject=only, address=address) == answer


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("https://app.example.com", "PASS"),
        ("https://APP.example.com/", "PASS"),
        ("https://staging.example.com", ""),
        ("http://app.example.com", ""),
    ],
)
def test_a_verdict_on_another_address_is_no_answer(github: Hub, address: str, answer: str) -> None:
    verdict(github, ago=30)
    assert answered(github, since=90, address=address) == answer


@pytest.mark.parametrize(
    ("smoke", "window", "answer"),
    [
        pytest.param("PASS", {"decision": "FAIL"}, "FAIL", id="it failed in its window"),
        pytest.param("PASS", {"decision": "PASS"}, "PASS", id="it passed its window"),
        pytest.param("INCONCLUSIVE", {"decision": "PASS"}, "PASS", id="proven in its window"),
        pytest.param("FAIL", {"decision": "PASS"}, "FAIL", id="a FAIL stands"),
        pytest.param("PASS", {"decision": "INCONCLUSIVE", "reason": "superseded"}, "PASS", id="its window was cut off"),
        pytest.param("PASS", {"decision": "FAIL", "subject": Subject(deployment="dpl_old")}, "PASS", id="another's"),
        pytest.param("PASS", {"decision": "FAIL", "ago": 60}, "PASS", id="the window of an earlier run"),
    ],
)
def test_the_window_that_followed_counts(github: Hub, smoke: str, window: dict[str, Any], answer: str) -> None:
    verdict(github, ago=30, decision=smoke)
    verdict(github, **{"ago": 10, "name": WINDOW, "stage": "window", **window})
    assert answered(github, since=90) == answer


def test_smoke_does_not_answer_for_a_window(github: Hub) -> None:
    verdict(github, ago=30)
    question = earlier.EventQuestion(replace(NEW, at=moment_ago(90)), "https://app.example.com")
    assert earlier.answer_to(asking(github), WINDOW, [NAME, WINDOW], question) is None


def test_what_anyone_can_start_is_not_trusted(github: Hub) -> None:
    github.begin("pull_request")
    verdict(github, ago=30)
    assert answered(github, since=90) == ""


@pytest.mark.parametrize("fork", [True, False], ids=["of a fork", "of a branch"])
def test_what_anyone_can_start_hides_nothing(github: Hub, *, fork: bool) -> None:
    verdict(github, ago=30, decision="FAIL", deployment={"url": "https://app.example.com", "deployment_id": "dpl_new"})
    github.upload(ROLLBACKS, {"rollback.json": rolled_back()}, ago=30)
    github.begin("pull_request")
    for _ in range(130):
        verdict(github, ago=20, fork=fork)
        github.upload(ROLLBACKS, {"rollback.json": b"{}"}, ago=20, fork=fork)
    assert answered(github, since=90) == "FAIL"
    found = earlier.verdict_on(asking(github), [NAME, WINDOW], "dpl_new")
    assert found
    assert found.decision == "FAIL"
    assert [one.from_.id for one in earlier.rollbacks(asking(github), ROLLBACKS)] == ["dpl_bad"]


def test_what_can_no_longer_be_seen_leaves_the_question_open(github: Hub, tmp_path: Path) -> None:
    verdict(github, ago=30)
    github.begin("pull_request")
    for _ in range(1000):
        verdict(github, ago=20, fork=True)
    before = github.questions
    for ask in (lambda: earlier.verdict_on(asking(github), [NAME], "dpl_new"), lambda: answered(github, since=90)):
        with pytest.raises(Unanswered, match=r"the newest 1000 were looked through, .* older ones were left out"):
            ask()
    assert github.questions - before == 20
    assert "older ones were left out" in earlier.keep(asking(github), [NAME], tmp_path)


def test_only_so_many_runs_are_asked_for(github: Hub) -> None:
    for _ in range(201):
        github.begin("pull_request")
        github.upload(ROLLBACKS, {})
    with pytest.raises(Unanswered, match="those of the newest 200 runs were looked through"):
        earlier.rollbacks(asking(github), ROLLBACKS)


def test_what_is_older_than_the_event_is_not_looked_through(github: Hub) -> None:
    github.begin("pull_request")
    for _ in range(150):
        verdict(github, ago=120, fork=True)
    before = github.questions
    assert (answered(github, since=90), github.questions - before) == ("", 1)


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
