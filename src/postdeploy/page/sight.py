"""All that a diagnosis may rest on, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.model import Blocked
from postdeploy.page.journal import Exchange, Kind
from postdeploy.page.screen import Screen
from postdeploy.runbook.tables import Runbook


@dataclass(frozen=True, slots=True)
class Sight:
    """All that a diagnosis may rest on, as of one moment."""

    journal: tuple[Exchange, ...]
    screen: Screen
    runbook: Runbook
    now: float = 0.0
    """Epoch milliseconds."""
    page_errors: tuple[str, ...] = ()
    reloads: int = 0
    """How often the page has loaded itself anew since it was opened. Once is the app's own, when it finds itself outdated."""
    silent: float = 0.0
    """Milliseconds since the script inside the page reported last."""
    session_kept: bool | None = None
    """Whether the session cookie is still there; None: not signed in yet."""

    def of(self, *kinds: Kind) -> list[Exchange]:
        """The exchanges of these kinds."""
        return [exchange for exchange in self.journal if exchange.kind in kinds]

    @property
    def unanswered(self) -> list[Exchange]:
        """What is pending beyond its budget."""
        limit = self.runbook.budgets.answer * 1000
        late = [one for one in self.journal if one.pending and self.now - one.started >= limit]
        return [one for one in late if one.kind is not Kind.OTHER] or late

    @property
    def unreadable_reads(self) -> list[Exchange]:
        """The reads that answered 200 with something else than data."""
        return [one for one in self.of(Kind.API) if one.status == 200 and "json" not in (one.content_type or "json")]

    @property
    def failing(self) -> bool:
        """Whether something failed, hangs, or is shown as an error: then that is the trouble, whatever else is odd."""
        failed = any(one.failed or one.lost for one in self.journal if one.kind is not Kind.OTHER)
        return bool(failed or self.screen.error or self.unanswered or self.page_errors)

    @property
    def said(self) -> str:
        """Every error text that the page shows or an answer carries."""
        texts = [self.screen.panel, self.screen.banner, self.screen.boundary]
        texts += self.screen.error_toasts
        texts += [exchange.error for exchange in self.journal]
        return "\n".join(text for text in texts if text)


def challenge(journal: tuple[Exchange, ...]) -> Blocked | None:
    """Whether the platform answered instead of the app: then nothing more can be learnt from here."""
    if any(exchange.mitigated for exchange in journal):
        return Blocked(
            "the platform challenged the browser (bot protection)",
            "Allow the runner in the firewall's bypass rules, or set VERCEL_AUTOMATION_BYPASS_SECRET; then measure again.",
        )
    if any(exchange.walled for exchange in journal):
        return Blocked(
            "deployment protection answered instead of the app",
            "Set VERCEL_AUTOMATION_BYPASS_SECRET to the project's bypass secret; then measure again.",
        )
    return None
