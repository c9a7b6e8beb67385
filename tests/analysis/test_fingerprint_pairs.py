"""Same trouble or not: more than 400 labelled pairs of messages, half of them held out."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from postdeploy.analysis.fingerprint import words

TROUBLES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "fingerprint_pairs.toml").read_text(encoding="utf-8")
)["trouble"]


class Pair(NamedTuple):
    """Two messages, and whether they are of one trouble."""

    one: str
    other: str
    is_same: bool
    library: str


def pairs(*, held_out: bool) -> list[Pair]:
    found = []
    for trouble in TROUBLES:
        if trouble["held_out"] is held_out:
            same, library = trouble["same"], trouble["library"]
            found += [Pair(*two, True, library) for two in itertools.combinations(same, 2)]
            found += [Pair(*two, False, library) for two in itertools.product(same, trouble["other"])]
            found += [Pair(*two, False, library) for two in itertools.combinations(trouble["other"], 2)]
    return found


@pytest.mark.parametrize("held_out", [False, True], ids=["looked at", "held out"])
def test_precision_and_recall_of_the_labelled_pairs(held_out: bool) -> None:
    """Precision: of pairs with equal words, how many are one trouble. Recall: of pairs of one trouble, how many have equal words."""
    labelled = pairs(held_out=held_out)
    equal = [pair for pair in labelled if words(pair.one) == words(pair.other)]
    right = sum(pair.is_same for pair in equal)
    precision, recall = right / len(equal), right / sum(pair.is_same for pair in labelled)
    print(f"{len(labelled)} pairs: precision {precision:.3f}, recall {recall:.3f}")
    wrong = [pair for pair in labelled if pair.is_same != (words(pair.one) == words(pair.other))]
    assert precision >= 0.98, wrong
    assert recall >= 0.98, wrong


def test_there_are_enough_pairs_and_half_of_them_are_held_out() -> None:
    looked_at, held_out = len(pairs(held_out=False)), len(pairs(held_out=True))
    assert looked_at + held_out >= 400
    assert held_out >= 200
