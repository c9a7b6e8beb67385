"""Rows come in pieces, in any order, and a request's may be in several: the ledger is the same as if they came at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.entry import LogEntry
from postdeploy.runbook.reading import read_runbook
from tests.analysis.diluted_logs import ERROR, READS, spread
from tests.logs.rows import TODAY, rows, throws

READER = SignalReader(read_runbook(), TODAY)
TRAFFIC = [
    *READS,
    *spread(60, 200, "POST", "/"),
    *spread(30, 500, "POST", "/", ERROR),
    *(throws(word, 40) for word in "ABC"),
]


def tallied(*pieces: Sequence[LogEntry]) -> Tally:
    """The ledger is put in order after each piece."""
    ledger = Ledger()
    for piece in pieces:
        for entry in piece:
            ledger.add(entry, READER.read(entry))
        ledger = ledger.copy()
    return ledger.tally()


def same(one: Tally, other: Tally) -> bool:
    sums = ("inside", "served", "admitted", "succeeded")
    return (
        one == other
        and np.array_equal(np.sort(one.at), np.sort(other.at))
        and all(getattr(one, name).sum() == getattr(other, name).sum() for name in sums)
    )


@pytest.mark.parametrize("seed", range(20))
def test_pieces_in_any_order_are_one_log(seed: int) -> None:
    chance, given = np.random.default_rng(seed), rows(TRAFFIC)
    twice = chance.integers(0, len(given), 50).tolist()
    mixed = [given[at] for at in chance.permutation([*range(len(given)), *twice]).tolist()]
    cuts = sorted(chance.integers(0, len(mixed), 6).tolist())
    pieces = [mixed[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]
    assert same(tallied(*pieces), tallied(given))


def test_the_earliest_time_of_rows_that_are_repeated_counts() -> None:
    [*early] = rows([throws("A", 40)])
    late = [msgspec.structs.replace(one, at=one.at + 5000) for one in early]
    assert tallied(late, early).at.tolist() == tallied(early, late).at.tolist() == tallied(early).at.tolist()


def test_a_request_that_goes_on_is_one() -> None:
    [*whole] = rows([throws("A", 40)])
    pieces = [[one] for one in whole]
    assert tallied(*pieces).requests == tallied(*pieces[::-1]).requests == 1
    assert len(tallied(*pieces).incidents) == len(tallied(whole).incidents)
