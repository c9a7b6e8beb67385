"""Which parts a run leaves out, and how much of the app a smoke user must see."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.model import UsageError
from postdeploy.runbook.parts import fewest_workspaces, impossible, left_out
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Off, Runbook


def with_states(**states: str | Off) -> Runbook:
    return msgspec.structs.replace(read_runbook(), parts=states)


@pytest.mark.parametrize(
    ("state", "without", "unconfigured", "why"),
    [
        pytest.param("required", (), {}, None, id="required"),
        pytest.param("required", (), {"cron": "no source"}, None, id="required, and not configured: that will show"),
        pytest.param("required", ("cron",), {}, "switched off by --without", id="required, and switched off"),
        pytest.param("off", (), {}, "off in runbook.toml", id="off"),
        pytest.param("off", ("cron",), {}, "switched off by --without", id="off, and switched off"),
        pytest.param(Off(off="no crons"), (), {}, "no crons", id="off with a reason"),
        pytest.param(
            Off(off="no crons"), ("cron",), {}, "switched off by --without", id="with a reason, and by request"
        ),
        pytest.param("configured", (), {"cron": "no source"}, "no source", id="not configured"),
        pytest.param("configured", (), {}, None, id="configured"),
        pytest.param("optional", (), {"cron": "no source"}, "no source", id="optional, not configured"),
        pytest.param("optional", (), {"other": "no source"}, None, id="optional"),
    ],
)
def test_a_part_is_left_out_for_a_reason(
    state: str | Off, without: tuple[str, ...], unconfigured: dict[str, str], why: str | None
) -> None:
    assert left_out(with_states(cron=state), without, unconfigured).get("cron") == why


def test_a_part_that_does_not_exist_cannot_be_left_out() -> None:
    with pytest.raises(UsageError, match=r"--without crn: unknown part\. Known: login, cron"):
        left_out(with_states(login="required", cron="off"), ("crn",), {})


@pytest.mark.parametrize("single", [False, True])
def test_a_single_workspace_is_enough_for_an_app_that_has_one(*, single: bool) -> None:
    runbook = read_runbook()
    workspaces = msgspec.structs.replace(runbook.workspaces, single=single)
    changed = msgspec.structs.replace(runbook, workspaces=workspaces)
    assert fewest_workspaces(changed) == (1 if single else 2)
    assert impossible(changed) == (runbook.workspaces.need_two if single else ())
    assert runbook.workspaces.need_two
