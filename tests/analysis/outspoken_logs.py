"""Error lines in which the app speaks of itself, next to words that look like a quotation of a person outside: each must be heard.

A template holds the reason as `{t}`: any of `SAYS`. Those without one name a setting.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.analysis.quoting_logs import (
    CLAY,
    CRON,
    FORM,
    LIST,
    MAILS,
    PAGE,
    SAYS,
    SLACK,
    SMS,
    UNSET,
    failing,
    written,
)
from tests.analysis.strange_logs import Case

# What was to be done with a row, a person or a setting, not with a text; and routes by which no one outside sends any
OF_ROWS = (
    (PAGE, "Failed to label conversation: {t}"),
    (PAGE, "Failed to tag lead: {t}"),
    (PAGE, "could not translate draft: {t}"),
    (PAGE, "Failed to summarize conversation: {t}"),
    (PAGE, "could not classify reply 12: {t}"),
    (PAGE, "the lead wrote: {t}"),
    (LIST, "Failed to tag conversation 5: {t}"),
    (LIST, "Failed to match lead: {t}"),
    (LIST, "no intent found for message: {t}"),
    *((CRON, f"could not {deed}: {{t}}") for deed in (
        "identify user", "score leads", "extract contacts", "analyze workspace", "match campaigns", "route to tenant",
        "Detect tenant db", "classify replies", "classify reply 12",
    )),
    (CRON, "reply_text={t}"),
    (MAILS, "Failed to label conversation: {t}"),
    (MAILS, "could not classify lead 12: {t}"),
    (MAILS, "could not classify replies: {t}"),
    (MAILS, "could not classify user message row: {t}"),
    (MAILS, "could not label campaign: {t}"),
    (MAILS, "Failed to classify command: {t}"),
    (SMS, "no intent found for workspace 5: {t}"),
    (MAILS, "Failed to label message 12: {t}"),
    (MAILS, "could not triage reply 12: {t}"),
    (MAILS, "Failed to parse reply 12: {t}"),
    (MAILS, "could not match reply from lead 7: {t}"),
    (MAILS, "message from 2026-12-01: {t}"),
    (MAILS, "message from queue 7: {t}"),
    (MAILS, "email from contact 7: {t}"),
    (SMS, "no category found for request: {t}"),
)  # fmt: skip
# Several words and a colon, on routes by which people outside send texts
OF_FEW_WORDS = (
    (MAILS, "Something went wrong: {t}"),
    (MAILS, "There was a problem: {t}"),
    (MAILS, "An issue occurred: {t}"),
    (CLAY, "Internal server problem: {t}"),
    (CLAY, "Fatal problem in handler: {t}"),
    (CLAY, "[hook] bailing out: {t}"),
    (SMS, "Oops, no luck today: {t}"),
    (SMS, "Twilio says: {t}"),
    (FORM, "Contact form: {t}"),
    (MAILS, "inbound email: {t}"),
    (MAILS, "new message: {t}"),
    (MAILS, "subject: {t}"),
)
OF_SETTINGS = (
    (MAILS, "[email] not ready: SUPABASE_SERVICE_ROLE_KEY is not set"),
    (MAILS, "Inbound webhook misconfigured: SUPABASE_SERVICE_ROLE_KEY is not set"),
    (SMS, "Twilio auth token: TWILIO_AUTH_TOKEN is not set"),
    (FORM, "Contact form: RESEND_API_KEY is not set"),
    (SLACK, "Slack app: SLACK_BOT_TOKEN is not set"),
    (MAILS, "signature verification is disabled: WEBHOOK_SECRET is not set"),
    (MAILS, "Failed to parse message queue url: DATABASE_URL is not set"),
    (MAILS, "could not classify reply 12, OPENAI_API_KEY is not set"),
    (MAILS, "could not interpret email settings: DATABASE_URL is not set"),
)
# One word that says little
OF_ONE_WORD = (
    (MAILS, "Unhandled request: {t}"),
    (MAILS, "Unhandled request rejection: {t}"),
    (MAILS, "Unhandled email job error: {t}"),
    (MAILS, "unexpected message from database: {t}"),
    (MAILS, "unexpected answer from postgres: {t}"),
    (PAGE, "Unread messages: {t}"),
    (MAILS, "Unread messages: {t}"),
    (MAILS, "Unhandled: {t}"),
    (MAILS, "unexpected: {t}"),
    (CRON, "Unhandled in cron: {t}"),
    (MAILS, "Unhandled message: {t}"),
    (MAILS, "unknown reply: {t}"),
)
# An operation, or a failure, behind who said something or what was not found
OF_OPERATIONS = (
    (MAILS, "customer replied but the reply could not be saved: {t}"),
    (MAILS, "lead 12 replied but storing it failed: {t}"),
    (MAILS, "customer sent a reply, insert failed: {t}"),
    (MAILS, "the lead wrote, but: {t}"),
    (MAILS, "the lead wrote to us; not stored: {t}"),
    (MAILS, "customer 7 asked to archive; update failed: {t}"),
    (PAGE, "user asked to archive; update failed: {t}"),
    (MAILS, "[cache] no match in cache, query failed: {t}"),
    (MAILS, "no campaign found for workspace 5, db says: {t}"),
    (MAILS, "no intent found for reply 12, lookup failed: {t}"),
    (MAILS, "could not save reply from lead 7: {t}"),
    (MAILS, "storing reply from lead 7: {t}"),
    (MAILS, "[db] insert, subject={t}"),
    (MAILS, "insert of mail failed subject={t}"),
)
# What a service answered
OF_ANSWERS = (
    (MAILS, "[supabase] request failed, body: {t}"),
    (MAILS, "[db] error text: {t}"),
    (MAILS, "[pg] failed, status text: {t}"),
    (MAILS, "[supabase] status=500 body={t}"),
    (MAILS, "[supabase] status=500 text={t}"),
    (MAILS, "[pg] response.text={t}"),
    (MAILS, "[pg] content: {t}"),
)
# Behind a quotation
OF_THE_APP_BEHIND = (
    (MAILS, "could not classify reply 12: db error: {t}"),
    (MAILS, "could not classify reply 12: db: {t}"),
    (MAILS, "could not classify reply 12: query failed with {t}"),
    (MAILS, "could not classify reply 12: hi there - Error: {t}"),
    (MAILS, "could not classify reply 12: hi there (Error: {t})"),
    (MAILS, "could not classify reply 12: hi there | error: {t}"),
    (MAILS, "could not classify reply 12: we tried – {t}"),
    (MAILS, "could not classify reply 12: we tried; {t}"),
    (MAILS, "could not classify reply 12: we tried\n[db] {t}"),
    (MAILS, "could not classify reply 12: we tried because {t}"),
    (MAILS, "could not classify reply 12: we tried, {t}"),
    (MAILS, "could not classify reply 12: we tried. {t}"),
    (MAILS, "could not classify reply 12: we tried -> {t}"),
    (MAILS, "could not classify reply 12: we tried / {t}"),
    (MAILS, "could not classify reply 12: we tried [{t}"),
    (MAILS, "could not classify reply 12: we tried after 3 attempts {t}"),
    (MAILS, "could not classify reply 12: we tried with code 500 {t}"),
    (MAILS, "could not classify reply 12: we tried err={t}"),
    (MAILS, "could not classify reply 12: we tried -- {t}"),
    (MAILS, "could not classify reply 12: we tried, got {t}"),
    (MAILS, "could not classify reply 12: we tried + {t}"),
    (MAILS, 'could not classify reply 12 "we tried" {t}'),
    (MAILS, 'could not classify reply 12: "we tried": {t}'),
    (MAILS, "could not classify reply 12: 'we can't' {t}"),
    (MAILS, "could not classify reply 12: “we tried” – {t}"),
    (MAILS, 'could not classify reply 12: "we tried, {t}'),
    (MAILS, "could not classify reply 12: prisma says {t}"),
    (MAILS, "could not classify reply 12: upsert -> {t}"),
    (MAILS, "could not classify reply 12: {t}\n    at classify (/var/task/.next/server/app/api/a.js:1:1)"),
    (MAILS, "the lead wrote: we tried, query failed: {t}"),
    (MAILS, "inbound reply from lead 7: insert failed: {t}"),
    (MAILS, "sms from +49 151 2345: not stored: {t}"),
    (MAILS, "subject=hi there error={t}"),
    (MAILS, "subject=hi there, {t}\nError: {t}"),
    (MAILS, "reply_text=hi there body={t}"),
    (MAILS, "Error: could not classify reply 12: {t}"),
    (MAILS, "no intent found for message: Timed out: {t}"),
)
SPEAKING = (*OF_ROWS, *OF_FEW_WORDS, *OF_ONE_WORD, *OF_OPERATIONS, *OF_ANSWERS, *OF_THE_APP_BEHIND)


def _cases() -> Iterator[Case]:
    for number, (path, template) in enumerate(SPEAKING):
        text = [*SAYS][number % len(SAYS)]
        yield failing(path, written(template, text), text)
    for path, said in OF_SETTINGS:
        yield failing(path, said, UNSET)


CASES = (*_cases(),)
