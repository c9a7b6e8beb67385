"""Writes requirements/*.txt: every package with its hashes, for every platform and Python that is supported.

run.txt    what a gate needs: it keeps Allure's results, and builds no Allure report
dev.txt    all of it: the sandbox, the tests, the tools
fuzz.txt   what tests/fuzz needs besides; not every platform has it, so it is installed by hand
warehouse.txt what `make warehouse` needs besides, and installs
spark.txt  what `make spark` needs besides, and installs
mutants.txt what `make mutants` needs besides, and installs
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent
_GROUPS = {
    "run": ("install",),
    "dev": ("dev",),
    "fuzz": ("fuzz",),
    "warehouse": ("warehouse",),
    "spark": ("spark",),
    "mutants": ("mutants",),
}

_BESIDE = {"warehouse": "dev", "spark": "dev"}
"""What a lock is installed on top of, if not on top of what a gate needs."""


def lock(name: str, arguments: list[str]) -> None:
    """Resolve one file anew, as close to its last state as what it needs allows (`--upgrade`: the newest)."""
    command = [
        str(Path(sys.executable).with_name("uv")),
        "pip",
        "compile",
        "pyproject.toml",
        "--system-certs",
        "--universal",
        "--python-version=3.11",
        "--generate-hashes",
        "--no-emit-index-url",
        "--no-annotate",
        "--custom-compile-command=make lock",
        "--quiet",
        *([] if name == "run" else ["--extra=report"]),
        *(f"--group={group}" for group in _GROUPS[name]),
        f"--output-file=requirements/{name}.txt",
        *([] if name == "run" else [f"--constraint=requirements/{_BESIDE.get(name, 'run')}.txt"]),
        *arguments,
    ]
    subprocess.run(command, cwd=_PROJECT, check=True)


for each in _GROUPS:
    lock(each, sys.argv[1:])
