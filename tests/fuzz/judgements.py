"""Looks for bytes that are judged otherwise as a file than piped in, or that end in our own error: `python -m tests.fuzz.judgements`.

Any format, whole: read, counted, judged, written. Needs atheris (`pip install --group fuzz`), as `tests.fuzz.exports` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["postdeploy.logs", "postdeploy.analysis"]):
    from tests.fuzz.exits import MOST, both_ways
    from tests.fuzz.readings import scratch

from tests.fuzz.inputs import SETTINGS

_SEEDS = Path(__file__).parent / "seeds"
_FILE = scratch("log")


def one(data: bytes) -> None:
    """One input."""
    if not data or len(data) > MOST:
        return
    as_file, as_pipe = both_ways(data, _FILE)
    assert as_file == as_pipe, f"as a file {as_file[:200]!r}, piped in {as_pipe[:200]!r}"


def main() -> None:
    """Fuzz."""
    inputs = _FILE.with_name("seeds")
    inputs.mkdir()
    for seed in _SEEDS.iterdir():
        (inputs / seed.name).write_bytes(seed.read_bytes()[SETTINGS:])
    atheris.Setup([*sys.argv, str(inputs)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
