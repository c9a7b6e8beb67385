"""The parts of a run, as plugins of pytest that cannot be switched off."""

from __future__ import annotations

import pytest


def register(config: pytest.Config, plugin: object, name: str) -> None:
    """Register a part of ours.

    Raises:
        pytest.UsageError: it was switched off.
    """
    if config.pluginmanager.register(plugin, name) is None:
        raise pytest.UsageError(f"-p no:{name} switches off a part of the verification. Leave it out.")
