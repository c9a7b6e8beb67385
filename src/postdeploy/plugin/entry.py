"""The hooks of every pytest run. One that is not ours loads this file and nothing else of us, and knows none of our options."""

from __future__ import annotations

import pytest

INI = "postdeploy"
"""The key of pytest's configuration that makes a project ours."""
PYPROJECT = "pyproject.toml"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Options and marks of other plugins could collide with ours: they are registered only in a project of ours."""
    parser.addini(
        INI, "Whether the checks of this project verify deployments (pytest -m smoke).", "bool", default=False
    )
    for name in (
        INI,
        __name__,
    ):  # -p and PYTEST_PLUGINS may name what is installed anyway: twice, pytest ends with a traceback
        if pluginmanager.get_plugin(name) is None:
            pluginmanager.set_blocked(name)
    config = pluginmanager.get_plugin("pytestconfig")
    if config is None:
        return
    if config.getini(INI):
        from postdeploy.plugin import project

        if pluginmanager.register(project, "postdeploy-project") is None:
            project.refuse_without(config)
    elif config.inipath and config.inipath != config.rootpath / PYPROJECT and (config.rootpath / PYPROJECT).exists():
        from postdeploy.plugin import foreign_root

        foreign_root.refuse_another_file(config, INI)
    elif config.invocation_params.dir not in (config.rootpath, *config.rootpath.parents):
        from postdeploy.plugin import foreign_root

        foreign_root.refuse_ours(config.invocation_params.dir, config.rootpath, INI)
