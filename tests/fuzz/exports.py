"""Looks for an export that reads differently by the block than row by row: `python -m tests.fuzz.exports -runs=1000000`.

Needs atheris (`pip install --group fuzz`). Options are libFuzzer's; a folder of inputs found before may follow them. The
first bytes of an input choose the sizes of ranges and blocks, the rest is the file.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["postdeploy.logs", "postdeploy.analysis.ingestion", "postdeploy.analysis.column_builder"]
):
    from postdeploy.analysis import ingestion
    from postdeploy.logs.format_reader import Format
    from postdeploy.logs.formats import UnknownFormatError
    from tests.fuzz.readings import by_the_block, row_by_row, scratch

from tests.fuzz.inputs import SETTINGS

_SEEDS = Path(__file__).parent / "seeds"
_FILE = scratch("export")


def one(data: bytes) -> None:
    """One input."""
    if len(data) <= SETTINGS:
        return
    content = data[SETTINGS:]
    try:
        expected, name = row_by_row([content])
    except UnknownFormatError:
        expected, name = (), None
    if data[0] % 2 or name is not Format.EXPORT:
        length = 8 + data[1] * 4
        pieces = [content[at : at + length] for at in range(0, len(content), length)]
        try:
            found, _ = row_by_row(pieces)
        except UnknownFormatError:
            found = ()
        assert found == expected, "the rows depend on the pieces"
        return
    _FILE.write_bytes(content)
    if ingestion._is_array(ingestion._head(_FILE)[0]) is not None:
        assert by_the_block(_FILE, 16 + data[1] * 8) == expected, "the rows depend on the way of reading"


def main() -> None:
    """Fuzz."""
    inputs = shutil.copytree(_SEEDS, _FILE.with_name("seeds"))  # libFuzzer keeps there what it finds
    atheris.Setup([*sys.argv, str(inputs)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
