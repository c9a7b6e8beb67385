"""Who is measured: the command of each, and what it says when all its steps came true."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.node import PLAYWRIGHT_TEST, node
from bench.plugins import without_the_plugins_of_tests

FLOOR, OURS, SMOKE, LOGGED = "floor", "ours", "whole smoke", "with the log"
NODE, PLAIN = "@playwright/test", "plain pytest"

_PYTEST = (sys.executable, "-m", "pytest", *without_the_plugins_of_tests())
_CHECKS = (
    "smoke/test_inbox.py::test_the_master_inbox_renders_after_login",
    "smoke/test_inbox.py::test_a_conversation_opens_and_its_messages_arrive",
    "smoke/test_workspaces.py::test_selecting_a_workspace_loads_its_conversations",
    "smoke/test_session.py::test_the_session_survives_a_reload",
)
"""The checks that are the steps. The one of the login form is left out: the shared session signs in with that form."""

INCONCLUSIVE = 10
"""The suite's exit code for a run that leaves checks out: too little is proven, though each check passed."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the steps, as a command."""

    name: str
    does: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    exit_code: int = 0
    says: str = ""
    """A pattern that its output must hold, if all steps came true."""

    def came_true(self, exit_code: int, output: str) -> bool:
        """Whether a run that ended like this did all its steps."""
        return exit_code == self.exit_code and re.search(self.says, output) is not None


def contenders(url: str, scratch: Path, platform: Mapping[str, str]) -> tuple[Contender, ...]:
    """All of them, against the deployment at `url`; what they write goes below `scratch`. `platform`: how to ask it for the log."""
    suite = (*_PYTEST, "-m", "smoke", f"--base-url={url}", "--runbook", "sandbox/runbook.toml")
    return (
        Contender(
            FLOOR,
            "the steps in a bare Playwright script in Python, without a test runner",
            (sys.executable, "-m", "bench.steps.floor"),
        ),
        Contender(
            OURS,
            f"the {len(_CHECKS)} checks of this suite that are the steps, with preflight, proof, verdict and Allure's results",
            (*suite, f"--reports={scratch / 'ours'}", *_CHECKS),
            exit_code=INCONCLUSIVE,
            says=rf"\b{len(_CHECKS)} passed",
        ),
        Contender(
            NODE,
            "the steps as one test, one worker, list reporter, no trace, video or screenshot",
            (str(node()), str(PLAYWRIGHT_TEST / "cli.js"), "test", "--config=bench/playwright.config.ts"),
            environment={"BENCH_OUTPUT": str(scratch / "playwright-test")},
            says=r"\b1 passed",
        ),
        Contender(
            PLAIN,
            "the steps as one test of pytest-playwright and allure-pytest, with the same plugins loaded as ours",
            (
                *_PYTEST,
                "-p",
                "no:postdeploy",
                "--confcutdir=bench/steps",
                "--override-ini=addopts=",
                f"--base-url={url}",
                f"--alluredir={scratch / 'plain'}",
                "bench/steps/test_inbox.py",
            ),
            says=r"\b1 passed",
        ),
        Contender(
            SMOKE,
            "`pytest -m smoke` as it is: all checks, two sign-ins",
            (*suite, f"--reports={scratch / 'smoke'}"),
            says=r"\d+ passed",
        ),
        Contender(
            LOGGED,
            "the same with `--logs=vercel`: the deployment's log so far is read and judged, too",
            (*suite, f"--reports={scratch / 'logged'}", "--logs=vercel"),
            environment=platform,
            says=r"\d+ passed",
        ),
    )
