"""Before the canary of auto-send revision: nothing is revised yet.

Source: launch runbook 117e, step 4; Phase 116e.
"""

import pytest

from fixtures.canary import RevisionSwitch
from postdeploy.canary.switches import SwitchState

pytestmark = pytest.mark.canary


def test_the_kill_switch_is_on(revision_switch: RevisionSwitch) -> None:
    """The kill switch is on, and the running deployment knows it."""
    assert revision_switch.state is SwitchState.ON


def test_no_draft_was_attempted_since_the_deploy(attempts_since_the_deploy: int) -> None:
    """Since this deployment got production traffic, no draft was attempted in any workspace."""
    assert attempts_since_the_deploy == 0
