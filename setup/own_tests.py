"""The project's own tests under coverage: first what needs no sandbox, then what does, in two processes each (pytest-xdist).

Two, because a healthy run uses less than one core, and more would make the pages of two cores late. The tests of one file share
a sandbox, so a file stays in one process; each process has a sandbox of its own (tests/conftest.py).
"""

from __future__ import annotations

import signal
import subprocess
import sys

LEFT_OUT = "faults or soak or chaos or warehouse or spark"


def main() -> int:
    """The worse exit code of the two. The arguments are pytest's."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that started this in the background ignores it
    return max(_run("not sandbox", "worksteal"), _run("sandbox", "loadfile"))


def _run(which: str, distribution: str) -> int:
    marks = f"{which} and not ({LEFT_OUT})"
    command = [
        "coverage",
        "run",
        "-m",
        "pytest",
        "-q",
        "-n",
        "2",
        f"--dist={distribution}",
        "--durations=10",
        "-m",
        marks,
    ]
    return subprocess.run([sys.executable, "-m", *command, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
