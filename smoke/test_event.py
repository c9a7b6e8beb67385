"""Runbook 117d step 3, where a workspace is set for it: a genuine event arrives, once."""

import pytest

from fixtures.event import TestEvent

pytestmark = pytest.mark.smoke


def test_a_genuine_event_is_received_once(event: TestEvent) -> None:
    """A genuine event inserts one message; its repetition inserts none."""
    assert event.send() == 200
    assert event.send() == 200
    assert event.messages == 1
