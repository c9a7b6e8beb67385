"""The fixtures of the checks, in a run of them."""

import pytest

from postdeploy.plugin.stash import PLAN

FIXTURES = (
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
    "fixtures.recovery",
    "fixtures.admin_page",
    "fixtures.canary",
    "fixtures.journeys",
)


def pytest_configure(config: pytest.Config) -> None:
    if PLAN in config.stash:
        for name in FIXTURES:
            config.pluginmanager.import_plugin(name)
