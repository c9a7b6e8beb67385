"""The command line: `python -m bench.logs`; N runs of each contender, GB the size of the bigger file."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench import figures
from bench.logs.contenders import ALONE, COUNTS, GREP, JQ, contenders
from bench.logs.export import Shape, write
from bench.logs.formats import ROWS, WRITERS
from bench.logs.measuring import Measured, measured
from bench.logs.page import PAGE, FileResult, page
from bench.results import turns
from bench.runs import RunError

_GB = 10**9
_FILES = (
    ("1 GB, 2 % of the requests fail, lines", 1, 0.02, False),
    ("1 GB, 2 % of the requests fail, one array", 1, 0.02, True),
    ("1 GB, 30 % of the requests fail, lines", 1, 0.30, False),
    ("{} GB, 2 % of the requests fail, lines", 0, 0.02, False),
)


def measure_file(title: str, file: Path, *, array: bool, runs: int, big: bool) -> FileResult:
    """All contenders, alternating; what is slow and known from the smaller file is left out with the bigger one."""
    left_out = {JQ, ALONE, COUNTS, GREP} if big else set()
    those = [one for one in contenders(file, array=array) if one.name not in left_out]
    results: dict[str, list[Measured]] = {one.name: [] for one in those}
    for one in turns(those, runs):
        results[one.name].append(measured(one.command))
        took = results[one.name][-1]
        print(f"bench: {title}: {one.name} {took.seconds:.2f} s, {took.memory / 1e6:.0f} MB, {took.failed}", flush=True)
    answers = {result.failed for one in those if one.counts_requests for result in results[one.name]}
    if len(answers) != 1:
        raise RunError(f"bench: {title}: the contenders found different numbers: {answers}")
    return FileResult(title, file.stat().st_size, array, results)


def measure_formats(directory: Path, runs: int) -> dict[str, list[Measured]]:
    """Ours on the same rows in each format, alternating.."""
    files: dict[str, Path] = {}
    for name, writer in WRITERS.items():
        files[name] = directory / f"{len(files)}.log"
        writer(files[name], ROWS)
    results: dict[str, list[Measured]] = {name: [] for name in files}
    for name in turns([*files], runs):
        results[name].append(measured((sys.executable, "-m", "bench.logs.ours", str(files[name]))))
        print(f"bench: {name}: {results[name][-1].seconds:.2f} s", flush=True)
    if len({one.failed for runs_of_one in results.values() for one in runs_of_one}) != 1:
        raise RunError("bench: the formats do not give the same number of failed requests")
    return results


def main() -> None:
    """Make the files, measure, write the page."""
    runs, big = int(os.environ.get("N") or 5), int(os.environ.get("GB") or 5)
    if shutil.which("jq") is None:
        sys.exit("bench: jq is missing. Install it: apt-get install jq, or brew install jq")
    results = []
    with tempfile.TemporaryDirectory(prefix="bench-logs-") as directory:
        free = shutil.disk_usage(directory).free
        if free < 2 * big * _GB:
            sys.exit(
                f"bench: {directory} has {free / _GB:.0f} GB free, {2 * big} GB are needed. Set TMPDIR, or a smaller GB=."
            )
        file = Path(directory) / "export.json"
        for title, size, failing, array in _FILES:
            write(file, (size or big) * _GB, Shape(failing), array=array)
            results.append(measure_file(title.format(big), file, array=array, runs=runs, big=size == 0))
        file.unlink()
        formats = measure_formats(Path(directory), runs)
    figures.write(PAGE, page(results, formats, contenders(Path("export.json"), array=False)))
    print(f"bench: written to {PAGE}")


if __name__ == "__main__":
    try:
        main()
    except RunError as error:
        sys.exit(str(error))
