"""Why something that checks depend on is down."""

from __future__ import annotations

from pathlib import Path

from postdeploy.system.obstacles import Need, Obstacles
from postdeploy.system.store import Store


def test_the_first_reason_stays_and_every_process_reads_it(tmp_path: Path) -> None:
    obstacles = Obstacles(Store(tmp_path))
    obstacles.add(Need.INBOX, "the Master Inbox is down")
    obstacles.add(Need.INBOX, "another reason")
    assert Obstacles(Store(tmp_path)).first(Need.TARGET, Need.INBOX) == "the Master Inbox is down"


def test_what_is_lifted_is_none_any_more_and_may_come_back(tmp_path: Path) -> None:
    obstacles = Obstacles(Store(tmp_path))
    for why in ("signing in fails", "signing in fails again"):
        obstacles.add(Need.SIGN_IN, why)
        assert obstacles.first(Need.SIGN_IN) == why
        obstacles.lift(Need.SIGN_IN)
        assert obstacles.first(Need.SIGN_IN) is None


def test_an_obstacle_concerns_only_what_depends_on_it(tmp_path: Path) -> None:
    obstacles = Obstacles(Store(tmp_path))
    obstacles.add(Need.DATABASE, "not reached")
    assert obstacles.first(Need.TARGET, Need.SIGN_IN) is None


def test_an_obstacle_without_a_reason_is_one_all_the_same(tmp_path: Path) -> None:
    obstacles = Obstacles(Store(tmp_path))
    obstacles.add(Need.TARGET, "")
    assert obstacles.first(Need.TARGET) == "target is down"
