"""Faults that a first look misses, for they come later, go away, or are only in what stands next to the list; and healthy siblings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.edge.errors import Counts, ForgetsActions, LandsOnError
from sandbox.fault import Decision, Fault, in_the_app

if TYPE_CHECKING:
    from sandbox.switches import Switches

NEW_LEADS = """
    CREATE TEMPORARY TABLE fresh AS SELECT "id" FROM (
        SELECT "id", row_number() OVER (PARTITION BY "clientId" ORDER BY "lastMessageAt" DESC) AS place FROM "Lead"
    ) AS lead WHERE place IN (1, 3);
    DELETE FROM "Message" WHERE "leadId" IN (SELECT "id" FROM fresh);
    UPDATE "Lead" SET "preview" = 'No messages with ' || "name" || ' yet' WHERE "id" IN (SELECT "id" FROM fresh);
    DROP TABLE fresh;
"""
DRAFTS = """UPDATE "Lead" SET "preview" = 'Dear ' || "name" || ', here is what I would answer, number ' || "score";"""


def _edge(name: str, description: str, barrier: ForgetsActions | Counts | LandsOnError, decision: Decision) -> Fault:
    def begin(switches: Switches) -> None:
        switches.edge.barrier = replace(barrier)

    return Fault(name, description, decision, begin)


def _tag(name: str, description: str, decision: Decision) -> Fault:
    return Fault(name, description, decision, lambda switches: switches.tag(name))


def _written(name: str, description: str, script: str) -> Fault:
    return Fault(name, description, "PASS", lambda switches: switches.write_into_the_database(script))


MOMENT_FAULTS = (
    _edge(
        "actions-404-midrun", "after some calls the server knows none of the Server Actions", ForgetsActions(4), "FAIL"
    ),
    _edge(
        "action-404-once",
        "once in a run the server does not know a Server Action, and the page reloads itself",
        ForgetsActions(4, 1),
        "FAIL",
    ),
    _edge("counts-null", "the counts are null", Counts(200, {"success": True, "counts": None}), "PASS"),
    _edge("counts-500", "the counts answer 500", Counts(500, {"success": False, "error": "Unknown"}), "FAIL"),
    _edge("login-lands-on-error", "signing in works, and leads to an error page", LandsOnError(500), "FAIL"),
    _edge(
        "login-lands-on-error-200", "signing in works, and leads to an error page with 200", LandsOnError(200), "FAIL"
    ),
    _tag("modal-stuck", "a dialog lies over the inbox and cannot be closed", "FAIL"),
    _tag("modal-with-button", "a dialog lies over the inbox until its one button is pressed", "PASS"),
    _tag("reload-once", "a second after the page is loaded it reloads itself, once in a tab", "PASS"),
    _tag("reload-once-later", "some seconds after the page is loaded it reloads itself, once in a tab", "PASS"),
    _tag("toast-passes", "a message “Error loading conversations” appears for two seconds", "PASS"),
    _tag("toast-stays", "a message “Error loading conversations” appears and stays", "PASS"),
    in_the_app("react-crash-185", "once a conversation is opened, a component changes its state without end"),
    in_the_app("conversations-blank", "the first and the third conversation are answered without their messages"),
    Fault(
        "messages-shuffled",
        "the messages of a conversation are not in the order of their times",
        "PASS",
        lambda switches: switches.app("messages-shuffled"),
    ),
    in_the_app("second-list-hangs", "the list of the second workspace never ends, the others are answered"),
    in_the_app("cookie-elsewhere", "the session's cookie is for another domain, and browsers refuse it"),
    Fault(
        "workspaces-of-another",
        "the inbox shows another user's workspaces, and none of the user's own",
        "INCONCLUSIVE",
        lambda switches: switches.app("workspaces-of-another"),
    ),
    _written("leads-new", "the first and the third lead have no message yet, and the list says so", NEW_LEADS),
    _written("drafts-unmarked", "the list shows what could be answered, without saying that it is a draft", DRAFTS),
)
