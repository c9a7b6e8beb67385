"""What changed in production between two states, and whether what serves was put there by a promotion or rollback."""

from __future__ import annotations

from postdeploy.production.descriptions import describe_deployment, describe_request, on_or_off
from postdeploy.production.state import ProductionState
from postdeploy.vercel.project import AliasRequest


def change_between(before: ProductionState, now: ProductionState) -> str | None:
    """What happened to production between two states, in a sentence; None: nothing."""
    last = now.project.last_request
    if last and not same_request(last, before.project.last_request):
        return f"{describe_request(last)} was requested"
    if now.serving.id != before.serving.id:
        return f"a new deployment took over: {describe_deployment(now.serving)}"
    if now.alias and before.alias and now.alias.deployment != before.alias.deployment:
        return f"the domain {now.host} was assigned to {now.alias.deployment or 'no deployment'}"
    if _stage(now) != _stage(before):
        canary = now.release.canary if now.release else "none"
        return f"the rolling release changed: {canary} is {now.release.state if now.release else 'over'}"
    if now.project.auto_assign is not before.project.auto_assign:
        return f"the automatic assignment of domains was switched {on_or_off(now.project.auto_assign)}"
    return None


def same_request(one: AliasRequest, other: AliasRequest | None) -> bool:
    """Whether both are the same request, whatever its progress."""
    return other is not None and (one.to, one.from_, one.type, one.at) == (other.to, other.from_, other.type, other.at)


def was_restored(state: ProductionState) -> bool:
    """Whether a promotion or rollback from another deployment put there what serves, and not its own deploy."""
    last = state.project.last_request
    return (
        last is not None
        and last.to == state.serving.id
        and last.from_ not in (None, state.serving.id)
        and last.status != "failed"
    )


def _stage(state: ProductionState) -> tuple[str, str, str] | None:
    found = state.release
    return (found.state, found.current, found.canary) if found else None
