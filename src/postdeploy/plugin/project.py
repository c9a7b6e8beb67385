"""The hooks of every pytest run in a project of ours: options, marks, which files are collected, and whether it verifies a deployment."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.plugin import options, streams
from postdeploy.plugin.selection import MARKS, marks_in, refuse_unknown_marks, refuse_unmarked_checks
from postdeploy.plugin.stash import CHECKS, PLAN, RUN, is_worker
from postdeploy.system.suite import checks_of


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; and the streams, before pytest captures them."""
    options.add(parser)
    streams.keep()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """An earlier verdict is replaced as soon as the options are known: whatever happens next, it is not this run's."""
    given = early_config.known_args_namespace
    if not marks_in(given.markexpr) or is_worker() or given.help or given.version or given.collectonly:
        return
    from postdeploy.plugin import unfinished

    unfinished.replace_verdict(options.read(early_config, given))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of ours imports the checks and nothing else, any other none of them."""
    checks = config.stash[CHECKS]
    inside = collection_path == checks or checks in collection_path.parents
    above = collection_path in checks.parents
    if PLAN in config.stash:
        return None if inside or above else True
    return True if inside else None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin to verify, if that is what the run is for."""
    config.addinivalue_line("markers", "means(cause, sentence): cause of a failure that nothing else explains")
    config.addinivalue_line("markers", "nightly: checks for the night, together with smoke: -m 'smoke or nightly'")
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    config.stash[CHECKS] = checks_of(config.rootpath)
    if config.option.help or config.option.version:
        return
    if not marks_in(config.option.markexpr):
        refuse_unmarked_checks(config, config.stash[CHECKS])
        return
    refuse_unknown_marks(config)
    from postdeploy.plugin import verification

    verification.begin(config)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Allure has been configured: from now on its results can be labelled."""
    run = session.config.stash.get(RUN, None)
    if run:
        from postdeploy.plugin.recorder import Recorder

        session.config.pluginmanager.register(Recorder(session.config, run), "postdeploy-recorder")
