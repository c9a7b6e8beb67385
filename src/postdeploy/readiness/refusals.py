"""What counts as a refusal of the app itself, and what the other answers mean."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from postdeploy.readiness.prober import Reply


class Refusal(StrEnum):
    """What an answer to somebody without credentials means."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    MISSING = "is not there"
    LEADS_AWAY = "leads to another page"
    FAILS = "fails"
    SILENT = "does not answer"
    OTHER = "answers something else"


def meaning(reply: Reply, refuses: Collection[int] = (401,)) -> Refusal:
    """What the app answered. A wall is to be noticed before."""
    status = reply.exchange.status
    if status is None:
        return Refusal.SILENT
    if status in refuses and reply.json and reply.exchange.error:
        return Refusal.REFUSED
    if 200 <= status < 300:
        return Refusal.ACCEPTED
    if status == 404:
        return Refusal.MISSING
    if 300 <= status < 400:
        return Refusal.LEADS_AWAY
    return Refusal.FAILS if status >= 500 else Refusal.OTHER
