"""A pytest plugin: tests with made-up examples come last, are the same each time, and do not look for the smallest failure."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings

settings.register_profile(
    "mutants", phases=[Phase.explicit, Phase.generate], database=None, deadline=None, derandomize=True
)


def pytest_sessionstart() -> None:
    """After the project's own profile, and before the tests are imported."""
    settings.load_profile("mutants")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One plain test that fails says as much, and sooner."""
    items.sort(key=lambda item: hasattr(getattr(item, "function", None), "hypothesis"))
