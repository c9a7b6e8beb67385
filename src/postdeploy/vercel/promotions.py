"""What moves production's domains: promote, roll back, automatic assignment. Nothing else in the project does; `checks` can delay it.

Every target passes one guard before a write: promoting a preview would make Vercel build it again, and report success.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import quote

import msgspec

from postdeploy.model import Blocked
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.project import ProjectState, project_path
from postdeploy.vercel.rolling import RollingRelease
from postdeploy.vercel.writes import WriteResult

_CHOOSE = "Choose a production build that was live before: postdeploy deployments."
_LONGEST_DESCRIPTION = 250
_MOST_PAGES = 10


class How(StrEnum):
    """The two ways to give the domains to a deployment."""

    PROMOTE = "promote"
    """Afterwards new builds go live automatically."""
    ROLL_BACK = "rollback"
    """Instant rollback: pins the domains, so that new builds stay staged. Ends a rolling release."""


class Unfit(Blocked):
    """This deployment can't get the domains; carries the reason and the cure."""


def refuse_unfit(target: PlatformDeployment, project: ProjectState, rolling: RollingRelease | None, how: How) -> None:
    """The one guard before each promotion and rollback.

    Raises:
        Unfit: it is not a production build, not ready, deleted, of another project, or a rolling release is in progress.
    """
    if not is_deployment_id(target.id):
        raise Unfit(f"{target.id or 'the target'} is not a deployment id", _CHOOSE)
    if project.id and target.project and target.project != project.id:
        raise Unfit(f"{target.id} belongs to another project", "Check VERCEL_PROJECT_ID, or choose another target.")
    if target.deleted or target.state == "DELETED":
        raise Unfit(f"{target.id} cannot be used as a rollback target: it was deleted", _CHOOSE)
    if target.target != "production":
        kind = f"built for {target.target}" if target.target else "a preview"
        raise Unfit(
            f"{target.id} cannot be used as a rollback target: it is {kind}, and Vercel would build it again", _CHOOSE
        )
    if target.state != "READY":
        raise Unfit(
            f"{target.id} cannot be used as a rollback target: it is {target.state or 'in an unknown state'}, not READY",
            _CHOOSE,
        )
    if how is How.ROLL_BACK and target.substate == "STAGED":
        raise Unfit(
            f"{target.id} cannot be used as a rollback target: it was never live, and instant rollback does not accept it",
            _CHOOSE,
        )
    if how is How.PROMOTE and rolling and rolling.active:
        share = "" if rolling.percentage is None else f", at {rolling.percentage:g} %"
        raise Unfit(
            f"a rolling release of {rolling.canary or 'another deployment'} is in progress{share}: a promotion would queue behind it",
            "Abort it: vercel rolling-release abort. Or complete it first. Or add --pin: an instant rollback ends it.",
        )


def promote(
    vercel: Vercel, target: PlatformDeployment, project: ProjectState, rolling: RollingRelease | None
) -> WriteResult:
    """Give the domains to a production build, without a new build; sent once.

    Raises:
        Unfit: see `refuse_unfit`.
    """
    refuse_unfit(target, project, rolling, How.PROMOTE)
    return vercel.write("POST", f"{project_path(vercel, 'v10')}/promote/{quote(target.id, safe='')}", {})


def roll_back(
    vercel: Vercel,
    target: PlatformDeployment,
    project: ProjectState,
    rolling: RollingRelease | None,
    description: str = "",
) -> WriteResult:
    """Instant rollback, which pins the domains; sent once. `description`: the reason, stored by Vercel.

    Raises:
        Unfit: see `refuse_unfit`.
    """
    refuse_unfit(target, project, rolling, How.ROLL_BACK)
    query = {"description": description[:_LONGEST_DESCRIPTION]} if description else {}
    return vercel.write("POST", f"{project_path(vercel, 'v1')}/rollback/{quote(target.id, safe='')}", {}, **query)


def set_auto_assign(vercel: Vercel, value: bool) -> WriteResult:
    """Whether new production builds get the domains automatically; sent once."""
    return vercel.write("PATCH", project_path(vercel), {"autoAssignCustomDomains": value})


class _FailedAlias(msgspec.Struct):
    alias: object = None
    status: str = ""


class _AliasPagination(msgspec.Struct):
    next: int | None = None


class _Aliases(msgspec.Struct):
    aliases: list[_FailedAlias] = []
    pagination: _AliasPagination | None = None


def failed_aliases(vercel: Vercel, how: How) -> tuple[str, ...]:
    """The domains that the last promotion or rollback could not move.

    Raises:
        PlatformError: there is no answer.
    """
    return tuple(dict.fromkeys(_failed(vercel, how)))


def _failed(vercel: Vercel, how: How) -> Iterator[str]:
    version = "v1" if how is How.PROMOTE else "v9"
    query: dict[str, str | int] = {"failedOnly": "true", "limit": 100}
    for _ in range(_MOST_PAGES):
        page = vercel.read(f"{project_path(vercel, version)}/{how}/aliases", _Aliases, **query)
        for one in page.aliases:
            name = one.alias.get("alias") if isinstance(one.alias, dict) else one.alias
            if isinstance(name, str) and one.status in ("", "failed"):
                yield name
        if page.pagination is None or page.pagination.next is None:
            return
        query["until"] = page.pagination.next
