"""What the deployment under verification is to the users: live, part of a rolling release, or not live."""

from __future__ import annotations

from enum import StrEnum

from postdeploy.production.state import ProductionState


class Role(StrEnum):
    """What a deployment is for the people who use the app."""

    LIVE = "live"
    CANARY = "the canary of a rolling release"
    STABLE = "the stable one of a rolling release"
    STAGED = "staged, not live"
    FORMER = "no longer live"
    PREVIEW = "a preview, not live"


_NOT_LIVE = frozenset({Role.STAGED, Role.FORMER, Role.PREVIEW})


def role_of(state: ProductionState) -> Role | None:
    """What the deployment under verification is; None: unknown."""
    if state.resolved is None:
        return None
    measured = state.measured or state.resolved.id
    if state.release and state.release.active and measured in state.release.live:
        return Role.CANARY if measured == state.release.canary else Role.STABLE
    if state.resolved.target != "production":
        return Role.PREVIEW
    if state.resolved.substate == "STAGED":
        return Role.STAGED
    if not state.is_own_address:
        return Role.LIVE
    if state.project.production is None:
        return None
    return Role.LIVE if state.resolved.id == state.project.production else Role.FORMER


def is_not_live(state: ProductionState) -> bool:
    """Whether the deployment at this address has no users."""
    return role_of(state) in _NOT_LIVE


def describe_role(state: ProductionState) -> str:
    """What people must know of the deployment that is measured; empty: it is simply live, or nothing is known."""
    role = role_of(state)
    if role is None or role is Role.LIVE:
        return ""
    if role in (Role.CANARY, Role.STABLE) and state.release and state.release.percentage is not None:
        share = state.release.percentage if role is Role.CANARY else 100 - state.release.percentage
        return f"{role}: {share:g} % of the visitors"
    return str(role)


def promotion_command(state: ProductionState) -> str:
    """The command that promotes what is measured, if it is staged; empty: it is not."""
    return f"vercel promote {state.resolved.address}" if role_of(state) is Role.STAGED and state.resolved else ""
