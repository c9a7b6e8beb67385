"""The project's own tests under coverage, in two processes: what needs the one sandbox there can be, and everything else.

Not by pytest-xdist: its groups (3.8) have no effect with pytest 9.2. Not by the shell: what it starts in the background
ignores Ctrl-C, which some tests send.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile

LEFT_OUT = "faults or soak or chaos or warehouse or spark"


def main() -> int:
    """The worse exit code of the two. The arguments are pytest's; the second process is shown when the first has ended."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that started this in the background ignores it
    with (
        tempfile.TemporaryFile() as shown_later,
        subprocess.Popen(_tests("not sandbox"), stdout=shown_later, stderr=subprocess.STDOUT) as others,
    ):
        code = subprocess.run(_tests("sandbox"), check=False).returncode
        code = max(code, others.wait())
        shown_later.seek(0)
        shutil.copyfileobj(shown_later, sys.stdout.buffer)
    return code


def _tests(which: str) -> list[str]:
    marks = f"{which} and not ({LEFT_OUT})"
    return [sys.executable, "-m", "coverage", "run", "-m", "pytest", "--durations=10", "-m", marks, *sys.argv[1:]]


if __name__ == "__main__":
    sys.exit(main())
