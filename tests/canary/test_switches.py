"""The kill switch of the running deployment, by the environment list."""

from __future__ import annotations

import pytest

from postdeploy.canary.switches import KillSwitch, SwitchState

NAME = "AUTO_SEND_REVISION_DISABLED"


@pytest.mark.parametrize(
    ("switch", "state"),
    [
        pytest.param(KillSwitch(NAME, "1", changed_at=5, built_at=9), SwitchState.ON, id="1"),
        pytest.param(KillSwitch(NAME, "0", changed_at=5, built_at=9), SwitchState.OFF, id="0"),
        pytest.param(KillSwitch(NAME, "true", changed_at=5, built_at=9), SwitchState.OFF, id="only 1 counts"),
        pytest.param(KillSwitch(NAME, None, built_at=9), SwitchState.OFF, id="not set"),
        pytest.param(KillSwitch(NAME, "1", changed_at=10, built_at=9), SwitchState.UNKNOWN, id="on, after the build"),
        pytest.param(KillSwitch(NAME, "0", changed_at=10, built_at=9), SwitchState.UNKNOWN, id="off, after the build"),
        pytest.param(KillSwitch(NAME, None, readable=False, built_at=9), SwitchState.UNKNOWN, id="not readable"),
        pytest.param(KillSwitch(NAME, "1"), SwitchState.UNKNOWN, id="it is unknown when it was built"),
    ],
)
def test_the_running_deployment_has_the_value_of_its_build(switch: KillSwitch, state: SwitchState) -> None:
    assert switch.state is state
    assert switch.unknown_because
