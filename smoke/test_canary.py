"""The canary of auto-send revision, while it is running in one workspace.

Source: launch runbook 117e, step 4; Phase 116e.
"""

import pytest

from fixtures.canary import Canary, RevisionSwitch
from postdeploy.canary.rules import CanaryRule

pytestmark = pytest.mark.canary


def test_the_kill_switch_is_released(revision_switch: RevisionSwitch) -> None:
    """The kill switch is off, and the running deployment knows it."""
    assert revision_switch.released


def test_the_inbox_of_this_deployment_passed(inbox_proven_at: int) -> None:
    """The record has a PASS of the inbox of this very deployment."""
    assert inbox_proven_at > 0


def test_the_canary_was_watched_with_enough_traffic(canary: Canary) -> None:
    """The canary was watched for its whole window, with metrics of now and enough attempts."""
    assert canary.proven


def test_only_the_named_workspace_is_enabled(canary: Canary) -> None:
    """Exactly one workspace is enabled, the one that runbook.toml names, and no other one's drafts are attempted."""
    assert canary.failures(CanaryRule.WORKSPACES, CanaryRule.ELSEWHERE) == []


def test_a_plausible_share_of_revisions_is_applied(canary: Canary) -> None:
    """Not more revisions are applied than were attempted, and not nearly all of them."""
    assert canary.failures(CanaryRule.APPLIED) == []
