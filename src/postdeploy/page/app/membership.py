"""Does the smoke user see the right workspaces? Pure: from those that the selector offers and those that the server sent."""

from __future__ import annotations

from collections.abc import Collection

from postdeploy.model import Blocked, Cause, Diagnosis, Misbehaved
from postdeploy.runbook.parts import fewest_workspaces
from postdeploy.runbook.tables import Runbook


def objection(offered: Collection[str], sent: Collection[str], runbook: Runbook) -> Blocked | Misbehaved | None:
    """What is wrong with the smoke user's memberships (Blocked), or with the deployment, which hides workspaces (Misbehaved)."""
    named = {workspace.name for workspace in runbook.workspace}
    foreign = [name for name in offered if named and name not in named]
    if foreign and not named & set(offered):
        return Blocked(
            f"the smoke user sees none of the workspaces that runbook.toml names, but {len(foreign)} other(s)",
            "Sign in by hand. If it is the right account, the app shows another user's workspaces: roll back. Else correct SMOKE_EMAIL or "
            "[[workspace]].",
        )
    if foreign and not runbook.smoke_user.allow_foreign:
        return Blocked(
            f"the smoke user sees {len(foreign)} workspace(s) that runbook.toml does not name",
            "Remove the memberships, name them as [[workspace]], or set smoke_user.allow_foreign = true.",
        )
    hidden = sorted(set(sent) - set(offered))
    if hidden:
        sentence = f"the workspace selector does not offer {', '.join(hidden)}, although the server sends their data"
        return Misbehaved(sentence, Diagnosis(Cause.WRONG_WORKSPACE, sentence))
    missing = ", ".join(sorted(named - set(offered)))
    if len(offered) < fewest_workspaces(runbook):
        return Blocked(
            f"the smoke user sees {len(offered)} workspace(s), but two with conversations are needed",
            "Give the smoke user a second workspace. An app that has only one says so: [workspaces] single = true."
            + (f" Missing: {missing}." if missing else ""),
        )
    if missing:
        return Blocked(
            f"the smoke user does not see {missing}, which runbook.toml names",
            "Make it a member again, or correct [[workspace]]. The server sent nothing about it.",
        )
    return None
