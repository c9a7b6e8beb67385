"""The project's own tests in two processes: what needs the one sandbox there can be, and, under coverage, everything else.

The first would take a fifth longer under coverage, and what it covers the second covers as well: 95 % of the lines by itself.

Not by pytest-xdist: its groups (3.8) have no effect with pytest 9.2. Not by the shell: what it starts in the background
ignores Ctrl-C, which some tests send.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile

COVERED = ("-m", "coverage", "run")
LEFT_OUT = "faults or soak or chaos or warehouse or spark"


def main() -> int:
    """The worse exit code of the two. The arguments are pytest's; the second process is shown when the first has ended."""
    with (
        tempfile.TemporaryFile() as shown_later,
        subprocess.Popen(_tests("not sandbox", *COVERED), stdout=shown_later, stderr=subprocess.STDOUT) as others,
    ):
        code = subprocess.run(_tests("sandbox"), check=False).returncode
        code = max(code, others.wait())
        shown_later.seek(0)
        shutil.copyfileobj(shown_later, sys.stdout.buffer)
    return code


def _tests(which: str, *measured: str) -> list[str]:
    marks = f"{which} and not ({LEFT_OUT})"
    return [sys.executable, *measured, "-m", "pytest", "--durations=10", "-m", marks, *sys.argv[1:]]


if __name__ == "__main__":
    sys.exit(main())
