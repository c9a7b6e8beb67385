"""The only place that knows pytest: options, configuration, and the two plugins that a run consists of."""

from __future__ import annotations

import argparse
import atexit
import datetime as dt
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from postdeploy.model import UsageError
from postdeploy.plugin import incident_note, recovery
from postdeploy.plugin.controller import Controller
from postdeploy.plugin.drift import PinPart
from postdeploy.plugin.readiness import ReadinessPart
from postdeploy.plugin.recorder import Recorder
from postdeploy.plugin.recovery import RecoveryPart
from postdeploy.plugin.selection import (
    OURS,
    asks_for,
    function_of,
    is_ours,
    refuse_a_foreign_root,
    refuse_unknown_marks,
    refuse_unmarked_checks,
)
from postdeploy.plugin.stash import PROPERTY, RUN, is_worker, reports_of
from postdeploy.readiness import configured
from postdeploy.readiness.probing import ReadinessProbes
from postdeploy.record.places import open_record
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.writing import write
from postdeploy.run import log_options
from postdeploy.run.log_options import LogRequest
from postdeploy.run.run import Run
from postdeploy.run.session import read_session
from postdeploy.runbook.aliases import current_name, earlier_names
from postdeploy.runbook.environment import Environment, read_environment
from postdeploy.runbook.parts import left_out
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.system.store import Store
from postdeploy.target.address import parse_base_url
from postdeploy.target.preflight import Target
from postdeploy.verdict.recovery import SETTLED
from postdeploy.verdict.verdict import UNFINISHED

_BESIDE_THE_WINDOW = 90.0
"""Seconds that the log's watch needs besides: to find out when the window opened, and to read the last of it."""

__all__ = ["OURS", "RUN"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("postdeploy", "verification of a deployment (-m smoke)")
    group.addoption("--runbook", metavar="FILE", help="Overlay the folder's runbook.toml with FILE.")
    group.addoption("--reports", metavar="DIR", help="Where verdict and evidence are written (default: reports).")
    group.addoption(
        "--without", metavar="PART", action="append", default=[], help="Do not measure PART; the verdict says so."
    )
    group.addoption(
        "--session",
        metavar="FILE",
        help="Begin with this signed-in session (Playwright's storage state) instead of signing in a shared one.",
    )
    group.addoption(
        "--logs", metavar="SOURCE", help="Judge the runtime log, too: vercel, a file, 'a pattern', or - (piped in)."
    )
    group.addoption(
        "--baseline", metavar="SOURCE", help="Compare the log with this one, or with an earlier verdict.json."
    )
    group.addoption(
        "--deployed-at",
        metavar="TIME",
        help="When the deployment got production traffic (ISO), where nobody can be asked.",
    )
    group.addoption(
        "--record",
        metavar="WHERE",
        help="The verdicts of earlier runs, and of this one: a file, git:BRANCH, or a directory of verdict.json files (only read).",
    )
    group.addoption(
        "--target", metavar="ID", help="With -m rollback: what production went back to (default: by rollback.json)."
    )
    group.addoption("--trial", metavar="CHECKS", default="", help=argparse.SUPPRESS)  # what a run asks of a run
    group.addoption("--watch", metavar="DURATION", help="Wait until so much time has passed since the deploy: 10m.")
    group.addoption(
        "--budget-factor",
        metavar="FACTOR",
        type=float,
        default=1.0,
        help="Multiply all time budgets (a loaded runner).",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """An earlier verdict is replaced as soon as the options are known: whatever happens next, it is not this run's."""
    options = early_config.known_args_namespace
    if is_ours(options.markexpr) and not is_worker() and not (options.help or options.version or options.collectonly):
        directory = reports_of(early_config, options)
        now = dt.datetime.now(dt.UTC)
        facts = RunFacts(uuid.uuid4().hex, now, now, str(getattr(options, "base_url", None) or ""), None, 0)
        write(directory, UNFINISHED, facts, Redactor())
        incident_note.forget(directory, options.markexpr)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    smoke = config.rootpath / "smoke"
    inside = collection_path == smoke or smoke in collection_path.parents
    above = collection_path in smoke.parents
    if RUN in config.stash:
        return None if inside or above else True
    return True if inside else None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "means(cause, sentence): what it means when the check fails and nothing else explains it"
    )
    config.addinivalue_line("markers", "nightly: checks for the night, together with smoke: -m 'smoke or nightly'")
    for mark, meaning in zip(
        OURS, ("verify a deployment now", "watch its logs", "prove a rollback", "watch the canary"), strict=True
    ):
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    if config.option.help or config.option.version:
        return
    if not is_ours(config.option.markexpr):
        refuse_unmarked_checks(config)
        return
    try:
        refuse_a_foreign_root(config)
        refuse_unknown_marks(config)
        _configure_run(config)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def _configure_run(config: pytest.Config) -> None:
    option = config.option
    base_url = parse_base_url(option.base_url or os.environ.get("PYTEST_BASE_URL"))
    runbook = _runbook(option, config.rootpath)
    environment = read_environment(config.rootpath / ".env", shared=configured.shared_names(runbook))
    given = config.invocation_params.dir / option.session if option.session else None
    session = read_session(given, runbook, base_url) if given else None
    people = [person for workspace in runbook.workspace for person in workspace.people]
    redact = Redactor(environment.secrets)
    redact.learn_names(people)
    directory = _shared_directory(config)
    target = Target(base_url, runbook, environment.bypass)
    run = config.stash[RUN] = Run(runbook, environment, target, Store(directory), redact)
    run.only = tuple(current_name(name) for name in option.trial.split(",") if name)
    wanted = None if run.only else _wanted_log(run, option)
    _leave_out(run, option, wanted)
    _leave_out_what_is_not_tried(run)
    _prepare_readiness(config, run)
    recovers = recovery.is_asked_for(option.markexpr)
    logs = wanted if wanted and (SETTLED if recovers else "logs") not in run.left_out else None
    if logs:
        run.log_patience = (logs.watch or 0.0) + runbook.logs.arrival + _BESIDE_THE_WINDOW
    if config.args_source in (config.ArgsSource.TESTPATHS, config.ArgsSource.INVOCATION_DIR):
        config.args = [str(config.rootpath / "smoke")]
    config.args = ["::".join(map(current_name, argument.split("::"))) for argument in config.args]
    config.pluginmanager.unregister(name="hypothesispytest")  # where it is installed, it needs a second to say nothing
    option.tbstyle = "no"
    option.no_header = True
    option.reportchars = ""
    option.disable_warnings = True
    option.attach_capture = False
    option.strict_markers = False
    config.addinivalue_line("filterwarnings", "ignore")  # the tools' own; ours stand in the verdict
    option.allure_report_dir = option.allure_report_dir or str(reports_of(config, option) / "allure-results")
    if is_worker():
        return
    where = option.record or runbook.record.where
    earlier = open_record(where, config.invocation_params.dir) if where and not run.only else None
    if session:
        run.session.keep(session, given=True)
    option.clean_alluredir = True
    controller = Controller(config, directory, logs, earlier)
    config.pluginmanager.register(controller, "postdeploy-controller")
    if recovers:
        controller.recovery = RecoveryPart(config, run, controller)
        config.pluginmanager.register(controller.recovery, "postdeploy-recovery")


def _runbook(option: Any, folder: Path) -> Runbook:
    if not 0 < option.budget_factor <= 100:
        raise UsageError("--budget-factor must be more than 0 and at most 100.")
    runbook = read_runbook(folder, Path(option.runbook) if option.runbook else None)
    runbook = msgspec.structs.replace(runbook, budgets=runbook.budgets.times(option.budget_factor))
    if recovery.is_asked_for(option.markexpr):
        return recovery.prepared(runbook)
    if option.target:
        raise UsageError("--target says what production went back to: it belongs to -m rollback.")
    return runbook


def _leave_out(run: Run, option: Any, log: LogRequest | None) -> None:
    """The parts that are not measured, each with the reason."""
    missing = configured.unconfigured(run.runbook, run.environment)
    missing |= {} if log else {"logs": _no_log(run.environment)}
    run.left_out = left_out(run.runbook, option.without, missing)
    if recovery.is_asked_for(option.markexpr):
        run.left_out = recovery.left_out(run.runbook, run.left_out, log, run.environment)
    elif not asks_for(option.markexpr, "smoke"):
        for part in run.runbook.checks:
            if part != "logs":
                run.left_out.setdefault(part, f"not part of -m {option.markexpr}")


def _prepare_readiness(config: pytest.Config, run: Run) -> None:
    """What surrounds the inbox: once for what each check is made, and who asks."""
    folder = config.invocation_params.dir
    run.subjects = configured.subjects(run.runbook, run.environment, run.left_out, folder)
    run.probes = ReadinessProbes(run.runbook, run.environment, run.target, run.store, run.subjects, folder)
    names = configured.by_name_only(run.runbook)
    if names and "environment" not in run.left_out:
        run.left_out[f"values of {len(names)} variables"] = "by name only, see read_values in runbook.toml"
    config.pluginmanager.register(ReadinessPart(run), "postdeploy-readiness")
    config.pluginmanager.register(PinPart(run), "postdeploy-pin")


def _wanted_log(run: Run, option: Any) -> LogRequest | None:
    runbook = run.runbook
    if recovery.is_asked_for(option.markexpr):
        return recovery.wanted_log(runbook, option, run.environment)
    return log_options.wanted(runbook, option.logs, option.baseline, option.deployed_at, option.watch)


def _leave_out_what_is_not_tried(run: Run) -> None:
    if run.only:
        tried = {run.runbook.part_of(name) for name in run.only}
        run.left_out |= {part: "not part of the trial" for part in run.runbook.parts if part not in tried}


def _no_log(environment: Environment) -> str:
    """Why there is no log, and how to have one."""
    if environment.platform is None:
        return f"no --logs, and no {' and '.join(environment.platform_missing)}"
    return "add --logs=vercel"


def _shared_directory(config: pytest.Config) -> Path:
    given = getattr(config, "workerinput", {}).get(PROPERTY)
    if given:
        return Path(given)
    made = Path(tempfile.mkdtemp(prefix="postdeploy-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)  # it will hold the session, however the run ends
    return made


def pytest_sessionstart(session: pytest.Session) -> None:
    if RUN in session.config.stash:
        run = session.config.stash[RUN]
        recorder = Recorder(session.config, run)
        session.config.pluginmanager.register(recorder, "postdeploy-recorder")


def pytest_itemcollected(item: pytest.Item) -> None:
    """A check is selected by its earlier names, too (-k)."""
    if RUN in item.config.stash:
        item.extra_keyword_matches.update(earlier_names(function_of(item)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Checks run in the order of the runbook's parts: what others depend on comes first."""
    if RUN in config.stash:
        runbook = config.stash[RUN].runbook
        order = runbook.check_order
        items.sort(key=lambda item: order.get(function_of(item), len(order)))
        without = config.stash[RUN].left_out
        dropped = [item for item in items if runbook.part_of(function_of(item)) in without]
        if config.stash[RUN].only:
            dropped = list(_not_tried(items, config.stash[RUN]))
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = [item for item in items if item not in dropped]


_SIGN_IN = {"login", "own_session"}
"""What a check asks for that signs in by itself."""


def _not_tried(items: list[pytest.Item], run: Run) -> Iterator[pytest.Item]:
    """What a trial leaves out: other checks, and those that would sign in once more beside the shared session or each other."""
    chosen = [item for item in items if function_of(item) in run.only]
    alone = [item for item in chosen if _SIGN_IN.intersection(getattr(item, "fixturenames", ()))]
    dear = alone if len(alone) < len(chosen) else alone[1:]
    yield from (item for item in items if item not in chosen or item in dear)
