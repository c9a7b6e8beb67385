"""Java, for `make spark`: silent where there is one that is new enough; on Debian as root by apt; otherwise the cure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

_OLDEST = 17
_PACKAGE = "default-jre-headless"
_SECONDS = 600
_VERSION = re.compile(r'version "(\d+)')
_CURE = f"""\
java: Spark needs Java {_OLDEST} or newer. Do one of these, then try again:
java:   Debian or Ubuntu:     sudo apt-get install {_PACKAGE}
java:   macOS:                brew install openjdk@{_OLDEST}, and what it says about JAVA_HOME
java:   installed elsewhere:  export JAVA_HOME=/path/to/it"""


def main() -> int:
    """0 when there is one."""
    if _version() >= _OLDEST:
        return 0
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"java: installing Debian's {_PACKAGE} with apt", flush=True)
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", _PACKAGE]):
            _run(command)
    if _version() >= _OLDEST:
        return 0
    print(_CURE, file=sys.stderr)
    return 1


def _version() -> int:
    """As Spark finds it; 0: there is none."""
    home = os.environ.get("JAVA_HOME")
    said = _run([f"{home}/bin/java" if home else "java", "-version"])
    found = _VERSION.search(said)
    return int(found[1]) if found else 0


def _run(command: list[str]) -> str:
    """What it printed."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
