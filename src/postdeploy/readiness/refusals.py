"""What counts as a refusal of the app itself, and what the other answers mean."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from postdeploy.readiness.prober import Reply


class Answer(StrEnum):
    """What an answer to somebody without credentials means."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    MISSING = "is not there"
    LEADS_AWAY = "leads to another page"
    FAILS = "fails"
    SILENT = "does not answer"
    OTHER = "answers something else"


def meaning(reply: Reply, refuses: Collection[int] = (401,)) -> Answer:
    """What the app answered. A wall is to be noticed before."""
    status = reply.exchange.status
    if status is None:
        return Answer.SILENT
    if status in refuses and reply.json and reply.exchange.error:
        return Answer.REFUSED
    if 200 <= status < 300:
        return Answer.ACCEPTED
    if status == 404:
        return Answer.MISSING
    if 300 <= status < 400:
        return Answer.LEADS_AWAY
    return Answer.FAILS if status >= 500 else Answer.OTHER
