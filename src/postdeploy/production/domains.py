"""A production domain that leads to another deployment than the project's, or is being moved."""

from __future__ import annotations

from postdeploy.production.roles import Role, role_of
from postdeploy.production.state import ProductionState


def misassigned(state: ProductionState) -> str:
    """What is wrong with where the production domain leads, in a sentence; empty: nothing."""
    resolved, project = state.resolved, state.project
    if resolved is None or state.is_own_address or role_of(state) is not Role.LIVE:
        return ""
    if project.production and resolved.id != project.production and not state.rolling:
        return (
            f"{state.host} leads to {resolved.id}, but the project's production deployment is {project.production}: "
            "the domain was reassigned by hand, or moving it failed"
        )
    if resolved.alias_error:
        return f"{resolved.id} did not get all of its domains: {resolved.alias_error}"
    return ""


def move_in_progress(state: ProductionState) -> str:
    """The promotion or rollback that is in progress, in words; empty: none."""
    last = state.project.last_request
    if last is None or not last.pending:
        return ""
    return f"a {last.type or 'promotion'} to {last.to} is in progress"
