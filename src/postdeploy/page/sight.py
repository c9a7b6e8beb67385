"""All the facts that a diagnosis may rest on, at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.model import Blocked
from postdeploy.page.delays import Delay, delay
from postdeploy.page.journal import Exchange, Kind, lasting
from postdeploy.page.refusals import BlockedRequest, RefusedFile
from postdeploy.page.screen import Screen
from postdeploy.runbook.tables import Runbook
from postdeploy.system.protection import challenged, protected

_THREW = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """All the facts that a diagnosis may rest on, at one moment."""

    journal: tuple[Exchange, ...]
    screen: Screen
    runbook: Runbook
    now: float = 0.0
    """Epoch milliseconds."""
    page_errors: tuple[str, ...] = ()
    refused_files: tuple[RefusedFile, ...] = ()
    """Files of the build that the browser can't use although they arrived."""
    blocked: tuple[BlockedRequest, ...] = ()
    """What the page's own content security policy blocks."""
    origin: str = ""
    """The app's own address."""
    reloads: int = 0
    """How often the page has reloaded itself since it was opened. Once is normal: the app reloads when it is outdated."""
    silent: float = 0.0
    """Milliseconds since the script inside the page reported last."""
    session_kept: bool | None = None
    """Whether the session cookie is still there; None: not signed in yet."""

    def of(self, *kinds: Kind) -> list[Exchange]:
        """The exchanges of these kinds."""
        return [exchange for exchange in self.journal if exchange.kind in kinds]

    @property
    def unanswered(self) -> list[Exchange]:
        """Requests that are pending beyond their budget."""
        limit = self.runbook.budgets.answer * 1000
        late = [one for one in self.journal if one.pending and self.now - one.started >= limit]
        return [one for one in late if one.kind is not Kind.OTHER] or late

    @property
    def unreadable_reads(self) -> list[Exchange]:
        """The reads that answered 200 with something else than data."""
        return [one for one in self.of(Kind.API) if one.status == 200 and "json" not in (one.content_type or "json")]

    @property
    def no_read_succeeds(self) -> bool:
        """Whether no data came: to requests of two kinds, a read among them, or while one of them hangs."""
        login = self.runbook.app.login_path
        asked = [one for one in self.of(Kind.API, Kind.ACTION) if one.path.split("?")[0] != login and not one.cancelled]
        came = [one for one in asked if one.ms is not None and not one.failed and not one.lost and one.status]
        if came or not asked:
            return False
        hangs = any(one in asked for one in self.unanswered)
        return hangs or (len({one.key for one in asked}) > 1 and any(one.kind is Kind.API for one in asked))

    @property
    def throws(self) -> bool:
        """Whether the app itself, and no gateway, answers a read with 5xx for good."""
        return any((one.status or 0) >= _THREW and not one.of_a_gateway for one in lasting(self.of(Kind.API)))

    @property
    def failing(self) -> bool:
        """Whether something failed, hangs, or is shown as an error: then that is the cause, whatever else looks wrong."""
        failed = any(one.failed or one.lost for one in self.journal if one.kind is not Kind.OTHER)
        return bool(failed or self.screen.error or self.unanswered or self.page_errors or self.delay)

    @property
    def delay(self) -> Delay | None:
        """Whether the page is not done because its answers take long."""
        return delay(self.journal, self.now, self.runbook.budgets.settle)

    @property
    def saturated(self) -> bool:
        """Whether an error text names connections to the database that ran out."""
        return any(text in self.said for text in self.runbook.meaning.saturation_texts)

    @property
    def said(self) -> str:
        """Every error text that the page shows or an answer carries."""
        return "\n".join(self.texts)

    @property
    def texts(self) -> list[str]:
        """The same, one by one; never what people write."""
        texts = [self.screen.panel, self.screen.banner, self.screen.boundary]
        texts += self.screen.error_toasts
        texts += [exchange.error for exchange in self.journal]
        return [text for text in texts if text]


def challenge(journal: tuple[Exchange, ...]) -> Blocked | None:
    """Why nothing more can be learned here: the platform answered instead of the app."""
    if any(exchange.mitigated for exchange in journal):
        return challenged("the platform challenged the browser (bot protection)")
    if any(exchange.walled for exchange in journal):
        return protected("deployment protection answered instead of the app")
    return None
