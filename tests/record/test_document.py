"""verdict.json: its schema, and that earlier and later versions are read."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from postdeploy.model import Cause, Decision, Outcome, Reason, Recommendation, Stage
from postdeploy.record import entries
from postdeploy.record.document import RecoveryState, VerdictDocument, written
from postdeploy.record.reading import NewerSchema, Unreadable, read
from postdeploy.redaction import Redactor

PROJECT = Path(__file__).parents[2]
EARLIER = PROJECT / "tests/record/documents"
"""Documents as the version before has written them: `log` was flat, and `complete` was missing."""
SCHEMA = json.loads((PROJECT / "docs/verdict.schema.json").read_text(encoding="utf-8"))


def earlier(name: str) -> VerdictDocument:
    return read((EARLIER / f"{name}.json").read_bytes())


def changed(name: str, **keys: Any) -> bytes:
    """A document of today with other values for some keys."""
    today = json.loads(written(earlier(name), Redactor()))
    return json.dumps(today | keys).encode()


def test_the_schema_is_the_one_that_the_type_makes() -> None:
    """`make schema` writes it anew."""
    spec = importlib.util.spec_from_file_location("schema", PROJECT / "setup/schema.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert (PROJECT / "docs/verdict.schema.json").read_text(encoding="utf-8") == script.text()


@pytest.mark.parametrize("file", sorted(EARLIER.glob("*.json")), ids=lambda file: file.stem)
def test_what_is_written_today_is_as_the_schema_says(file: Path) -> None:
    document = read(file.read_bytes())
    today = written(document, Redactor())
    jsonschema.validate(json.loads(today), SCHEMA, format_checker=jsonschema.FormatChecker())
    assert read(today) == document


# Earlier versions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(EARLIER.glob("*.json")), ids=lambda file: file.stem)
def test_every_key_of_the_version_before_is_still_written(file: Path) -> None:
    before = json.loads(file.read_text(encoding="utf-8"))
    today = json.loads(written(read(file.read_bytes()), Redactor()))
    log = before.pop("log")
    assert _within(before, today) == []
    if log:
        assert _within(log["incidents"], today["log"]["incidents"]) == []
        assert _within(log["judged"], today["log"]["findings"]) == []
        assert (today["log"]["recovery"]["known"], today["log"]["recovery"]["new"]) == (log["borne"], log["fresh"])
        groups = {
            "window": ("opened", "told_by", "closes", "judged_since", "judged_until", "seconds"),
            "proof": ("proven", "missing", "gaps", "sentinels", "sentinels_found", "latest"),
            "totals": ("requests", "actions", "inbox", "own", "unique", "malformed", "truncated"),
        }
        for group, names in groups.items():
            assert {name: today["log"][group][name] for name in names} == {name: log[name] for name in names}
        for name in ("stage", "says", "source", "early", "deployment", "baseline", "notes", "blocked"):
            assert today["log"][name] == log[name]


def _within(before: Any, today: Any, at: str = "") -> list[str]:
    """Where something of the one is missing in the other, or is something else there."""
    if isinstance(before, dict):
        return [place for key, value in before.items() for place in _within(value, today.get(key, "?"), f"{at}.{key}")]
    if isinstance(before, list) and before and isinstance(before[0], dict):
        return [place for index, one in enumerate(before) for place in _within(one, today[index], f"{at}[{index}]")]
    return [] if before == today else [at]


def test_a_failure_of_the_version_before_is_read() -> None:
    found = earlier("fail")
    assert (found.decision, found.recommendation, found.stage) == (
        Decision.FAIL,
        Recommendation.ROLL_BACK,
        Stage.WINDOW,
    )
    assert found.target
    assert (found.target.id, found.target.failing) == ("dpl_0", ("test_c",))
    assert [(one.name, one.outcome, one.cause) for one in found.checks] == [
        ("a", Outcome.PASSED, None),
        ("b", Outcome.FAILED, Cause.SERVER_ACTIONS),
    ]
    assert found.log
    assert (found.log.totals.unique, found.log.window.source) == (4, "by the platform's alias")
    assert found.log.fails
    [recorded] = entries.read([("file", (EARLIER / "fail.json").read_bytes())]).entries
    assert (recorded.deployment, recorded.commit, recorded.failing) == ("dpl_1", "c0ffee", ("b",))


def test_the_proof_of_a_rollback_of_the_version_before_is_read() -> None:
    found = earlier("recovery")
    assert found.recovery
    assert (found.recovery.state, found.recovery.left) == (RecoveryState.INBOX, "dpl_1")
    assert found.log
    assert (found.log.recovery.known, found.log.recovery.new) == (
        ("3 × POST /: TypeError",),
        ("1 × GET /: RangeError",),
    )


@pytest.mark.parametrize(
    ("name", "complete"), [("unfinished", False), ("blocked", True), ("pass", True), ("fail", True)]
)
def test_a_run_of_the_version_before_that_ended_before_its_checks_is_known(name: str, complete: bool) -> None:
    assert earlier(name).complete is complete


# Later versions ----------------------------------------------------------------------------------------------------------


def test_a_later_version_may_know_more_words() -> None:
    finding = {"part": "inbox", "severity": "fail", "summary": "it fails", "cause": "solar-flare", "check": "test_x"}
    check = {"name": "test_x", "outcome": "failed", "cause": "solar-flare", "weather": "sunny"}
    found = read(changed("fail", findings=[finding], checks=[check], will_help="perhaps", weather="sunny"))
    assert (found.decision, found.will_help) == (Decision.FAIL, None)
    assert [(one.check, one.cause) for one in found.findings] == [("test_x", None)]
    assert [(one.name, one.outcome, one.cause) for one in found.checks] == [("test_x", Outcome.FAILED, None)]
    assert found.log == earlier("fail").log


def test_a_log_that_does_not_fit_is_left_out_as_a_whole() -> None:
    log = json.loads(changed("fail"))["log"] | {"stage": "eternity"}
    found = read(changed("fail", log=log))
    assert (found.decision, found.log) == (Decision.FAIL, None)


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"decision": "MAYBE"}, id="an unknown decision"),
        pytest.param({"finished": "yesterday"}, id="no time"),
        pytest.param({"deployment": None}, id="no deployment"),
        pytest.param({"stage": "eternity"}, id="a stage of another kind"),
    ],
)
def test_what_decides_must_be_known(keys: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="not a verdict"):
        read(changed("pass", **keys))


def test_a_later_schema_is_left_alone() -> None:
    with pytest.raises(NewerSchema, match="schema 2"):
        read(changed("pass", schema=2))


def test_the_reason_of_a_blocked_run_is_read() -> None:
    assert earlier("blocked").reason is Reason.BLOCKED
