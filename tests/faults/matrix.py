"""The matrix as data: what each state must lead to. `make faults` measures it and writes docs/faults.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One state of the sandbox and the verdict it must lead to. Empty fields are not asserted."""

    fault: str
    decision: str
    reason: str | None = None
    recommendation: str = ""
    cause: str = ""
    """The cause of the first failing finding."""
    says: str = ""
    """What the verdict's summary must name."""
    named: bool = True
    """Whether the runbook names the smoke user's workspaces."""
    old_session: bool = False
    """Whether the shared session was signed in before the state began."""


ROWS = (
    Row("healthy", "PASS", recommendation="keep"),
    Row("database-down-before-load", "FAIL", None, "hold", "database", "database"),
    Row("database-down-after-load", "FAIL", None, "hold", "database", "database"),
    Row("database-slow", "FAIL", None, "investigate", "no-answer", "not answered within 10 s"),
    Row("database-silent", "FAIL", None, "investigate", "no-answer", "not answered within 10 s"),
    Row("database-url-missing", "FAIL", None, "investigate", "server", "environment variable"),
    Row("invalid-use-server", "FAIL", None, "investigate", "server-actions", "every Server Action"),
    Row("action-throws", "FAIL", None, "investigate", "server-actions", "digest"),
    Row("list-route-throws", "FAIL", None, "investigate", "list-route", "conversation list answered 500"),
    Row("messages-fail", "FAIL", None, "investigate", "messages", "conversation can't be opened"),
    Row("server-foreign-rows", "FAIL", None, "investigate", "wrong-workspace", "the server's list holds"),
    Row("client-foreign-cards", "FAIL", None, "investigate", "wrong-cards", "shows"),
    Row("auth-hangs", "FAIL", None, "hold", "auth-service", "auth service"),
    Row("auth-rejects-refresh", "FAIL", None, "investigate", "session-rejected", "session was rejected"),
    Row("auth-500", "FAIL", None, "hold", "auth-service", "auth service"),
    Row("login-redirect-loop", "FAIL", None, "investigate", "redirect-loop", "redirect loop"),
    Row("chunk-missing", "FAIL", None, "investigate", "asset", "can't be loaded"),
    Row("client-crash", "FAIL", None, "investigate", "client-crash", "script failed"),
    Row("endless-spinner", "FAIL", None, "investigate", "never-rendered", "never appear"),
    Row("blank-page", "FAIL", None, "investigate", "blank-page", "blank"),
    Row("list-empty", "FAIL", None, "investigate", "empty-list", "is empty"),
    Row("first-conversation-fails", "FAIL", None, "investigate", "messages", "can't be opened"),
    Row("other-conversation", "FAIL", None, "investigate", "messages", "another conversation"),
    Row("workspace-hidden", "FAIL", None, "investigate", "wrong-workspace", "although the server sends"),
    Row("session-not-read", "FAIL", None, "investigate"),
    Row("auth-times-out", "FAIL", None, "hold", "auth-service", "auth service"),
    Row("action-throws-variously", "PASS", recommendation="keep"),
    Row("error-without-debug-id", "PASS", recommendation="keep"),
    Row("error-names-person", "PASS", recommendation="keep"),
    Row("cron-fails", "PASS", recommendation="keep"),
    Row("cards-transparent", "FAIL", None, "investigate", "never-rendered"),
    Row("messages-hidden", "FAIL", None, "investigate", "messages", "shows none of them"),
    Row("inbox-covered", "FAIL", None, "investigate", "never-rendered", "nobody can reach"),
    Row("late-banner", "FAIL", None, "investigate", "unknown", "syncing your inbox"),
    Row("vanishing-cards", "FAIL", None, "investigate", "never-rendered"),
    Row("reload-loop", "FAIL", None, "investigate", "redirect-loop", "reloads itself"),
    Row("page-blocked", "FAIL", None, "investigate", "client-crash", "blocks the browser"),
    Row("harmless-noise", "PASS", recommendation="keep"),
    Row("people-quote-errors", "PASS", recommendation="keep"),
    Row("read-api-off", "PASS", recommendation="keep"),
    Row("slow-within-budget", "PASS", recommendation="keep"),
    Row("empty-workspace", "PASS", recommendation="keep", named=False),
    Row("redeployed-before-run", "PASS", recommendation="keep", old_session=True),
    Row("redeploy-during-run", "INCONCLUSIVE", "superseded", "measure-again"),
    Row("protection-wall", "INCONCLUSIVE", "blocked", "measure-again", says="deployment protection"),
    Row("bot-challenge", "INCONCLUSIVE", "blocked", "measure-again", says="challenged"),
    Row("one-workspace", "INCONCLUSIVE", "blocked", "measure-again", says="1 workspace"),
    Row("foreign-workspaces", "INCONCLUSIVE", "blocked", "measure-again", says="runbook.toml does not name"),
    Row("wrong-password", "INCONCLUSIVE", "blocked", "measure-again", says="refuses the same"),
    Row("captcha-required", "INCONCLUSIVE", "blocked", "measure-again", says="CAPTCHA"),
    Row("captcha-widget", "INCONCLUSIVE", "blocked", "measure-again", says="CAPTCHA"),
    Row("second-factor", "INCONCLUSIVE", "blocked", "measure-again", says="second factor"),
    Row("auth-rate-limited", "INCONCLUSIVE", "blocked", "measure-again", says="rate"),
)
