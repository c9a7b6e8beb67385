"""The rules of a diagnosis about what is between the page and the app: gateways that answer in its place, answers that take long."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.model import Cause, Diagnosis
from postdeploy.page.journal import Kind, evidence
from postdeploy.page.sight import Sight


def gateways(sight: Sight) -> Iterator[Diagnosis]:
    """Nothing failed but what a gateway answered in the app's place."""
    asked = [one for one in sight.of(Kind.ACTION, Kind.API) if not one.pending]
    refused = [one for one in asked if one.of_a_gateway]
    if refused and all(one.of_a_gateway or not one.failed for one in asked):
        statuses = " and ".join(sorted({str(one.status) for one in refused}))
        share = f"{len(refused)} of {len(asked)} requests were answered {statuses} by a gateway in the app's place"
        sentence = f"{share}: the app, or what it runs on, does not respond to them"
        yield Diagnosis(Cause.NO_ANSWER, sentence, evidence(refused))


def slow(sight: Sight) -> Iterator[Diagnosis]:
    """Nothing failed, and the page waits for its answers most of the time."""
    found = sight.delay
    if found:
        limit = f"it was not done within {sight.runbook.budgets.settle:g} s (`[budgets] settle`)"
        yield Diagnosis(Cause.NO_ANSWER, f"{found.sentence}: {limit}", evidence(list(found.requests)))
