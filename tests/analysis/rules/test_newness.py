"""Whether a rollback would remove the errors, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.rules.wording import newness
from tests.analysis.rules.judging import before, evidence
from tests.logs.rows import Sent, healthy, throws

TWO = [*healthy(20), throws("Alpha", 60), throws("Beta", 90)]


@pytest.mark.parametrize(
    ("compared_with", "said"),
    [
        pytest.param(None, "; not compared with the deployment before", id="nothing to compare with"),
        pytest.param([*healthy(20)], "; 2 of 2 new against dpl_before", id="all are new"),
        pytest.param([*healthy(20), throws("Beta", 5)], "; 1 of 2 new against dpl_before", id="one is new"),
        pytest.param(
            [*healthy(20), throws("Alpha", 5), throws("Beta", 6)],
            "; all of this existed before (dpl_before), a rollback does not remove it",
            id="none is new",
        ),
    ],
)
def test_what_is_new_a_rollback_removes(compared_with: Sequence[Sent] | None, said: str) -> None:
    found = evidence(TWO, baseline=before(compared_with) if compared_with else None)
    assert newness(found, found.tally.incidents) == said


def test_a_baseline_without_error_patterns_compares_nothing() -> None:
    found = evidence(TWO, baseline=replace(before(healthy(20)), fingerprints=None))
    assert newness(found, found.tally.incidents) == "; not compared with dpl_before"


@pytest.mark.parametrize(("known", "same"), [(2, True), (1, False), (0, False)])
@pytest.mark.parametrize("baseline", [None, before(healthy(20))], ids=["no baseline", "a baseline"])
def test_what_the_deployment_before_does_too_a_rollback_to_it_does_not_remove(
    known: int, baseline: Baseline | None, *, same: bool
) -> None:
    found = evidence(TWO, baseline=baseline)
    prints = frozenset(one.fingerprint for one in found.tally.incidents[:known])
    said = newness(replace(found, failing_before=prints), found.tally.incidents)
    assert said.startswith("; the deployment before fails in the same way") is (same and baseline is None)


def test_of_no_errors_nothing_is_said_of_before() -> None:
    assert newness(evidence(TWO), ()) == "; not compared with the deployment before"
