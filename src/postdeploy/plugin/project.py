"""The hooks of every pytest run in a project of ours: options, marks, which files are collected, and whether it verifies a deployment."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from postdeploy.plugin import options, streams
from postdeploy.plugin.selection import (
    MARKS,
    belongs_to_another_run,
    marks_in,
    nothing_of_ours,
    refuse_unknown_marks,
    refuse_unmarked_checks,
)
from postdeploy.plugin.stash import CHECKS, CLAIM, PLAN, RUN, is_worker
from postdeploy.system.suite import checks_of


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """The options; and the streams, before pytest captures them. A run that is asked to verify claims its folder at once."""
    options.add(parser)
    streams.keep()
    config = pluginmanager.get_plugin("pytestconfig")
    marks = marks_in(config.known_args_namespace.markexpr) if config else frozenset()
    if config is None or not marks:
        return
    if is_worker():
        from postdeploy.plugin.interruption import end_with

        end_with(os.getppid())
        return
    from postdeploy.plugin import loading
    from postdeploy.plugin.claim import claimed

    made = config.stash[CLAIM] = claimed(config, marks)
    if made:
        loading.begin(config, made)
    if made and made.refused and not made.shows:
        from postdeploy.plugin.ending import refuse

        refuse(made.refused)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, int | None, int | None]:
    """A run that is asked to verify ends by its verdict alone."""
    claim = config.stash.get(CLAIM, None)
    if claim is None:
        return (yield)
    from postdeploy.plugin.ending import guarded

    return (yield from guarded(config, claim))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A run of ours imports the checks with its marks and nothing else, any other none of them."""
    checks = config.stash[CHECKS]
    inside = collection_path == checks or checks in collection_path.parents
    above = collection_path in checks.parents
    if PLAN in config.stash:
        if not inside:
            return None if above else True
        marks = marks_in(config.option.markexpr)
        return (collection_path.suffix == ".py" and belongs_to_another_run(collection_path, marks)) or None
    return True if inside else None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin to verify, if that is what the run is for."""
    config.addinivalue_line("markers", "means(cause, sentence): cause of a failure that nothing else explains")
    config.addinivalue_line("markers", "nightly: checks for the night, together with smoke: -m 'smoke or nightly'")
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")
    config.stash[CHECKS] = checks_of(config.rootpath)
    if config.option.help or config.option.version > 1:
        return
    if not marks_in(config.option.markexpr):
        refuse_unmarked_checks(config, config.stash[CHECKS])
        _refuse_nothing_of_ours(config)
        return
    refuse_unknown_marks(config)
    from postdeploy.plugin import verification

    verification.begin(config)


def _refuse_nothing_of_ours(config: pytest.Config) -> None:
    """A call that is about verifying, whose `-m` selects none of the checks: other tests would pass in their place."""
    why = None if is_worker() else nothing_of_ours(config, options.given(config))
    if why:
        from postdeploy.plugin.claim import set_aside

        set_aside(config, frozenset({"smoke"}))
        raise pytest.UsageError(
            f"smoke: {why}, so nothing would be verified. Use: pytest -m smoke --base-url=https://…"
        )


def refuse_without(config: pytest.Config) -> None:
    """These hooks themselves are switched off.

    Raises:
        pytest.UsageError: always; where the run is asked to verify, an earlier verdict is set aside.
    """
    marks = marks_in(config.known_args_namespace.markexpr)
    if marks:
        from postdeploy.plugin.claim import set_aside

        set_aside(config, marks)
    raise pytest.UsageError("-p no:postdeploy-project switches off a part of the verification. Leave it out.")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Allure has been configured: from now on its results can be labelled."""
    run = session.config.stash.get(RUN, None)
    if run:
        from postdeploy.plugin.recorder import Recorder
        from postdeploy.plugin.registration import register

        register(session.config, Recorder(session.config, run), "postdeploy-recorder")
