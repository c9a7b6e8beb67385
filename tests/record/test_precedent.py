"""What the record says of the build before."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from postdeploy.model import Decision, Deployment, Outcome, Stage
from postdeploy.record.entries import RecordedVerdict
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore, last_good_build, passed_before, role_changed, watch_before
from postdeploy.uptime.journey import Latency, UptimeLatency
from tests.record.runs import HOST, NOON

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
NEW = Deployment(f"https://{HOST}", build_id="new")


def ran(build: str, minutes: float, decision: Decision = Decision.PASS, **checks: Outcome) -> RecordedVerdict:
    """A run on this build, so many minutes before noon."""
    return RecordedVerdict(
        at=NOON - dt.timedelta(minutes=minutes),
        decision=decision,
        host=HOST,
        measured=("inbox",),
        served=Deployment(f"https://{HOST}", build_id=build),
        checks=tuple((checks or {"test_a": PASSED}).items()),
    )


def found(*entries: RecordedVerdict, pinned: Deployment = NEW) -> dict[str, PassedBefore]:
    return passed_before(entries, pinned, HOST, NOON)


OLD = PassedBefore("old", 38 * 60.0)
PREFLIGHT = {"preflight": OLD}


@pytest.mark.parametrize(
    ("entries", "passed"),
    [
        pytest.param([ran("old", 38)], {"test_a": OLD, **PREFLIGHT}, id="it passed"),
        pytest.param([ran("old", 38, test_a=FAILED, test_b=PASSED)], {"test_b": OLD, **PREFLIGHT}, id="it failed"),
        pytest.param([ran("older", 60), ran("old", 38, test_a=FAILED)], {}, id="only the build before counts"),
        pytest.param(
            [ran("old", 60, test_a=FAILED), ran("old", 38)], {"test_a": OLD, **PREFLIGHT}, id="its newest result counts"
        ),
        pytest.param(
            [ran("old", 60), ran("old", 38, test_a=FAILED)],
            PREFLIGHT | {"preflight": PassedBefore("old", 3600.0)},
            id="it broke there already",
        ),
        pytest.param([ran("old", 38), ran("new", 5)], {}, id="it passed on this build as well"),
        pytest.param(
            [ran("old", 38), ran("new", 5, test_a=FAILED)], {"test_a": OLD, **PREFLIGHT}, id="it failed on this build"
        ),
        pytest.param([ran("old", 8 * 24 * 60)], {}, id="more than a week ago"),
        pytest.param([ran("old", -5)], {}, id="after this deployment"),
        pytest.param([replace(ran("old", 38), host="x.test")], {}, id="on another address"),
        pytest.param([replace(ran("old", 38), stage=Stage.RECOVERY)], {}, id="the proof of a rollback"),
        pytest.param([replace(ran("old", 38), served=Deployment(""))], {}, id="a build without a mark"),
        pytest.param([ran("old", 38, test_a=Outcome.NOT_REACHED)], {}, id="it did not run"),
        pytest.param([], {}, id="an empty record"),
    ],
)
def test_what_passed_on_the_build_before(entries: list[RecordedVerdict], passed: dict[str, PassedBefore]) -> None:
    assert found(*entries) == passed


@pytest.mark.parametrize(
    "mark",
    [{"deployment_id": "dpl_1"}, {"build_id": "one"}, {"assets": "0123456789ab"}],
    ids=lambda mark: next(iter(mark)),
)
def test_builds_are_told_apart_by_any_mark_that_both_carry(mark: dict[str, str]) -> None:
    before = replace(ran("", 38), served=Deployment("", **mark))
    other = Deployment("", **dict.fromkeys(mark, "another"))
    assert "test_a" in found(before, pinned=other)
    assert found(before, pinned=Deployment("", **mark)) == {}


@pytest.mark.parametrize(
    ("entries", "target"),
    [
        pytest.param([ran("a", 90), ran("b", 60)], "b", id="the newest that passed"),
        pytest.param([ran("a", 90), ran("b", 60), ran("a", 30)], "b", id="newest by its first run"),
        pytest.param([ran("a", 90), ran("b", 60, Decision.FAIL)], "a", id="not one that failed"),
        pytest.param([ran("a", 90), ran("new", 60)], "a", id="not this one"),
    ],
)
def test_without_vercel_the_target_is_a_build(entries: list[RecordedVerdict], target: str) -> None:
    good = last_good_build(entries, NEW, HOST)
    assert isinstance(good, LastGood)
    assert (good.id, good.url) == (target, "")


@pytest.mark.parametrize(
    "entries",
    [[], [ran("new", 5)], [ran("a", 5, Decision.FAIL)], [replace(ran("a", 5), host="x.test")]],
    ids=["an empty record", "only this one", "only a bad one", "another address"],
)
def test_without_a_good_build_there_is_no_target(entries: list[RecordedVerdict]) -> None:
    good = last_good_build(entries, NEW, HOST)
    assert isinstance(good, NoLastGood)
    assert not good.looked


def saw(*access: str, minutes: float = 38, decision: Decision = Decision.PASS) -> RecordedVerdict:
    return replace(ran("old", minutes, decision), access=access)


@pytest.mark.parametrize(
    ("entries", "access", "changed"),
    [
        pytest.param([saw("member")], {"guest"}, True, id="another role"),
        pytest.param([saw("member", "acme")], {"member", "acme", "globex"}, True, id="one more workspace"),
        pytest.param([saw("member")], {"member"}, False, id="the same"),
        pytest.param([saw("member", "acme")], {"member"}, False, id="less was seen"),
        pytest.param([saw("member"), saw("guest", minutes=5)], {"guest"}, False, id="the newest good run counts"),
        pytest.param(
            [saw("member"), saw("guest", minutes=5, decision=Decision.FAIL)],
            {"guest"},
            True,
            id="a failed run does not",
        ),
        pytest.param([saw()], {"guest"}, False, id="a run that noted none"),
        pytest.param([saw("member")], set(), False, id="nothing is seen now"),
        pytest.param([replace(saw("member"), host="x.test")], {"guest"}, False, id="another address"),
        pytest.param([], {"guest"}, False, id="no record"),
    ],
)
def test_whether_the_smoke_users_role_changed(entries: list[RecordedVerdict], access: set[str], changed: bool) -> None:
    assert (role_changed(entries, HOST, access) is not None) is changed


@pytest.mark.parametrize(
    ("watches", "found"),
    [
        pytest.param([("old", 20), ("older", 10)], "older", id="the newest"),
        pytest.param([("old", 20), ("new", 10)], "old", id="not its own"),
        pytest.param([("old", 8 * 24 * 60)], None, id="too old"),
        pytest.param([], None, id="none"),
    ],
)
def test_the_last_watch_of_another_build_is_what_latency_is_compared_with(
    watches: list[tuple[str, float]], found: str | None
) -> None:
    seen = UptimeLatency(Latency(2, 1.0, 1.2), Latency())
    known = [
        replace(ran("z", 5), uptime=None),
        *(replace(ran(name, minutes), uptime=seen) for name, minutes in watches),
    ]
    earlier = watch_before(known, NEW, HOST, NOON)
    assert (earlier.served.build_id if earlier else None) == found
