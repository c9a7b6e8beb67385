"""What only the drafts of the canary show while it is running.

Source: launch runbook 117e, step 4; Phase 116e.
"""

import pytest

from fixtures.canary import Canary
from postdeploy.canary.rules import CanaryRule

pytestmark = pytest.mark.canary


def test_no_draft_is_attempted_twice(canary: Canary) -> None:
    """No draft is attempted more than once."""
    assert canary.failures(CanaryRule.REPEATED) == []


def test_needs_review_does_not_rise(canary: Canary) -> None:
    """Drafts do not need review more often than before, or than in the other workspaces."""
    assert canary.failures(CanaryRule.REVIEW) == []
