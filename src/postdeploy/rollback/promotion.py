"""Whether to promote a newer build that is not live: the record is asked before anything is advised. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from postdeploy.model import Decision
from postdeploy.production.newer_builds import NewerBuild
from postdeploy.record.entries import RecordedVerdict, in_part
from postdeploy.rollback.choice import describe_fail
from postdeploy.system import times


def advise(
    build: NewerBuild, verdicts: Mapping[str, RecordedVerdict], now: dt.datetime, unread: Sequence[str] = ()
) -> str:
    """What a newer build is, and what to do about it. `unread`: what of the record could not be read."""
    if not build.can_be_promoted:
        return build.says
    verdict, address = verdicts.get(build.deployment.id), build.deployment.address
    if verdict is None:
        command = f": pytest -m smoke --base-url={address}" if address else " at its own address"
        return f"{build.says}; no run has verified it{in_part(unread)}. Verify it before promoting it{command}"
    if verdict.decision is Decision.FAIL:
        return f"{build.says}; do not promote it: {describe_fail(verdict)}{in_part(unread)}"
    age = times.age((now - verdict.at).total_seconds())
    command = f"vercel promote {address or build.deployment.id}"
    return f"{build.says}; it passed its verification {age} ago{in_part(unread)}. To promote it: {command}"
