"""Error lines that quote what a person outside wrote, as apps print it, and lines like them in which the app speaks itself.

A template holds the text as `{t}`, or as a literal of JavaScript as `{q}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.analysis.strange_logs import PEOPLE, SPREAD, Case, line
from tests.logs.rows import Sent

MAILS, CLAY, SLACK, FORM = "/api/webhooks/email", "/api/webhooks/clay", "/api/slack/events", "/api/contact"
SMS, INBOUND, CALLBACK = "/api/twilio/sms", "/api/inbound-email", "/api/unipile/callback"
CRON, PAGE, LIST = "/api/cron/classify", "/", "/api/inbox/conversations"
OUT = "Can't reach database server at db.acme.de:5432"
UNSET = "DATABASE_URL is not set"
PASSWORD = 'password authentication failed for user "app"'
RELATION = 'relation "leads" does not exist'
SAYS = {
    PASSWORD: ("fix-environment", "environment"),
    UNSET: ("fix-environment", "environment"),
    RELATION: ("fix-forward", "schema"),
    OUT: ("hold", "database"),
}
"""What people wrote, and what it would say of the deployment if it were the app's."""


_LEADS = (
    *("could not classify reply 12", "no intent found for message", "the lead wrote", "inbound reply from lead 7"),
    *("sms from +49 151 2345", "Failed to categorize the inbound e-mail", "[hook] no category for mail <12@acme.de>"),
    *("[webhook] could not classify reply 12 from bob@acme.com", "mail from bob@acme.com", "customer 12 asked"),
    *("⨯ visitor replied", "[a] [b] couldn't understand comment from lead 12", "unable to interpret message m-12"),
)  # fmt: skip
_MARKS = ("{t}", '"{t}"', "'{t}'", "`{t}`", "“{t}”", "«{t}»")
THEIRS = (
    # Behind what is known to stand before a text of a person outside, without quotation marks and with any
    *((MAILS, f"{lead}: {text}") for lead in _LEADS for text in _MARKS),
    *((SMS, f"{lead} {text}") for lead in _LEADS for text in _MARKS[1:]),
    *((MAILS, f"{field}={text}") for field in ("subject", "reply_text", "emailBody") for text in _MARKS),
    *((path, "could not classify reply 12: {t}") for path in (CLAY, SLACK, FORM, SMS, INBOUND, CALLBACK)),
    (MAILS, "could not classify reply 12 -> {t}"),
    (MAILS, 'could not classify reply 12: "{t}" (lead 12)'),
    (MAILS, 'could not classify reply 12: "{t}" Error: no label'),
    (MAILS, "could not classify reply 12: we tried and got {t}"),
    (MAILS, "failed to classify message “{t}” (lead 12)"),
    # In fields
    (CLAY, "could not classify reply, subject={t}"),
    (CLAY, "could not classify reply 12 (subject={t})"),
    (MAILS, "[webhook] intent=unknown, subject={t}, lead=12"),
    (MAILS, "[webhook] subject=hi there reply_text={t}"),
    # As loggers print it
    (MAILS, "2026-12-01T10:00:00.000Z ERROR could not classify reply: {t}"),
    (MAILS, "\x1b[31merror\x1b[39m: could not classify reply: {t}"),
    (MAILS, "[12:00:00.123] ERROR (17): could not classify reply: {t}"),
    (MAILS, 'level=error ts=1 msg="could not classify reply 12: {t}"'),
    (MAILS, 'level=error ts=1 msg="unknown lead" snippet="{t}"'),
    # In quotation marks, on any route (mentions.toml, peoples_texts.toml)
    (MAILS, '[webhook] could not classify "{t}"'),
    (MAILS, "[webhook] could not classify '{t}'"),
    (MAILS, "[webhook] could not classify `{t}`"),
    (MAILS, "[webhook] could not classify “{t}”"),
    (CRON, 'could not detect language of "{t}"'),
    (MAILS, "could not classify [ {q} ]"),
    (MAILS, "could not classify reply {{\n  id: 12,\n  raw: [ {q} ]\n}}"),
    (MAILS, "Unmatched inbound email “{t}” from bob@acme.com"),
    (MAILS, '[sms] STOP not detected in "{t}"'),
)  # fmt: skip
BELIEVED = (
    # Texts of people that are taken for the app's own words: nothing that the app never writes of itself stands before them
    (MAILS, "[webhook] could not classify {t}"),
    (MAILS, "[webhook] could not classify: {t}"),
    (MAILS, "[webhook] could not classify -> {t}"),
    (MAILS, "[webhook] could not classify (confidence 0.2) {t}"),
    (MAILS, "could not classify reply from lead 12\n{t}\nthanks"),
    (MAILS, "Could not classify reply:\n\n  {t}\n\n-- \nBob"),
    (MAILS, "could not classify: we tried, and got {t}"),
    (MAILS, "could not classify reply 12: we tried, and got {t}"),
    (MAILS, "[webhook] failed to parse reply: {t}"),
    (MAILS, "[webhook] cannot route message {t}"),
    (MAILS, "Unable to determine the intent of: {t}"),
    (SLACK, "[slack] did not understand: {t}"),
    (CRON, "[cron] could not summarize thread 5: {t}"),
    (CRON, "[triage] could not triage: {t}"),
    (CRON, 'failed to translate "{t}"'),
    (PAGE, "[draft] could not understand the reply: {t}"),
    (CLAY, "[clay] unknown intent: {t}"),
    (SLACK, "unhandled command {t}"),
    (MAILS, "[inbound] unparsed: {t}"),
    (MAILS, "sentiment unclear for: {t}"),
    (MAILS, "[webhook] malformed reply: {t}"),
    (CRON, "unclassified reply = {t}"),
    (CLAY, "could not classify reply title: {t}"),
    (CLAY, "[clay] cannot classify (snippet: {t})"),
    (CRON, "[classify] skipped, text={t}"),
    (PAGE, "draft skipped, snippet: {t}"),
    (MAILS, "[webhook] intent=unknown, reply={t}, lead=12"),
    (MAILS, "[webhook] subject=hi there body={t}"),
    (MAILS, "[webhook] rejected: title={t}"),
    (MAILS, "[webhook] payload.text={t}"),
    (MAILS, "[email] subject: {t}\nFrom: bob"),
    (FORM, "[contact] honeypot hit, comment={t}"),
    (CRON, "reply of customer 12 is odd, reply from the lead: {t}"),
    (CRON, "last inbound message: {t}"),
    (CRON, "the visitor asked: {t}"),
    (MAILS, "[webhook] lead acme inc, munich, has an open question: {t}"),
    (MAILS, "[webhook] prompt injection suspected: {t}"),
    (MAILS, "[webhook] bob@acme.com: {t}"),
    (MAILS, "needs review: {t}"),
    (MAILS, '[hook] out-of-scope question from a prospect: {t}'),
    (MAILS, "[email] spam: {t}"),
    (FORM, "contact form: {t}"),
    (MAILS, "2026-12-01T10:00:00.000Z ERROR could not classify: {t}"),
    (MAILS, "\x1b[31merror\x1b[39m: could not classify: {t}"),
    (MAILS, "[12:00:00.123] ERROR (17): could not classify: {t}"),
    (MAILS, 'level=error ts=1 msg="could not classify: {t}"'),
)  # fmt: skip
OURS = (
    # The line begins with it, or a class, a code, a driver's words stand before it
    (MAILS, "{t}"),
    (CLAY, "[db] {t}"),
    (MAILS, "Error: {t}"),
    (MAILS, "FATAL: {t}"),
    (MAILS, "[cause]: Error: {t}"),
    (MAILS, "PrismaClientInitializationError: {t}"),
    (MAILS, "[hook] could not classify PrismaClientInitializationError: {t}"),
    (MAILS, "[hook] could not classify: [PrismaClientKnownRequestError: {t}]"),
    (MAILS, "[hook] could not classify (PrismaClientInitializationError: {t})"),
    (MAILS, "[hook] could not classify reply 12: Error: {t}"),
    (MAILS, "could not classify reply Error: {t}\n    at x (/var/task/a.js:1:1)"),
    (MAILS, "could not classify reply 12\nError: {t}\n    at x (/var/task/.next/server/a.js:1:1)"),
    (MAILS, "lead said: we tried\nError: {t}"),
    (MAILS, "[hook] lead 12 wrote: we tried\n[db] {t}"),
    # … an operation that failed
    (MAILS, "[db] connect failed: {t}"),
    (MAILS, "[hook] insert failed: {t}"),
    (MAILS, "[hook] could not save reply: {t}"),
    (MAILS, "[hook] failed to store inbound message: {t}"),
    (MAILS, "[hook] inbound reply not stored: {t}"),
    (MAILS, "reply from lead 12 could not be saved: {t}"),
    (MAILS, "[hook] error while saving reply from lead 12: {t}"),
    (MAILS, "Failed to save message from bob@acme.com: {t}"),
    (MAILS, "could not find thread for message 12: {t}"),
    (MAILS, "processing of reply 12 failed: {t}"),
    (MAILS, "classification failed: {t}"),
    (MAILS, "[hook] could not classify: lead lookup failed: {t}"),
    (MAILS, "[hook] handler crashed: {t}"),
    (MAILS, "[hook] transaction rolled back: {t}"),
    (MAILS, "Unhandled rejection: {t}"),
    (MAILS, "Error handling email.received: {t}"),
    (MAILS, "POST /api/inbound failed: {t}"),
    (PAGE, "Failed to update title: {t}"),
    (PAGE, "could not create note: {t}"),
    (CRON, "loading subject lines failed: {t}"),
    # … or a part of the app, or a reason
    (MAILS, "postgres: {t}"),
    (MAILS, "[hook] prisma.lead.create: {t}"),
    (MAILS, "Clay webhook: {t}"),
    (MAILS, "lead enrichment: {t}"),
    (MAILS, "[hook] error for lead 12: {t}"),
    (MAILS, "[hook] 3 of 5 rows not written: {t}"),
    (MAILS, "config: {t}"),
    (MAILS, "[ingest] upsert of message 12 for lead 5: {t}"),
    (MAILS, "could not classify reply because {t}"),
    (MAILS, "could not classify reply 12, {t}"),
    (MAILS, "could not classify reply 12 – {t}"),
    (CRON, "reply sync: {t}"),
    (CRON, "sync of workspace 12: {t}"),
    (PAGE, "generate reply: {t}"),
    (PAGE, "note: {t}"),
    (MAILS, "could not parse connection string: {t}"),
    # … or a field for errors
    (MAILS, 'could not classify reply text="hi you" err="{t}"'),
    (MAILS, "could not classify reply subject=hi there error={t}"),
    (MAILS, "could not classify reply {{ id: 12, err: {q} }}"),
    (MAILS, "[hook] message: {t}"),
    (MAILS, "reason: {t}"),
    # As loggers print it
    (MAILS, "2026-12-01T10:00:00.000Z ERROR [hook] {t}"),
    (MAILS, "[12:00:00.123] ERROR (17): store failed: {t}"),
    (MAILS, 'level=error ts=1 msg="insert failed: {t}"'),
    (MAILS, 'level=error ts=1 msg="could not classify" reason="{t}"'),
)  # fmt: skip


def written(template: str, text: str) -> str:
    """The line. In logfmt and in literals quotation marks are escaped."""
    is_logfmt = template.startswith("level=")
    return template.format(t=text.replace('"', '\\"') if is_logfmt else text, q=json.dumps(text))


def as_json(template: str, text: str) -> str:
    """The same as the message of a line of JSON."""
    return json.dumps({"level": "error", "time": 1, "msg": written(template, text), "id": 4})


def error_in_json(text: str) -> str:
    """The app's own error behind a person's text."""
    said = {"level": "error", "msg": "could not classify: we tried", "err": {"type": "Error", "message": text}}
    return json.dumps(said)


def method(path: str) -> str:
    """Of the requests that write these lines."""
    return "GET" if path in (CRON, LIST) else "POST"


def often(said: str, path: str) -> list[Sent]:
    return [*PEOPLE, *(line(at, said, path, method=method(path)) for at in SPREAD)]


def failing(path: str, said: str, text: str) -> Case:
    """A log in which the app says `text` itself."""
    name = f"{path} fails: {said!r}"
    if text == RELATION and path not in (PAGE, LIST):
        return Case(name, often(said, path), warns="the database lacks a table")
    says, cause = SAYS[text]
    return Case(name, often(said, path), says, 0, cause)


def _cases() -> Iterator[Case]:
    for number, (path, template) in enumerate(THEIRS[::3]):
        text = [*SAYS][number % len(SAYS)]
        yield Case(
            f"{path} quotes: {written(template, text)!r}", often(written(template, text), path), warns="no signal"
        )
    for number, (path, template) in enumerate(OURS):
        text = OUT if "Initialization" in template else [*SAYS][number % len(SAYS)]
        yield failing(path, written(template, text), text)


CASES = (*_cases(),)
