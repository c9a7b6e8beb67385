"""What reaches Allure's files, by Allure's own plugin: pytest runs in a process of its own."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from allure_commons.model2 import TestResult as AllureResult

from postdeploy.model import Cause, CheckResult, Outcome
from postdeploy.redaction import Redactor
from postdeploy.report.allure import AllureListener, attach_later, write_context

PROJECT = Path(__file__).parents[2]
BUILD = runpy.run_path(str(PROJECT / "reports" / "build.py"))
[MISBEHAVES] = [
    category
    for category in json.loads((PROJECT / "reports" / "allurerc.json").read_text(encoding="utf-8"))["categories"]
    if category["matchedStatuses"] == ["failed"]
]
[GROUPED_BY] = [group["label"] for group in MISBEHAVES["groupBy"]]
CONFTEST = """
import pytest
from postdeploy.model import CheckResult, Outcome
from postdeploy.redaction import Redactor
from postdeploy.report import allure

def pytest_configure(config):
    config.listener = allure.listen(Redactor(), str)
    config.add_cleanup(allure.stop)

@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_makereport(item, call):
    yield
    if call.when == "call":
        item.config.listener.check = CheckResult(
            item.name, "environment", Outcome.PASSED, seconds=8.1, node_id=item.nodeid
        )
"""
CHECKS = """
import pytest

@pytest.mark.parametrize("variable", ["DATABASE_URL", "CRON_SECRET"])
def test_variable(variable):
    pass

@pytest.fixture
def opened(request):
    request.addfinalizer(lambda: None)
    yield
    request.addfinalizer(lambda: None)

def test_alone(opened):
    pass
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of three checks, as Allure has written them."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_environment.py").write_text(CHECKS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--alluredir=results", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "results"


def attached(results: Path) -> list[str]:
    """The names of the checks that have an attachment."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in results.glob("*-result.json")]
    return sorted(one["name"] for one in found if one.get("attachments"))


def test_what_is_known_at_the_end_is_attached_to_the_one_check_that_it_is_about(results: Path) -> None:
    attach_later(results, "test_environment.py::test_variable[CRON_SECRET]", "server log", "POST / 500", Redactor())
    assert attached(results) == ["test_variable[CRON_SECRET]"]
    [file] = results.glob("*-attachment.txt")
    assert file.read_text(encoding="utf-8") == "POST / 500"


def test_it_is_redacted_as_the_results_are(results: Path) -> None:
    redact = Redactor(["hunter2hunter2"])
    attach_later(results, "test_environment.py::test_alone", "server log", "hunter2hunter2", redact)
    assert "test_alone" in attached(results)
    assert b"hunter2" not in b"".join(file.read_bytes() for file in results.glob("*-attachment.txt"))


def test_a_check_takes_as_long_as_with_its_fixtures(results: Path) -> None:
    found = [json.loads(file.read_text(encoding="utf-8")) for file in results.glob("*-result.json")]
    assert [one["stop"] - one["start"] for one in found] == [8100] * 3


def test_environment_executor_and_categories_stand_next_to_the_results(tmp_path: Path) -> None:
    write_context(tmp_path, {"deployment": "https://app.example.com", "verdict": "KEEP — PASS"}, {"name": "postdeploy"})
    environment = (tmp_path / "environment.properties").read_text(encoding="utf-8")
    assert environment == "deployment = https://app.example.com\nverdict = KEEP — PASS\n"
    assert json.loads((tmp_path / "executor.json").read_bytes()) == {"name": "postdeploy"}
    categories = json.loads((tmp_path / "categories.json").read_bytes())
    assert [one["matchedStatuses"] for one in categories] == [["failed"], ["broken"], ["skipped"]]


@pytest.mark.parametrize(
    ("outcome", "cause", "causes"),
    [
        (Outcome.FAILED, Cause.DATABASE, ["database"]),
        (Outcome.FAILED, Cause.SERVER_ACTIONS, ["server-actions"]),
        (Outcome.FAILED, None, ["unknown"]),
        (Outcome.BLOCKED, None, []),
        (Outcome.PASSED, None, []),
    ],
)
def test_failures_are_grouped_by_their_cause(outcome: Outcome, cause: Cause | None, causes: list[str]) -> None:
    listener = AllureListener(Redactor(), str)
    listener.check = CheckResult("test_inbox", "inbox", outcome, cause=cause, node_id="smoke/test_inbox.py::test_inbox")
    result = AllureResult(fullName="smoke.test_inbox#test_inbox")
    listener.report_result(result)
    assert [label.value for label in result.labels if label.name == GROUPED_BY] == causes


def test_what_fixtures_did_without_trouble_is_not_listed(results: Path) -> None:
    found = [json.loads(file.read_text(encoding="utf-8")) for file in results.glob("*-container.json")]
    assert found
    assert [step["name"] for one in found for step in (*one.get("befores", ()), *one.get("afters", ()))] == []


ASKING = """<html><head><title>x</title></head><body>
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
    </script>
    <script>keep()</script></body></html>"""


def test_allures_report_asks_no_analytics_host() -> None:
    stripped = BUILD["without_analytics"](ASKING)
    assert ("gtag" in stripped, "dataLayer" in stripped, "<script>keep()</script>" in stripped) == (False, False, True)


@pytest.mark.parametrize(
    "page",
    [
        ASKING.replace("async ", ""),
        ASKING.replace("<title>", '<script src="https://cdn.example.com/a.js"></script><title>'),
        ASKING.replace("<title>", '<link href="//fonts.example.com/a.css"><title>'),
    ],
    ids=["another spelling", "a script", "a style sheet"],
)
def test_a_version_of_allure_that_asks_in_another_way_is_not_published(page: str) -> None:
    with pytest.raises(BUILD["ReportError"]):
        BUILD["without_analytics"](page)


def test_the_version_of_allure_is_pinned() -> None:
    package = json.loads((PROJECT / "reports/package.json").read_text(encoding="utf-8"))
    assert [version for version in package["dependencies"].values() if not version[0].isdigit()] == []


def test_allure_is_installed_once_though_two_want_it(tmp_path: Path) -> None:
    """`make smoke` installs it beside the run, and builds the report when that has ended."""
    installed: list[Path] = []

    def npm(*_: object) -> None:
        time.sleep(0.1)
        installed.append(tmp_path)

    build = runpy.run_path(str(PROJECT / "reports" / "build.py"))
    install = build["_install"]
    install.__globals__.update(_MODULES=tmp_path / "node_modules", _run=npm)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda _: install(), range(2)))
    assert installed == [tmp_path]
