"""What a run needs besides the packages, side by side: a browser and, where BASE_URL names no deployment, a sandbox.

Not by the shell: what it starts in the background ignores Ctrl-C.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_BROWSER = Path(__file__).with_name("browser.py")


def main() -> int:
    """The worse exit code of the two."""
    steps = [[str(_BROWSER)], *([] if os.environ.get("BASE_URL") else [["-m", "sandbox", "prepare"]])]
    running = [subprocess.Popen([sys.executable, *step]) for step in steps]
    try:
        return max(each.wait() for each in running)
    except KeyboardInterrupt:  # it reached them, too
        for each in running:
            each.wait()
        return 130


if __name__ == "__main__":
    sys.exit(main())
