"""What is known of the deployment that took over."""

from __future__ import annotations

from postdeploy.production.successor import describe_successor
from postdeploy.redaction import Secret
from sandbox.alone import platform_alone
from tests.production.states import (
    access,
)


def test_a_successor_of_which_nothing_is_known_has_its_id() -> None:
    with platform_alone() as platform:
        assert describe_successor(access(platform), "dpl_unknown", "dpl_new") == "dpl_unknown"
        assert describe_successor(access(platform, token=Secret("invalid")), "dpl_old", "dpl_new") == "dpl_old"
