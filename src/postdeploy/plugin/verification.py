"""A run that verifies a deployment, from its options to the hooks that carry it out."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

import pytest

from postdeploy.model import UsageError
from postdeploy.plugin import driver, options
from postdeploy.plugin.collection import Collection
from postdeploy.plugin.emptied_folders import refuse_foreign_files
from postdeploy.plugin.loading import load
from postdeploy.plugin.registration import register
from postdeploy.plugin.selection import refuse_other_tests, refuse_unknown_checks
from postdeploy.plugin.stash import CHECKS, CLAIM, PLAN, PROPERTY, RUN, is_worker
from postdeploy.run.plan import Plan, resolve
from postdeploy.runbook.aliases import current_name
from postdeploy.system.exit_codes import ExitCode
from postdeploy.system.suite import SMOKE


def begin(config: pytest.Config) -> None:
    """Resolve the plan, and register the hooks that carry it out.

    Raises:
        pytest.UsageError: an option, runbook.toml or .env is malformed, or options contradict each other.
    """
    if not __debug__:
        raise pytest.UsageError(
            "python -O (PYTHONOPTIMIZE) removes assertions, so no check could fail. Run without it."
        )
    try:
        plan = config.stash[PLAN] = resolve(options.read(config, config.option))
        register(config, Collection(plan), "postdeploy-collection")
        _settle_options(config, plan)
        if config.args == [str(config.stash[CHECKS])] and not plan.only:
            refuse_unknown_checks(plan.required, config.stash[CHECKS])
        if not config.option.collectonly:
            _start(config, plan)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    except OSError as error:
        what = f"our own error before the run began: {error}. Make room, or give a folder that can be written: "
        what += "--reports=DIR, --alluredir=DIR, TMPDIR"
        pytest.exit(f"smoke: {what}", returncode=ExitCode.INCONCLUSIVE)


def _start(config: pytest.Config, plan: Plan) -> None:
    if is_worker() or not getattr(config.option, "numprocesses", None):
        driver.start_while_loading(config, load)
    else:
        load()
    from postdeploy.plugin.last_request import LastRequest
    from postdeploy.plugin.pin_guard import PinGuard
    from postdeploy.plugin.probing import Probing
    from postdeploy.run.run import Run

    directory = _shared_directory(config)
    run = config.stash[RUN] = Run(plan, directory)
    register(config, Probing(run), "postdeploy-probing")
    register(config, PinGuard(run), "postdeploy-pin")
    register(config, LastRequest(run), "postdeploy-last-request")
    claim = config.stash.get(CLAIM, None)
    if claim:
        from postdeploy.plugin.controller import Controller
        from postdeploy.plugin.workers import Workers

        register(config, Workers(directory), "postdeploy-workers")
        register(config, Controller(config, run, claim), "postdeploy-controller")


def _settle_options(config: pytest.Config, plan: Plan) -> None:
    """Pytest's own options as such a run needs them: it prints one verdict, and nothing of its own."""
    if config.args_source in (config.ArgsSource.TESTPATHS, config.ArgsSource.INVOCATION_DIR):
        config.args = [str(config.stash[CHECKS])]
    config.args = [_named(config, argument) for argument in config.args]
    refuse_other_tests(config, config.stash[CHECKS])
    if not config.pluginmanager.hasplugin("allure_pytest"):
        raise pytest.UsageError("-p no:allure_pytest switches off what the evidence is kept with. Leave it out.")
    output = Path(getattr(config.option, "output", None) or "test-results").absolute()
    if plan.reports.absolute().is_relative_to(output):
        raise pytest.UsageError(
            f"--output={output} is emptied by pytest-playwright, and the reports are there. Give another."
        )
    refuse_foreign_files("--output", output, deep=True)
    config.pluginmanager.unregister(name="hypothesispytest")  # where it is installed, it needs a second to say nothing
    config.pluginmanager.unregister(
        name="timeout"
    )  # pytest-timeout ends the process with 1; a run has budgets of its own
    option = config.option
    option.tbstyle = "no"
    option.no_header = True
    option.reportchars = ""
    option.disable_warnings = True
    option.attach_capture = False
    option.strict_markers = False
    option.allure_report_dir = option.allure_report_dir or str(plan.reports / "allure-results")
    refuse_foreign_files("--alluredir", Path(option.allure_report_dir), deep=False)
    Path(option.allure_report_dir).mkdir(parents=True, exist_ok=True)  # Allure itself would end with a traceback
    option.clean_alluredir = option.clean_alluredir if is_worker() else True
    config.addinivalue_line("filterwarnings", "ignore")  # the tools' own; ours stand in the verdict


def _named(config: pytest.Config, argument: str) -> str:
    """A check by its current name; `smoke/…` is the suite's, wherever that is installed."""
    path, *names = argument.split("::")
    first, *below = Path(path).parts or ("",)
    if first == SMOKE and not (config.invocation_params.dir / path).exists():
        path = str(config.stash[CHECKS].joinpath(*below))
    return "::".join([path, *map(current_name, names)])


def _shared_directory(config: pytest.Config) -> Path:
    given = getattr(config, "workerinput", {}).get(PROPERTY)
    if given:
        return Path(given)
    made = Path(tempfile.mkdtemp(prefix="postdeploy-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)  # it will hold the session, however the run ends
    return made
