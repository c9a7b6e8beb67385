"""All rules are asked, and what fails the deployment comes first."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import rules
from postdeploy.analysis.rules.ordered import RULES
from postdeploy.analysis.signals import Part
from postdeploy.model import Recommendation, Severity
from tests.analysis.rules.judging import CODE, UNREACHABLE, before, failures, findings
from tests.logs.rows import Sent, healthy, rows, tallied, throws


def test_every_file_that_holds_a_rule_has_its_line() -> None:
    modules = [
        import_module(f"{rules.__name__}.{file.stem}")
        for file in Path(rules.__path__[0]).glob("*.py")
        if file.stem != "ordered"
    ]
    assert {one.findings for one in modules if hasattr(one, "findings")} == set(RULES)


def test_a_failing_request_means_something_whatever_it_was_for() -> None:
    paths = {Part.ACTION: "/", Part.PAGE: "/", Part.INBOX: "/api/inbox/counts", Part.ROUTE: "/api/cron/x"}
    paths[Part.ASSET] = "/favicon.ico"
    for part in Part:
        method = "POST" if part is Part.ACTION else "GET"
        tally = tallied(rows([Sent(1, method, paths[part], 500), Sent(2, method, paths[part], -1)]))
        assert {one.part for one in tally.incidents} == {part}


@pytest.mark.parametrize("path", ["/favicon.ico", "/_next/image", "/robots.txt", "/xmlrpc.php"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [500, 503, -1])
def test_a_failing_asset_warns_and_blinds_nothing(method: str, path: str, status: int) -> None:
    asset = [Sent(n, method, path, status) for n in range(30)]
    found = findings([*healthy(100), *asset])
    assert not failures(found)
    assert any(f"{method} {path}" in one.sentence for one in found)
    assert failures(findings([*healthy(100), *asset, *(throws(w, 60) for w in "ABCD")])) == [CODE]


def test_rows_that_name_the_function_say_what_a_request_was_for() -> None:
    """The middleware's row of a rewritten webhook looks like a page's."""
    hooks = rows([Sent(n, "POST", "/hooks/clay", 500, "Error: boom") for n in range(30)])
    named = [msgspec.structs.replace(row, function="/api/webhooks/[name]") if row.message else row for row in hooks]
    assert tallied(hooks).actions == 30
    assert tallied(named).actions == 0


def test_findings_come_in_the_order_of_what_they_call_for() -> None:
    environment = Sent(9, message="Error: [prisma] DATABASE_URL is not set")
    outage = [Sent(5 * n, message=UNREACHABLE) for n in range(30)]
    code = [throws(w, 60) for w in "ABCD"]
    for sent in ([*code, *outage, environment], [environment, *outage, *code], [*outage, environment, *code]):
        assert list(dict.fromkeys(one for _, one in failures(findings(sent))))[:2] == [
            Recommendation.HOLD,
            Recommendation.FIX_ENVIRONMENT,
        ]
    recommendations = [one for _, one in failures(findings([*healthy(50), *code, environment]))]
    assert recommendations == [Recommendation.FIX_ENVIRONMENT, Recommendation.ROLL_BACK]


def test_every_rule_has_its_tests() -> None:
    tested = {file.stem.removeprefix("test_") for file in Path(__file__).parent.glob("test_*.py")}
    assert {rule.__module__.rpartition(".")[2] for rule in RULES} <= tested


def test_what_fails_the_deployment_comes_first() -> None:
    found = findings([throws("A", 1), *(Sent(10 * n, message=UNREACHABLE) for n in range(30))])
    severities = [one.severity for one in found]
    assert severities[0] is Severity.FAIL
    assert severities == sorted(severities, key=list(Severity).index)


def test_a_healthy_log_says_nothing() -> None:
    assert findings([Sent(n) for n in range(9)]) == ()


SETTING = "Error: [prisma] DATABASE_URL is not set"


def test_what_is_all_known_outranks_nothing_new() -> None:
    setting, code = [Sent(9, message=SETTING)], [throws(w, 60) for w in "ABCD"]
    old = before([*healthy(100), *setting])
    calls = [each for _, each in failures(findings([*healthy(100), *setting, *code], baseline=old))]
    assert calls == [Recommendation.ROLL_BACK, Recommendation.INVESTIGATE]


@pytest.mark.parametrize(
    ("times", "errors", "known"),
    [(1, "ABCD", "ABCD"), (60, "ABCD", ""), (1, "", "")],
    ids=["nothing is new", "there is more of it than before", "there is nothing else"],
)
def test_a_setting_that_lacked_before_leads_else(times: int, errors: str, known: str) -> None:
    sent = [*healthy(100), *(Sent(9 * n, message=SETTING) for n in range(times)), *(throws(w, 60) for w in errors)]
    old = before([*healthy(100), Sent(9, message=SETTING), *(throws(w, 60) for w in known)])
    calls = [each for _, each in failures(findings(sent, baseline=old))]
    assert calls[0] is Recommendation.FIX_ENVIRONMENT
