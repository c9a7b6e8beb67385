"""What a first look misses, as rows of the matrix."""

from __future__ import annotations

from tests.faults.row import Row

OPENS = "test_a_conversation_opens_and_its_messages_arrive"
SWITCHES = "test_switching_back_and_forth_leaves_no_error"

MOMENT_ROWS = (
    Row("actions-404-midrun", "FAIL", None, "roll-back", "server-actions", "different builds"),
    Row("action-404-once", "FAIL", None, "roll-back", "server-actions", "different builds"),
    Row("counts-null", "PASS", recommendation="keep"),
    Row("counts-500", "FAIL", None, "roll-back", "server", "/api/inbox/counts?clientId answered 500"),
    Row("login-lands-on-error", "FAIL", None, "investigate", "page", "500"),
    Row("login-lands-on-error-200", "FAIL", None, "investigate"),
    Row("modal-stuck", "FAIL", None, "investigate", "never-rendered", "covered by dialog"),
    Row("modal-with-button", "PASS", recommendation="keep", warned="dialog"),
    Row("reload-once", "PASS", recommendation="keep", says="39 checks"),
    Row("reload-once-later", "PASS", recommendation="keep", says="39 checks"),
    Row("toast-passes", "PASS", recommendation="keep", warned="the page said “Error loading conversations”"),
    Row("toast-stays", "PASS", recommendation="keep", warned="the page said “Error loading conversations”"),
    Row("react-crash-185", "FAIL", None, "roll-back", "client-crash", "script failed", check=OPENS),
    Row("conversations-blank", "FAIL", None, "investigate", "messages", "without any message", check=OPENS),
    Row("messages-shuffled", "PASS", recommendation="keep", warned="in no order of their times"),
    Row("second-list-hangs", "FAIL", None, "investigate", "no-answer", check=SWITCHES),
    Row("cookie-elsewhere", "FAIL", None, "roll-back", "auth-regression"),
    Row("workspaces-of-another", "INCONCLUSIVE", "blocked", "measure-again", says="none of the workspaces"),
    Row("leads-new", "PASS", recommendation="keep"),
    Row("drafts-unmarked", "PASS", recommendation="keep"),
)
