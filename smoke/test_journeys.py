"""The inbox stays usable during the first hour: a journey about every five minutes.

Source: launch runbook 117e, step 2.
"""

import pytest

from fixtures.journeys import Journeys

pytestmark = pytest.mark.watch


def test_the_inbox_works_throughout_the_watch(journeys: Journeys) -> None:
    """No journey through the inbox fails twice in a row."""
    assert journeys.broken == ""


def test_the_watch_of_the_inbox_has_no_large_gap(journeys: Journeys) -> None:
    """Journeys and probes cover nearly all of the watch."""
    assert journeys.complete
