"""The command line: this checkout, with an earlier one as “before” if it is named.

python -m bench.house                    this checkout
python -m bench.house c82994d            before and after: an earlier revision, or the folder of a checkout
python -m bench.house c82994d --write    … and the table is kept in docs/architecture.md
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.house.code import read_code
from bench.house.documents import longest_finding, words_by_subject
from bench.house.startup import ROUNDS, install, measure
from bench.house.table import PAGE, House, keep, markdown, rows
from bench.runs import ROOT, RunError


@contextmanager
def checkout(wanted: str) -> Iterator[Path]:
    """The folder of a checkout: the one that is named, or a revision of this repository, unpacked for as long as it is needed.

    Raises:
        RunError: there is neither a folder nor a revision of this name.
    """
    if Path(wanted).is_dir():
        yield Path(wanted).resolve()
        return
    packed = subprocess.run(["git", "archive", wanted], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        raise RunError(f"bench: {wanted} is neither a folder nor a revision: {packed.stderr.decode().strip()}")
    with tempfile.TemporaryDirectory(prefix="house-") as folder:
        subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
        yield Path(folder)


def read_house(name: str, folder: Path) -> House:
    """Everything that can be counted in a checkout."""
    readme = (folder / "README.md").read_text("utf-8")
    return House(name, read_code(folder), len(readme.splitlines()), longest_finding(folder), words_by_subject(folder))


def compare(checkouts: Sequence[tuple[str, Path]], rounds: int) -> str:
    """Count and time them side by side; the table."""
    houses = [read_house(name, folder) for name, folder in checkouts]
    with tempfile.TemporaryDirectory(prefix="house-") as scratch:
        installed = [install(folder, Path(scratch, name), name) for name, folder in checkouts]
        project = Path(scratch, "another-project")
        project.mkdir()
        figures = rows(houses) | dict(measure(installed, project, rounds))
    return markdown([name for name, _ in checkouts], figures, houses)


def main() -> None:
    """Measure and print; keep the table where it is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.house", description="The shape of the project in figures.")
    parser.add_argument("earlier", nargs="?", help="an earlier revision, or the folder of a checkout, as “before”")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {PAGE}")
    asked = parser.parse_args()
    rounds = int(os.environ.get("N") or ROUNDS)
    try:
        if asked.earlier:
            with checkout(asked.earlier) as before:
                table = compare([("before", before), ("after", ROOT)], rounds)
        else:
            table = compare([("now", ROOT)], rounds)
    except RunError as error:
        sys.exit(str(error))
    print(table)
    if asked.write:
        keep(ROOT / PAGE, table)


if __name__ == "__main__":
    main()
