"""What is sent about a verdict, how often it is tried, and what is not in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Response

from postdeploy.cli.main import app
from postdeploy.gate.notification import Message, page_of_run, send
from postdeploy.model import Decision, Recommendation, Stage, UsageError
from postdeploy.record.document import DeploymentPart, VerdictDocument
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.redaction import Redactor

FAIL = VerdictDocument(
    run_id="a1",
    stage=Stage.SMOKE,
    finished="2026-11-24T12:00:00+00:00",
    decision=Decision.FAIL,
    recommendation=Recommendation.ROLL_BACK,
    headline="ROLL BACK — FAIL",
    summary="<b> & hunter2hunter2",
    command="postdeploy rollback dpl_good",
    target=LastGood("dpl_good", "", KnownBy.RECORD, "passed"),
    deployment=DeploymentPart(url="https://app.example.com", deployment_id="dpl_bad"),
)
REDACT = Redactor(["hunter2hunter2"])


def given(tmp_path: Path, url: str, *options: str, **environ: str) -> tuple[int, str]:
    from postdeploy.record.document import written  # noqa: PLC0415

    (tmp_path / "verdict.json").write_bytes(written(FAIL, REDACT))
    done = CliRunner().invoke(app, ["notify", f"--url={url}", f"--reports={tmp_path}", *options], env=environ)
    return done.exit_code, done.output


def sent(server: HTTPServer) -> list[Any]:
    return [json.loads(request.get_data()) for request, _ in server.log]


def test_a_service_gets_the_facts_and_a_chat_the_text() -> None:
    message = Message(FAIL, "https://github.com/acme/inbox/actions/runs/7")
    text = (
        "❌ *ROLL BACK — FAIL*\n&lt;b&gt; &amp; hunter2hunter2\nhttps://app.example.com (dpl_bad), smoke\n"
        "`postdeploy rollback dpl_good`\nhttps://github.com/acme/inbox/actions/runs/7"
    )
    assert message.body("hooks.slack.com") == {"text": text}
    generic: Any = message.body("ops.example.com")
    assert generic["text"] == text
    assert {name: generic["postdeploy"][name] for name in ("decision", "recommendation", "last_good", "observed")} == {
        "decision": "FAIL",
        "recommendation": "roll-back",
        "last_good": "dpl_good",
        "observed": False,
    }


def test_no_secret_is_sent(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    assert send(Message(FAIL), httpserver.url_for("/hook"), REDACT) == ""
    assert "hunter2" not in json.dumps(sent(httpserver))


def test_one_verdict_is_sent_once(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    assert given(tmp_path, httpserver.url_for("/hook"), "--observed")[0] == 0
    assert "sent already" in given(tmp_path, httpserver.url_for("/hook"))[1]
    assert [one["postdeploy"]["observed"] for one in sent(httpserver)] == [True]


def test_what_fails_in_passing_is_tried_again_and_no_more_than_that(httpserver: HTTPServer) -> None:
    pauses: list[float] = []
    for status in (500, 429):
        httpserver.expect_ordered_request("/hook").respond_with_response(
            Response(status=status, headers={"retry-after": "7"} if status == 429 else {})
        )
    httpserver.expect_ordered_request("/hook").respond_with_data("ok")
    assert send(Message(FAIL), httpserver.url_for("/hook"), REDACT, pauses.append) == ""
    assert pauses == [1.0, 7.0]


@pytest.mark.parametrize(("status", "times"), [(503, 3), (404, 1), (302, 1)])
def test_a_message_that_does_not_arrive_is_a_warning_without_its_address(
    httpserver: HTTPServer, tmp_path: Path, status: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr("postdeploy.gate.notification._PAUSES", (0.0, 0.0))
    httpserver.expect_request("/T0KEN-of-the-hook").respond_with_data("no", status=status)
    code, output = given(tmp_path, httpserver.url_for("/T0KEN-of-the-hook"), GITHUB_ACTIONS="true")
    assert (code, len(httpserver.log)) == (0, times)
    assert output.startswith("::warning title=postdeploy::the notification was not delivered: localhost answered")
    assert "T0KEN" not in output


def test_an_address_in_the_clear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        send(Message(FAIL), "http://hooks.example.com/x", REDACT)
    assert given(tmp_path, "hooks.example.com/secret") == (4, "postdeploy: notify-url is not an address https://…\n")


@pytest.mark.parametrize("url", ["https://[::1/SECRET", "https://hooks.example.com/SEC\nRET", "https://a:b:c/SECRET"])
def test_an_address_that_was_pasted_wrongly_is_refused_and_not_shown(tmp_path: Path, url: str) -> None:
    assert given(tmp_path, url) == (4, "postdeploy: notify-url is not an address https://…\n")


def test_a_message_that_cannot_be_remembered_was_sent(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/hook").respond_with_data("ok")
    (tmp_path / ".notified").mkdir()
    code, output = given(tmp_path, httpserver.url_for("/hook"))
    assert (code, len(sent(httpserver))) == (0, 1)
    assert "was delivered, and will be again" in output


def test_without_a_verdict_nothing_is_sent(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["notify", "--url=https://x.example.com", f"--reports={tmp_path}"])
    assert (done.exit_code, "there is no verdict" in done.output) == (0, True)


def test_the_page_of_the_run() -> None:
    github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "7"}
    assert page_of_run(github) == "https://github.com/a/b/actions/runs/7"
    assert page_of_run({"CI_JOB_URL": "https://gitlab.com/a/b/-/jobs/7"}) == "https://gitlab.com/a/b/-/jobs/7"
    assert page_of_run({}) == ""
