"""A command that waits for a run: a signal to it is one to the run, and the command reports how that ended."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from postdeploy.cli import child
from postdeploy.cli.child import Child

pytestmark = pytest.mark.processes
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
ENDS = "import signal, sys\nfor each in (1, 2, 15): signal.signal(each, lambda n, _: sys.exit(40 + n))\nprint(flush=True)\n"
STAYS = "import signal\nfor each in (1, 2, 15): signal.signal(each, signal.SIG_IGN)\n"


def ran(one: Child, program: str, number: int, after: float = 1.5) -> int:
    timer = threading.Timer(after, os.kill, (os.getpid(), number))
    timer.start()
    with one.signals_passed_on():
        code = one.run([sys.executable, "-c", program])
        timer.join()
    return code


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_one_to_the_child_which_ends_as_it_wants(number: signal.Signals) -> None:
    one = Child()
    assert (ran(one, f"{ENDS}while True: signal.pause()", number), one.stopped) == (40 + number, number)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_child_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 1.0)
    assert ran(Child(), f"{STAYS}while True: signal.pause()", signal.SIGTERM) == 2


def test_after_a_signal_none_is_started() -> None:
    one = Child()
    with one.signals_passed_on():
        signal.raise_signal(signal.SIGTERM)
        assert one.run([sys.executable, "-c", "raise SystemExit(0)"]) == 2


@pytest.mark.parametrize(
    ("program", "code"),
    [
        pytest.param("raise SystemExit(0)", 0, id="it passed"),
        pytest.param("raise SystemExit(1)", 1, id="it failed"),
        pytest.param("import os; os.kill(os.getpid(), 9)", 10, id="killed by another: nothing is proven"),
    ],
)
def test_without_a_signal_its_exit_code_counts(program: str, code: int) -> None:
    one = Child()
    with one.signals_passed_on():
        assert (one.run([sys.executable, "-c", program]), one.stopped) == (code, None)


def test_a_signal_that_the_caller_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        one = Child()
        with one.signals_passed_on():
            signal.raise_signal(signal.SIGHUP)
            assert (one.run([sys.executable, "-c", ""]), one.stopped) == (0, None)
    finally:
        signal.signal(signal.SIGHUP, before)
