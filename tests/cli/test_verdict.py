"""`postdeploy verdict`: PASS only for the complete verdict of the run that is meant."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.report.writing import LOCK
from postdeploy.system import exclusive


def document(**changes: Any) -> str:
    """A verdict.json; its times are filled in when the test runs, however long after these lines."""
    now = before()
    made = {
        "schema": 1,
        "run_id": "a1",
        "stage": "smoke",
        "started": now,
        "finished": now,
        "complete": True,
        "decision": "PASS",
        "deployment": {"url": "https://app.example.com"},
    }
    return json.dumps(made | changes)


def asked(reports: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verdict", f"--reports={reports}", *options])
    return done.exit_code, done.output


def before(**ago: float) -> str:
    return f"@{dt.timedelta(**ago).total_seconds():.0f}@"


def filled_in(written: str) -> str:
    """With the moments in place of how long ago they are."""
    now = dt.datetime.now(dt.UTC)
    return re.sub(
        "@(-?[0-9]+)@", lambda found: (now - dt.timedelta(seconds=int(found[1]))).isoformat(timespec="seconds"), written
    )


@pytest.mark.parametrize(
    ("written", "options", "code"),
    [
        pytest.param(document(), (), 0, id="a PASS of just now"),
        pytest.param(document(), ("--run-id=a1",), 0, id="of the run that is meant"),
        pytest.param(document(decision="FAIL"), ("--run-id=a1",), 1, id="a FAIL"),
        pytest.param(document(decision="FAIL", complete=False), (), 1, id="a FAIL of a run that was ended stands"),
        pytest.param(
            document(finished=before(minutes=30)), ("--max-age=1h",), 0, id="within the age that is asked for"
        ),
        pytest.param(document(decision="INCONCLUSIVE"), (), 10, id="INCONCLUSIVE"),
        pytest.param(document(complete=False), (), 10, id="a PASS of a run that did not end"),
        pytest.param(document(), ("--run-id=b2",), 10, id="of another run"),
        pytest.param(document(decision="FAIL"), ("--run-id=b2",), 10, id="a FAIL of another run is not this one's"),
        pytest.param(document(), ("--run-id=",), 10, id="a run that left no id"),
        pytest.param(document(run_id=""), ("--run-id=",), 10, id="neither has an id"),
        pytest.param(document(finished=before(minutes=11)), (), 10, id="older than ten minutes"),
        pytest.param(document(finished=before(minutes=3)), ("--max-age=2m",), 10, id="older than asked for"),
        pytest.param(document(finished=before(hours=-1)), (), 10, id="from the future"),
        pytest.param("{}", (), 10, id="an empty document"),
        pytest.param('{"decision":"PASS"}', (), 10, id="not a verdict of ours"),
        pytest.param(document()[:-20], (), 10, id="cut off"),
        pytest.param(document(schema=2), (), 10, id="of a schema that is not known"),
        pytest.param(document(decision="OK"), (), 10, id="a decision that there is not"),
        pytest.param("", (), 10, id="an empty file"),
        pytest.param(document(), ("--max-age=soon",), 4, id="no duration"),
    ],
)
def test_the_exit_code_is_the_verdict_of_that_run_or_proves_nothing(
    tmp_path: Path, written: str, options: tuple[str, ...], code: int
) -> None:
    (tmp_path / "verdict.json").write_text(filled_in(written), encoding="utf-8")
    found, output = asked(tmp_path, *options)
    assert (found, "Traceback" in output) == (code, False), output


def test_no_verdict_at_all_proves_nothing(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        code, output = asked(folder)
        assert (code, "Verify the deployment first, postdeploy smoke URL" in output) == (10, True), output


def test_while_a_run_holds_the_folder_nothing_in_it_counts(tmp_path: Path) -> None:
    (tmp_path / "verdict.json").write_text(filled_in(document()), encoding="utf-8")
    held = exclusive.hold(tmp_path / LOCK, "process 1, since today")
    code, output = asked(tmp_path)
    exclusive.release(held)
    assert (code, "process 1, since today" in output, asked(tmp_path)[0]) == (10, True, 0)
