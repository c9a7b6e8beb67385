"""Causes → what they call for: the table that docs/decisions shows to people; a test holds both together."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.model import BY_PRIORITY, Cause, Recommendation

_HOLD, _BACK, _LOOK = Recommendation.HOLD, Recommendation.ROLL_BACK, Recommendation.INVESTIGATE
_MEND, _FORWARD = Recommendation.FIX_ENVIRONMENT, Recommendation.FIX_FORWARD


@dataclass(frozen=True, slots=True)
class CauseRow:
    """What failures of some causes call for."""

    name: str
    causes: tuple[Cause, ...]
    not_tried: Recommendation
    """The same check could not be tried on the last-good deployment."""
    helps: Recommendation
    """It passes there, and fails again here."""
    fails_there: Recommendation
    """It also fails there."""
    echo: bool = False
    """Whether a browser may see the echo of what only the log names: a database, a setting, a missing column."""

    @property
    def of_the_build(self) -> bool:
        """Whether it may be the build's own fault, so that what passed on the build before says something."""
        return self.helps is _BACK and self.not_tried in (_BACK, _LOOK)


TABLE = (
    CauseRow("the database", (Cause.DATABASE,), _HOLD, _BACK, _HOLD, echo=True),
    CauseRow("the auth service", (Cause.AUTH_SERVICE, Cause.SESSION_REJECTED), _HOLD, _BACK, _HOLD),
    CauseRow("a setting", (Cause.ENVIRONMENT, Cause.EXPOSED_KEY), _MEND, _MEND, _MEND),
    CauseRow("the auth service's address or key in the build", (Cause.AUTH_SETTINGS,), _MEND, _MEND, _HOLD),
    CauseRow("the database's schema", (Cause.SCHEMA,), _FORWARD, _BACK, _FORWARD),
    CauseRow("code that a digest speaks of", (Cause.SERVER_ACTIONS, Cause.SERVER), _BACK, _BACK, _HOLD, echo=True),
    CauseRow(
        "code, plainly",
        (
            Cause.CLIENT_CRASH,
            Cause.WRONG_CARDS,
            Cause.ASSET,
            Cause.BLOCKED_BY_POLICY,
            Cause.AUTH_REGRESSION,
            Cause.OPEN_DOOR,
        ),
        _BACK,
        _BACK,
        _HOLD,
    ),
    CauseRow(
        "unclear",
        (
            Cause.LIST_ROUTE,
            Cause.MESSAGES,
            Cause.WRONG_WORKSPACE,
            Cause.EMPTY_LIST,
            Cause.NO_ANSWER,
            Cause.REDIRECT_LOOP,
            Cause.NEVER_RENDERED,
            Cause.BLANK_PAGE,
            Cause.PAGE,
            Cause.UNREACHABLE,
            Cause.FUNCTION_DIED,
            Cause.UNKNOWN,
        ),
        _LOOK,
        _BACK,
        _HOLD,
        echo=True,
    ),
    CauseRow("outside the inbox", (Cause.CRON, Cause.WEBHOOK, Cause.LOG_PATTERN), _LOOK, _LOOK, _LOOK),
    CauseRow("the canary of auto-send revision", (Cause.CANARY,), _LOOK, _LOOK, _LOOK),
    CauseRow("a rollback without effect", (Cause.NOT_RESTORED,), _LOOK, _LOOK, _LOOK),
)
"""Causes → what they call for."""


ORDER = BY_PRIORITY
"""Where failures call for different things: the first of these."""
