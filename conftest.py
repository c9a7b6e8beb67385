"""The fixtures of the checks, in a run of them."""

import pytest

from postdeploy.plugin.selection import marks_in
from postdeploy.plugin.stash import PLAN

FIXTURES = {
    "canary": ("fixtures.admin_page", "fixtures.canary"),
    "rollback": ("fixtures.recovery",),
    "watch": ("fixtures.journeys",),
    "": (
        "fixtures.deployment",
        "fixtures.browser",
        "fixtures.login",
        "fixtures.session",
        "fixtures.inbox",
        "fixtures.unopened_lists",
        "fixtures.shorter_list",
        "fixtures.production",
        "fixtures.environment",
        "fixtures.probes",
        "fixtures.event",
        "fixtures.log",
    ),
}


def pytest_configure(config: pytest.Config) -> None:
    if PLAN in config.stash:
        for mark in ("", *sorted(marks_in(config.option.markexpr))):
            for name in FIXTURES.get(mark, ()):
                config.pluginmanager.import_plugin(name)
