"""Answers without an app."""

from __future__ import annotations

from collections.abc import Callable

from postdeploy.page.journal import Exchange, Kind
from postdeploy.readiness.prober import Probe, Reply

Answers = Callable[[Probe], "tuple[int | None, str | None]"]
"""Probe → status and the text of its JSON error."""


def reply(probe: Probe, status: int | None, error: str | None = None, **more: object) -> Reply:
    path = probe.path.partition("?")[0]
    failure = None if status else "no answer in time"
    exchange = Exchange(Kind.OTHER, probe.method, path, 0.0, 1.0, status, error=error, failure=failure, **more)  # type: ignore[arg-type]
    return Reply(probe.tries, exchange, json=error is not None)


class App:
    """Answers each probe, and remembers it."""

    def __init__(self, answers: Answers) -> None:
        self.asked: list[Probe] = []
        self._answers = answers

    def __call__(self, probe: Probe) -> Reply:
        self.asked.append(probe)
        return reply(probe, *self._answers(probe))

    @property
    def paths(self) -> list[str]:
        return list(dict.fromkeys(probe.path for probe in self.asked))
