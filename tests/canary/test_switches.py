"""The kill switch of the running deployment, by the environment list."""

from __future__ import annotations

from pathlib import Path

import pytest

from postdeploy.canary.switches import ON, KillSwitch, SwitchState
from postdeploy.runbook.reading import read_runbook

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


@pytest.mark.parametrize(
    ("value", "running", "state", "ignored"),
    [
        pytest.param("1", True, SwitchState.ON, False, id="both say on"),
        pytest.param("0", False, SwitchState.OFF, False, id="both say off"),
        pytest.param("1", False, SwitchState.OFF, True, id="the app ignores it"),
        pytest.param("0", True, SwitchState.ON, False, id="the app is on, though the list is not"),
        pytest.param("1", None, SwitchState.ON, False, id="the app was not asked"),
    ],
)
def test_what_the_running_app_says_counts_more_than_the_list(
    value: str, running: bool | None, state: SwitchState, ignored: bool
) -> None:
    switch = KillSwitch("STOP", value, changed_at=1, built_at=2, running=running)
    assert (switch.state, switch.ignored) == (state, ignored)


def test_what_the_list_hides_the_running_app_says() -> None:
    assert KillSwitch("STOP", None, readable=False, running=True).state is SwitchState.ON


def test_the_environment_check_takes_for_safe_what_the_app_takes_for_on() -> None:
    """Another value would pass there and revise drafts all the same."""
    runbook = read_runbook(Path(__file__).parents[2])
    assert runbook.variables[runbook.canary.kill_switch].safe == (ON,)
