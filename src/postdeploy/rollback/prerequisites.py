"""Looks up what a rollback would need, while all is well: the target, whether it answers, and what stands in the way.

No sign-in: old code may write into a database that was migrated since.
"""

from __future__ import annotations

import httpx

from postdeploy.model import Blocked, Deployment, Misbehaved
from postdeploy.page.app.answers import SIGNED_OUT
from postdeploy.production.state import ProductionState
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.prerequisites import RollbackPrerequisites
from postdeploy.redaction import Secret
from postdeploy.rollback.plan import NOT_RESTORED
from postdeploy.runbook.tables import Runbook
from postdeploy.target.preflight import Target
from postdeploy.vercel.ids import is_deployment_id


def prerequisites(
    good: LastGood | NoLastGood, state: ProductionState, runbook: Runbook, bypass: Secret | None
) -> RollbackPrerequisites:
    """What a rollback would need, as of now. Three requests at the target's own address."""
    answers, how = (None, "") if isinstance(good, NoLastGood) else answering(good, runbook, bypass)
    return RollbackPrerequisites(
        target=good if isinstance(good, LastGood) else None,
        missing=good.why if isinstance(good, NoLastGood) else "",
        answers=answers,
        how=how,
        pinned=state.project.pinned_by_rollback,
        rolling_release=state.rolling.canary if state.rolling else "",
        not_restored=NOT_RESTORED,
    )


def answering(good: LastGood, runbook: Runbook, bypass: Secret | None) -> tuple[bool | None, str]:
    """Whether a deployment answers at its own address as itself, and how; None: it could not be asked."""
    if not good.url:
        return None, "has no known address of its own"
    target = Target(good.url, runbook, bypass)
    try:
        return _judged(good, target.pin(), target.get(runbook.app.list_path).status_code)
    except Misbehaved as error:
        return False, f"does not answer: {error}"
    except Blocked as error:
        return None, f"could not be asked: {error.what}"
    except httpx.HTTPError as error:
        return False, f"does not answer: {type(error).__name__}"
    finally:
        target.close()


def _judged(good: LastGood, served: Deployment, status: int) -> tuple[bool | None, str]:
    if is_deployment_id(served.deployment_id) and served.deployment_id != good.id:
        return False, f"is not what its address serves: {served.name}"
    if status not in SIGNED_OUT:
        return False, f"answers its login page, but its read API answers {status} without a session"
    return True, "answers"
