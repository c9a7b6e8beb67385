"""`postdeploy deployments`: what a person sees, and the exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from postdeploy.record.retention import entry_of
from sandbox.alone import NOWHERE, PlatformAlone
from sandbox.deployments import Deployment
from tests.cli.commands import address, deployments, ran, rollback, writes
from tests.record.runs import run


def test_the_table_says_what_serves_and_which_one_is_the_rollback_target(platform: PlatformAlone) -> None:
    code, output = deployments(platform)
    lines = output.splitlines()
    assert code == 0
    assert lines[1].split() == [
        "●",
        "dpl_new",
        "live",
        "1",
        "d",
        "new0000",
        "Change",
        "new",
        f"http://inbox-new.{platform.deployments.domain}",
    ]
    assert lines[2].startswith("★  dpl_old     was live  2 d")
    assert lines[3].split()[0] == "dpl_older"
    assert "new builds       automatic: a new production build goes live" in output
    assert writes(platform) == []


@pytest.mark.parametrize("columns", ["40", "80"])
def test_a_narrow_terminal_shows_whole_ids_and_addresses_and_the_marks(platform: PlatformAlone, columns: str) -> None:
    long = "dpl_7Fh2kQm4TzXc9VbN1sLpR8yWdE3g"
    host = f"inbox-a1b2c3d4e-acme-robotics-and-friends.{platform.deployments.domain}"
    label = host.partition(".")[0]
    platform.deployments.deploy(Deployment(long, NOWHERE, label, platform.clock.now))
    code, output = ran(platform, "deployments", f"--base-url={address(platform)}", COLUMNS=columns)
    lines = output.splitlines()
    assert code == 0
    assert lines[0].startswith(f"●  {long}  live")
    assert f"   http://{host}" in lines
    assert any(line.startswith("★  dpl_new  was live") for line in lines)


def test_a_build_that_waits_is_staged_and_not_live(platform: PlatformAlone) -> None:
    rollback(platform, "--pin", "--yes")
    platform.deployments.deploy(Deployment("dpl_fix", NOWHERE, "inbox-fix", platform.clock.now))
    _, output = deployments(platform)
    assert "dpl_fix     staged, not live" in output
    assert "off: a rollback to dpl_old (" in output
    assert "pins the domains" in output
    assert "1 not live; the newest is dpl_fix" in output


def test_who_switched_the_assignment_off_is_not_guessed(platform: PlatformAlone) -> None:
    platform.deployments.auto_assign = False
    assert "by decision or by a rollback (unknown)" in deployments(platform)[1]


def test_a_rolling_release_is_shown_with_its_share(platform: PlatformAlone) -> None:
    current = platform.deployments.production
    assert current is not None
    platform.deployments.roll(replace(current, id="dpl_canary", label="inbox-canary"))
    _, output = deployments(platform)
    assert "dpl_canary gets 10 %, dpl_new the rest" in output
    assert "live in a rolling release, 10 %" in output


def test_failed_and_deleted_builds_are_named_as_such(platform: PlatformAlone) -> None:
    found = platform.deployments.find("dpl_older")
    assert found is not None
    platform.deployments.delete(found, "by retention")
    platform.deployments.add(Deployment("dpl_red", NOWHERE, "inbox-red", platform.clock.now, state="ERROR"))
    _, output = deployments(platform)
    assert "dpl_red     error" in output
    assert "dpl_older   deleted" in output


def test_without_an_address_the_projects_word_has_to_do(platform: PlatformAlone) -> None:
    code, output = ran(platform, "deployments")
    assert code == 0
    assert "●  dpl_new" in output
    assert "★  dpl_old" in output


def test_the_same_for_machines(platform: PlatformAlone) -> None:
    _, output = deployments(platform, "--json")
    found = json.loads(output)
    assert (found["current"], found["last_good"]["id"], found["automatic_assignment"]) == ("dpl_new", "dpl_old", True)
    assert [one["id"] for one in found["deployments"]] == ["dpl_new", "dpl_old", "dpl_older"]
    assert found["deployments"][0]["state"] == "live"


UNREAD = {
    "torn": (b"{", "line 1: not a verdict"),
    "of a later version": (b'{"schema": 7}', "line 1: written by a newer version (schema 7)"),
    "not text": (b"\xff\xfe", "line 1: not a verdict"),
}


@pytest.mark.parametrize(("line", "said"), UNREAD.values(), ids=UNREAD)
def test_what_of_the_record_was_not_read_is_said_wherever_it_is_concluded_from(
    platform: PlatformAlone, elsewhere: Path, line: bytes, said: str
) -> None:
    record = elsewhere / "record.jsonl"
    record.write_bytes(line + b"\n" + entry_of(run("dpl_elsewhere")) + b"\n")
    code, output = deployments(platform, f"--record={record}")
    assert code == 0
    assert f"record           read in part: {said}" in output
    [good] = [each for each in output.splitlines() if each.startswith("last-good")]
    assert f"no run has verified it) (the record was read in part: {said}" in good
    found = json.loads(deployments(platform, f"--record={record}", "--json")[1])
    assert found["record_unread"][0].startswith(said)


def test_a_record_that_was_read_whole_says_nothing(platform: PlatformAlone, elsewhere: Path) -> None:
    record = elsewhere / "record.jsonl"
    record.write_bytes(entry_of(run("dpl_elsewhere")) + b"\n")
    assert "in part" not in deployments(platform, f"--record={record}")[1]


def test_no_more_are_shown_than_asked_for(platform: PlatformAlone) -> None:
    assert "dpl_older" not in deployments(platform, "--limit=2")[1]
