"""A genuine event arrives once, where a workspace is set for it.

Source: launch checklist 117d, step 3.
"""

import pytest

from fixtures.event import TestEvent

pytestmark = pytest.mark.smoke


def test_a_genuine_event_is_received_once(event: TestEvent) -> None:
    """A genuine event inserts one message; the same event again inserts none."""
    assert event.send() == 200
    assert event.send() == 200
    assert event.messages == 1
