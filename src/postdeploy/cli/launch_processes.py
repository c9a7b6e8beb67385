"""The child processes of a launch: one of the existing commands each. A signal to the launch is one to its child."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from postdeploy.cli.child import signals_handled

ACTING = "VERCEL_ROLLBACK_TOKEN"
_LOOK = 1.0
_PROGRAM = "from postdeploy.cli.main import main; main()"


class Processes:
    """Starts commands one after the other. `look` is called about every second while one of them runs."""

    def __init__(self, environ: Mapping[str, str], look: Callable[[], None]) -> None:
        self._acting = dict(environ)
        self._measuring = {name: value for name, value in environ.items() if name != ACTING}
        self._look = look
        self._child: subprocess.Popen[bytes] | None = None
        self.stopped = False
        """Whether a signal came: the launch ends after the child."""

    def run(self, *command: str, acting: bool = False) -> int:
        """The exit code. `acting`: it gets the token that acts; no other command does."""
        with self._started(command, acting=acting) as child:
            while True:
                try:
                    return child.wait(_LOOK)
                except subprocess.TimeoutExpired:
                    self._look()

    def read(self, *command: str) -> tuple[int, bytes]:
        """The exit code and what it prints."""
        with self._started(command, output=subprocess.PIPE) as child:
            output, _ = child.communicate()
            return child.returncode, output

    @contextmanager
    def _started(
        self, command: Sequence[str], *, acting: bool = False, output: int | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        sys.stdout.flush()
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, *command],
            env=self._acting if acting else self._measuring,
            stdout=output,
            process_group=0,  # a terminal's Ctrl-C reaches the child once, through us
        )
        try:
            yield self._child
        finally:
            self._child = None

    def signals_passed_on(self) -> AbstractContextManager[None]:
        """Within: Ctrl-C, SIGTERM and SIGHUP end the child, which writes what it knows; without a child they raise KeyboardInterrupt."""
        return signals_handled(self._pass_on)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.stopped = True
        if self._child is None:
            raise KeyboardInterrupt
        self._child.send_signal(number)
