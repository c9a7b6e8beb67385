"""A plugin for one test: closing never ends, as with a browser that a page keeps busy."""

import threading

import pytest


@pytest.hookimpl
def pytest_sessionfinish() -> None:
    threading.Event().wait()
