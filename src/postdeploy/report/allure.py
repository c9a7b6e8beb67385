"""The only file that knows Allure: labels, links, environment, and the redaction of everything it writes."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import allure_commons
from allure_commons.model2 import Label, Link
from allure_commons.types import AttachmentType

from postdeploy.model import Cause, CheckResult, Outcome
from postdeploy.record.entries import RecordedVerdict
from postdeploy.redaction import Redactor
from postdeploy.report.links import page_of
from postdeploy.runbook.aliases import earlier_names

_REPLACED = ("epic", "feature", "story", "severity", "host", "thread")
"""Labels that we set ourselves, and those that name a machine."""
_NODE_ID = "nodeid"
"""The label by which a result that is written already is found again: what pytest calls the check, parameters included."""
_CAUSE = "cause"
"""The label of a failed check by which reports/allurerc.json groups the failures."""
EPIC = "Post-deploy verification"
HISTORY = "history.jsonl"
"""Allure's own name for it; reports/allurerc.json reads it there."""
_MOST_PAST = 20
_STATUS = {Outcome.PASSED: "passed", Outcome.FAILED: "failed"}
_QUIET = (None, "passed")
"""Status of a fixture's step that says nothing; None: it was not over when its record was written."""
_CATEGORIES = [
    {"name": "The deployment misbehaves", "matchedStatuses": ["failed"]},
    {"name": "Our own error", "matchedStatuses": ["broken"]},
    {"name": "Not reached or blocked", "matchedStatuses": ["skipped"]},
]


class AllureListener:
    """Hooks into Allure's writer: what reaches a file has been labelled and redacted."""

    def __init__(self, redact: Redactor, address: Callable[[str], str]) -> None:
        self._redact = redact
        self._address = address
        self.check: CheckResult | None = None
        """How the check ended whose result is about to be written; None: it was interrupted, or did not end yet."""

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """Called before a test's result is written."""
        if self.check:
            self._describe(result, self.check)
        _keep_history(result)
        self._blot(result)

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        """Called before the record of a test's fixtures is written: those that passed do not help a reader."""
        container.befores = [step for step in container.befores if step.status not in _QUIET]
        container.afters = [step for step in container.afters if step.status not in _QUIET]
        self._blot(container)

    def _describe(self, result: Any, check: CheckResult) -> None:
        result.name = check.story or check.name
        if result.stop:  # Allure's own time is that of the function; a check mostly waits in its fixtures
            result.start = result.stop - round(check.seconds * 1000)
        result.labels = [label for label in result.labels if label.name not in _REPLACED]
        result.labels += [
            Label("epic", EPIC),
            Label("feature", check.part),
            Label("story", check.story or check.name),
            Label("severity", "blocker"),
            Label(_NODE_ID, check.node_id),
        ]
        result.links.append(Link("link", self._address("docs/runbook.md"), "Runbook 117e"))
        if check.outcome is Outcome.FAILED:
            result.labels.append(Label(_CAUSE, check.cause or Cause.UNKNOWN))
            page = page_of(check.cause or Cause.UNKNOWN)
            result.links.append(Link("link", self._address(page), "What it means, what to do"))
        if check.outcome is not Outcome.PASSED and result.statusDetails:
            result.statusDetails.message = "\n".join([check.summary, *map(str, check.evidence)])
            result.statusDetails.trace = None

    def _blot(self, value: Any, seen: frozenset[int] = frozenset()) -> None:
        """Redact every text of an Allure model object, in place."""
        if id(value) in seen:
            return
        seen |= {id(value)}
        for name in getattr(value, "__slots__", None) or vars(value):
            item = getattr(value, name)
            if isinstance(item, str) and name not in ("uuid", "historyId", "testCaseId", "source"):
                setattr(value, name, self._redact(item))
            elif isinstance(item, list):
                setattr(value, name, [self._redact(each) if isinstance(each, str) else each for each in item])
                for each in item:
                    if hasattr(each, "__dict__"):
                        self._blot(each, seen)
            elif hasattr(item, "__dict__"):
                self._blot(item, seen)


def _keep_history(result: Any) -> None:
    """Allure finds a check's history by ids made from its name: those of a renamed check are made from its oldest one.

    As allure_pytest makes them: allure_pytest.utils.get_history_id.
    """
    module, _, function = (result.fullName or "").rpartition("#")
    names = earlier_names(function)
    if not names:
        return
    oldest = f"{module}#{names[0]}"
    parameters = sorted((each for each in result.parameters if not each.excluded), key=lambda each: each.name)
    values = [each.value.removeprefix("'").removesuffix("'") for each in parameters]  # a string is shown in quotes
    result.testCaseId, result.historyId = _md5(oldest), _md5(oldest, *values)


def _md5(*texts: str) -> str:
    return hashlib.md5("".join(texts).encode(), usedforsecurity=False).hexdigest()


def attach(name: str, body: str | bytes, redact: Redactor) -> None:
    """Attach a text (redacted) or a PNG to the current test."""
    if isinstance(body, str):
        body, kind = redact(body).encode(), AttachmentType.TEXT
    else:
        kind = AttachmentType.PNG
    allure_commons.plugin_manager.hook.attach_data(body=body, name=name, attachment_type=kind, extension=kind.extension)


def listen(redact: Redactor, address: Callable[[str], str]) -> AllureListener:
    """Register the listener; call `stop` at the end. `address`: where a page of docs/ can be opened."""
    listener = AllureListener(redact, address)
    allure_commons.plugin_manager.register(listener, "postdeploy")
    return listener


def stop() -> None:
    """Unregister the listener."""
    allure_commons.plugin_manager.unregister(name="postdeploy")


def attach_later(directory: Path, node_id: str, name: str, text: str, redact: Redactor) -> None:
    """Attach a text to a check whose result is written already: what the server logged is known only at the end."""
    label = {"name": _NODE_ID, "value": redact(node_id)}
    for file in directory.glob("*-result.json"):
        result = json.loads(file.read_text(encoding="utf-8"))
        if label not in result.get("labels", ()):
            continue
        source = f"{uuid.uuid4()}-attachment.txt"
        (directory / source).write_text(redact(text), encoding="utf-8")
        result.setdefault("attachments", []).append({"name": name, "source": source, "type": "text/plain"})
        file.write_text(json.dumps(result), encoding="utf-8")


def write_context(directory: Path, environment: Mapping[str, str], executor: Mapping[str, object]) -> None:
    """environment.properties, executor.json and categories.json, next to the results."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = [f"{name} = {value}" for name, value in environment.items()]
    (directory / "environment.properties").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (directory / "executor.json").write_text(json.dumps(executor), encoding="utf-8")
    (directory / "categories.json").write_text(json.dumps(_CATEGORIES), encoding="utf-8")


def write_history(directory: Path, results: Iterable[CheckResult], past: Iterable[RecordedVerdict]) -> None:
    """history.jsonl, next to the results: how each check of this run ended in the runs before, from the record."""
    names = {result.node_id: result.name for result in results}
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(directory.glob("*-result.json"))]
    ids = {
        names[label["value"]]: _history_id(one)
        for one in found
        for label in one.get("labels", ())
        if label["name"] == _NODE_ID and label["value"] in names and one.get("testCaseId")
    }
    lines = [json.dumps(_as_history(verdict, ids)) for verdict in sorted(past, key=lambda each: each.at)]
    (directory / HISTORY).write_text("".join(f"{line}\n" for line in lines[-_MOST_PAST:]), encoding="utf-8")


def _history_id(result: Mapping[str, Any]) -> str:
    """As Allure 3 makes it from a result: calculateHistoryId in @allurereport/core."""
    shown = [one for one in result.get("parameters", ()) if not one.get("excluded")]
    texts = [f"{one['name']}:{one['value']}" for one in sorted(shown, key=lambda each: (each["name"], each["value"]))]
    return f"{_md5(result['testCaseId'])}.{_md5(','.join(texts))}"


def _as_history(verdict: RecordedVerdict, ids: Mapping[str, str]) -> dict[str, object]:
    """One run before, as Allure keeps it."""
    run, at = verdict.run_id or verdict.at.isoformat(), round(verdict.at.timestamp() * 1000)
    checks = {
        ids[name]: {
            "id": f"{run}-{ids[name]}",
            "name": name,
            "status": _STATUS.get(outcome, "skipped"),
            "historyId": ids[name],
            "stop": at,
            "url": "",
        }
        for name, outcome in verdict.checks
        if name in ids
    }
    return {
        "uuid": run,
        "name": f"{verdict.decision} {verdict.deployment or verdict.host}",
        "timestamp": at,
        "knownTestCaseIds": [],
        "testResults": checks,
        "metrics": {},
        "url": "",
    }
