"""Which parts a run leaves out, and how much of the app a smoke user must see."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.model import UsageError
from postdeploy.runbook.parts import fewest_workspaces, impossible, left_out, without_subjects
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


def of(states: dict[str, str | Off], checks: dict[str, tuple[str, ...]]) -> Runbook:
    runbook = read_runbook()
    workspaces = msgspec.structs.replace(runbook.workspaces, single=True, need_two=("test_two",))
    return msgspec.structs.replace(runbook, parts=states, checks=checks, workspaces=workspaces)


@pytest.mark.parametrize("state", ["required", "configured"])
@pytest.mark.parametrize(
    "checks", [pytest.param((), id="none"), pytest.param(("test_two",), id="only one that the app can't have")]
)
def test_a_part_that_is_required_is_not_proven_by_no_check(state: str, checks: tuple[str, ...]) -> None:
    runbook = of({"logs": state}, {"logs": checks})
    with pytest.raises(UsageError, match=r"checks\.logs names no check .* or write logs = \{ off = \"reason\" \}"):
        without_subjects(runbook, {}, {})
    assert without_subjects(runbook, {"logs": "why"}, {}) == {}
    assert without_subjects(of({"logs": "optional"}, {"logs": checks}), {}, {}) == {}


def test_a_part_whose_checks_are_made_for_nothing_is_said_not_to_be_measured() -> None:
    runbook = of({"login": "required", "cron": "configured"}, {"login": ("test_a",), "cron": ("test_b[route]",)})
    why = "nothing is named that its checks could be made for"
    assert without_subjects(runbook, {}, {}) == {"cron": why}
    assert without_subjects(runbook, {}, {"route": ("/api/cron/a",)}) == {}
    with pytest.raises(UsageError, match=rf"parts\.cron is required, but {why}\. Name one, or write cron = "):
        without_subjects(of({"cron": "required"}, {"cron": ("test_b[route]",)}), {}, {})
    mixed = of({"cron": "configured"}, {"cron": ("test_b[route]", "test_c")})
    assert without_subjects(mixed, {}, {}) == {}


def test_a_part_that_does_not_exist_cannot_be_left_out() -> None:
    with pytest.raises(UsageError, match=r"--without crn: unknown part\. Known: login, cron"):
        left_out(with_states(login="required", cron="off"), ("crn",), {})


@pytest.mark.parametrize("single", [False, True])
def test_a_single_workspace_is_enough_for_an_app_that_has_one(*, single: bool) -> None:
    runbook = read_runbook()
    workspaces = msgspec.structs.replace(runbook.workspaces, single=single)
    changed = msgspec.structs.replace(runbook, workspaces=workspaces)
    assert fewest_workspaces(changed) == (1 if single else 2)
    workspaces = runbook.workspaces
    assert impossible(changed) == (workspaces.need_two if single else ()) + workspaces.need_more
    assert workspaces.need_two


@pytest.mark.parametrize(("opened", "left_out"), [(0, True), (2, True), (3, False), (100, False)])
def test_further_workspaces_are_opened_where_the_runbook_says_how_many(opened: int, *, left_out: bool) -> None:
    runbook = read_runbook()
    workspaces = msgspec.structs.replace(runbook.workspaces, open=opened)
    changed = msgspec.structs.replace(runbook, workspaces=workspaces)
    assert impossible(changed) == (workspaces.need_more if left_out else ())
    assert workspaces.need_more
