"""Looks for logs that read otherwise in pieces or by the block, or are judged otherwise piped in: `python -m tests.fuzz.steady`.

Needs nothing but Python, and the same seed gives the same inputs. Each is read whole and in pieces, with the same rows: a verdict is a
function of them. Every eighth is also read by the block, every hundredth judged to its end, as a file and piped in: exit code and
report must be the same bytes.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from postdeploy.analysis import ingestion
from postdeploy.logs.format_reader import Format
from postdeploy.logs.formats import UnknownFormatError
from tests.fuzz.exits import MOST, both_ways
from tests.fuzz.inputs import Inputs
from tests.fuzz.readings import by_the_block, decoded, row_by_row, scratch

_COUNTED_EVERY, _JUDGED_EVERY = 8, 100
_MOST_FOUND = 20
_MOST_PIECES = 64
_TOLD_EVERY = 50_000


class Fuzzing:
    """Inputs of one seed, each tried."""

    def __init__(self, seed: int) -> None:
        self.tried = 0
        self._seed = seed
        self.counts: Counter[str] = Counter()
        """How many inputs were of a format, were read by the block, were judged."""
        self._inputs, self._random = Inputs(seed), random.Random(seed)  # noqa: S311 - nothing secret
        self._file = scratch("log")

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {count:,}" for name, count in self.counts.most_common())
        return f"seed {self._seed}: {self.tried:,} inputs ({counts})"

    def next(self) -> tuple[bytes, str]:
        """One more input, and what is wrong with how it is read; empty: nothing."""
        data = self._inputs.next()
        self.tried += 1
        try:
            self._try(data)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            return data, f"{type(error).__name__}: {error}"[:500]
        return data, ""

    def _try(self, data: bytes) -> None:
        news, name = decoded([data])
        self.counts[name.name if name else "unknown"] += 1
        length = max(self._random.randint(1, len(data) or 1), len(data) // _MOST_PIECES)
        pieces = [data[at : at + length] for at in range(0, len(data), length)]
        assert decoded(pieces)[0] == news, f"other in pieces of {length}"
        if self.tried % _COUNTED_EVERY == 0:
            self._count(data, name)
        if self.tried % _JUDGED_EVERY == 0 and 0 < len(data) <= MOST:
            self.counts["judged"] += 1
            as_file, as_pipe = both_ways(data, self._file)
            assert as_file == as_pipe, f"as a file {as_file[:200]!r}, piped in {as_pipe[:200]!r}"

    def _count(self, data: bytes, name: Format | None) -> None:
        self.counts["counted"] += 1
        try:
            whole, _ = row_by_row([data])
        except UnknownFormatError:
            return
        if name in (Format.EXPORT, Format.EXPORT_CSV, Format.DRAIN):
            self._file.write_bytes(data)
            if name is not Format.EXPORT or ingestion._is_array(ingestion._head(self._file)[0]) is not None:
                self.counts["by the block"] += 1
                assert by_the_block(self._file, self._random.randint(16, 2000), name) == whole, "other by the block"


def main() -> int:
    """Fuzz for so many seconds; what is found is written to a folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--found", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-found")
    given = options.parse_args()
    fuzzing, began, found = Fuzzing(given.seed), time.monotonic(), 0
    gc.freeze()  # nothing that is loaded by now is garbage, and looking through it costs a tenth of the time
    while time.monotonic() - began < given.seconds and found < _MOST_FOUND:
        data, wrong = fuzzing.next()
        if wrong:
            found += 1
            given.found.mkdir(parents=True, exist_ok=True)
            (given.found / f"{given.seed}-{fuzzing.tried}").write_bytes(data)
            print(f"seed {given.seed}, input {fuzzing.tried}: {wrong}", flush=True)
        if fuzzing.tried % _TOLD_EVERY == 0:
            print(fuzzing, flush=True)
    print(f"{fuzzing} in {time.monotonic() - began:.0f} s, {found} found", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
