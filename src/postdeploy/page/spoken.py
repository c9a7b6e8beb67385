"""What the app says in the errors that it shows or answers with, read by the runbook's signals as log lines are.

What people write to each other is not among the texts.
"""

from __future__ import annotations

from collections.abc import Iterable

from postdeploy.page.sight import Sight


def texts_of(sight: Sight, signal: str) -> list[str]:
    """The texts that mean this signal of runbook.toml."""
    return [text for text in sight.texts if _means(text, sight, signal)]


def _means(text: str, sight: Sight, name: str) -> bool:
    signal = sight.runbook.signals[name]
    of_the_service = signal.service and _any(sight.runbook.services[signal.service], text)
    found = _any(signal.any, text) or (of_the_service and _any(signal.shared, text))
    return bool(found) and not _any(signal.unless, text)


def _any(patterns: Iterable[str], text: str) -> bool:
    import re2  # noqa: PLC0415 - only a run that fails pays for it

    return any(re2.search(each, text) for each in patterns)
