"""A production domain that leads elsewhere, or is being moved."""

from __future__ import annotations

from dataclasses import replace

from postdeploy.production.domains import misassigned, move_in_progress
from tests.production.states import (
    LIVE,
    LIVE_NOW,
    OLD,
    PROJECT,
    PROMOTED,
    pinned,
)


def test_a_domain_that_leads_elsewhere_than_the_project_says() -> None:
    assert "leads to dpl_live, but the project's production deployment is dpl_bad" in misassigned(
        replace(LIVE_NOW, project=replace(PROJECT, production="dpl_bad"))
    )
    assert misassigned(LIVE_NOW) == ""
    assert misassigned(replace(LIVE_NOW, host="old.vercel.app", resolved=OLD)) == "", (
        "its own address leads where it must"
    )
    assert misassigned(replace(LIVE_NOW, project=replace(PROJECT, production=None))) == ""


def test_a_domain_that_could_not_be_assigned() -> None:
    failed = replace(LIVE, alias_error="The domain is in use by another project.")
    assert misassigned(replace(LIVE_NOW, resolved=failed)).endswith("The domain is in use by another project.")


def test_a_domain_that_is_being_moved() -> None:
    assert move_in_progress(LIVE_NOW) == ""
    assert move_in_progress(replace(LIVE_NOW, project=pinned(PROMOTED))) == ""
    under_way = replace(PROMOTED, status="in-progress")
    assert move_in_progress(replace(LIVE_NOW, project=pinned(under_way))) == "a promote to dpl_live is in progress"
