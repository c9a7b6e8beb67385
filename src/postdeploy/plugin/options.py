"""The options of a project of ours: registered, and read once as values."""

from __future__ import annotations

import argparse
import os

import pytest

from postdeploy.plugin.selection import marks_in
from postdeploy.run.options import UNSAFE_EVIDENCE, Options

COMPARISON = "--comparison"
"""What a run asks of the runs that it starts itself, and of no others."""
PARENT = "POSTDEPLOY_PARENT"
"""The environment variable in which it says that it has started one."""


_WITH_A_VALUE = (
    ("--runbook", "FILE", "Overlay for the folder's runbook.toml."),
    ("--reports", "DIR", "Folder for verdict and evidence (default: reports)."),
    ("--session", "FILE", "Signed-in session (Playwright's storage state) in place of a sign-in."),
    (
        "--logs",
        "SOURCE",
        "Runtime log to judge: vercel, a file, 'a pattern', s3://…, https://…, clickhouse://…, spark://…, or - (piped in).",
    ),
    ("--baseline", "SOURCE", "Log, or earlier verdict.json, that the log is compared with."),
    ("--deployed-at", "TIME", "Time (ISO) when production traffic began, where Vercel can't be asked."),
    ("--record", "WHERE", "Record of verdicts: a file, git:BRANCH, or a folder of verdict.json files (only read)."),
    (
        "--target",
        "ID",
        "With -m rollback: deployment that production was rolled back to (default: by rollback.json).",
    ),
    (
        "--watch",
        "DURATION",
        "Time since the deploy until which the log is watched: 10m. With -m canary: how long it is watched.",
    ),
    ("--phase", "PHASE", "With -m canary: before, or running (the default)."),
)


def add(parser: pytest.Parser) -> None:
    """Register them."""
    group = parser.getgroup("postdeploy", "verification of a deployment (-m smoke)")
    for name, metavar, text in _WITH_A_VALUE:
        group.addoption(name, metavar=metavar, help=text)
    group.addoption(
        "--without", metavar="PART", action="append", default=[], help="Part that is not measured; the verdict says so."
    )
    group.addoption(
        "--budget-factor",
        metavar="FACTOR",
        type=float,
        default=1.0,
        help="Factor of all time budgets (a loaded runner).",
    )
    group.addoption(
        "--until-recovered",
        action="store_true",
        help="With -m watch: after a FAIL watch on until the inbox works again.",
    )
    group.addoption(
        UNSAFE_EVIDENCE, action="store_true", help="Keep traces and videos, with the passwords in them, in --output."
    )
    group.addoption(COMPARISON, metavar="CHECKS", default="", help=argparse.SUPPRESS)


def given(config: pytest.Config) -> list[str]:
    """Those with a value that are given, and `--without`, by name."""
    names = ["--without", *(name for name, _, _ in _WITH_A_VALUE)]
    return [name for name in names if getattr(config.option, name.strip("-").replace("-", "_"))]


def read(config: pytest.Config, given: argparse.Namespace) -> Options:
    """The options as values. `given`: those of `config`, or as far as they are known before conftest.py is loaded.

    Raises:
        pytest.UsageError: an option that only a run itself gives.
    """
    if given.comparison and os.environ.get(PARENT) != str(os.getppid()):
        raise pytest.UsageError(f"{COMPARISON} is for the runs that a run starts itself. Leave it out.")
    return Options(
        expression=given.markexpr,
        marks=marks_in(given.markexpr),
        root=config.rootpath,
        folder=config.invocation_params.dir,
        base_url=getattr(given, "base_url", None) or os.environ.get("PYTEST_BASE_URL"),
        runbook=given.runbook,
        reports=given.reports,
        without=tuple(given.without),
        session=given.session,
        logs=given.logs,
        baseline=given.baseline,
        deployed_at=given.deployed_at,
        watch=given.watch,
        until_recovered=given.until_recovered,
        record=given.record,
        target=given.target,
        phase=given.phase,
        comparison=tuple(filter(None, given.comparison.split(","))),
        budget_factor=given.budget_factor,
        recordings={name: getattr(given, name.strip("-"), "off") for name in ("--tracing", "--video", "--screenshot")},
        output=getattr(given, "output", "test-results"),
        unsafe_evidence=given.unsafe_evidence,
    )
