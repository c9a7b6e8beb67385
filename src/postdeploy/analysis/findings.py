"""What a log says about a deployment: a finding is one sentence about one subject, with the incidents that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.system import times

if TYPE_CHECKING:
    from postdeploy.analysis.incidents import Incident


class LogSubject(StrEnum):
    """What a finding is about: the checks ask by it."""

    ERRORS = "server-action-errors"
    DATABASE = "database"
    CONFIGURATION = "configuration"
    SCHEMA = "schema"
    ROUTES = "routes"
    SESSIONS = "sessions"
    ORIGINS = "origins"
    OWN = "own-signals"
    PATTERNS = "patterns"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class LogFinding:
    """One thing that the log says about the deployment."""

    subject: LogSubject
    severity: Severity
    sentence: str
    cause: Cause | None = None
    recommendation: Recommendation | None = None
    incidents: tuple[Incident, ...] = ()
    saturated: bool = False
    """Whether an incident names connections to the database that ran out."""
    unproven: str = ""
    """Why it is neither good nor a failure: what is missing, or what was seen; empty: it is one of both."""


def line_of(incident: Incident) -> str:
    """An incident in one line for people."""
    first, last = times.time_of_day(incident.first), times.time_of_day(incident.last)
    when = first if first == last else f"{first}–{last}"
    new = {True: ", new", False: ", known before", None: ""}[incident.new]
    own = f" + {incident.suite_requests} of our own" if incident.suite_requests else ""
    return f"{incident.requests} ×{own} {incident.place}: {incident.shown}  ({when} UTC{new}, {incident.fingerprint})"
