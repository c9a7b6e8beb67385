"""Many small logs of all formats are read alike whichever way they come: `make fuzz` tries as many as there is time for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from postdeploy.logs import rows
from tests.fuzz.steady import Fuzzing


def test_no_input_is_read_or_judged_otherwise_in_another_way() -> None:
    fuzzing = Fuzzing(seed=1)
    assert [wrong for _, wrong in (fuzzing.next() for _ in range(400)) if wrong] == []
    assert len(fuzzing.counts) == len({"unknown", "counted", "judged", "by the block", *range(6)})


def test_a_reader_that_loses_what_a_piece_cuts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows.RowSplitter.feed

    def forgetful(splitter: rows.RowSplitter, data: bytes, *, last: bool = False) -> Iterator[bytes | rows.BrokenRow]:
        yield from whole(splitter, data, last=last)
        splitter._rest = b""

    monkeypatch.setattr(rows.RowSplitter, "feed", forgetful)
    fuzzing = Fuzzing(seed=1)
    assert any(wrong for _, wrong in (fuzzing.next() for _ in range(400)))
