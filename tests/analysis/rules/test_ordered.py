"""All rules are asked, and what fails the deployment comes first."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from postdeploy.analysis import rules
from postdeploy.analysis.rules.ordered import RULES
from postdeploy.model import Severity
from tests.analysis.rules.judging import UNREACHABLE, findings
from tests.logs.rows import Sent, throws


def test_every_file_that_holds_a_rule_has_its_line() -> None:
    modules = [
        import_module(f"{rules.__name__}.{file.stem}")
        for file in Path(rules.__path__[0]).glob("*.py")
        if file.stem != "ordered"
    ]
    assert {one.findings for one in modules if hasattr(one, "findings")} == set(RULES)


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
