"""What rows and messages can mean: signals, parts of the app, routes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

DIED = 999
"""The status of a request whose function died without an answer (-1 in the log): worse than any other."""
UNKNOWN_STATUS = 0
"""The status of a request whose rows name none."""

FINGERPRINT_VERSION = 6
"""Fingerprints of another version are not compared: the same error may read differently. 1: until the words were read by structure;
2: until a connection that timed out named its host; 3: until a minifier's names and secrets without digits were left out;
4: until the row that broke a constraint, and rarer addresses of people, were left out; 5: until what an error is printed in (`⨯`, a time,
brackets) was left out, all of a long text was read, and parameters and routes of the app were kept."""


class Signal(StrEnum):
    """What happened to a request. Those up to ORIGIN_REJECTED can fail a deployment; docs/findings/ explains them."""

    SERVER_ACTION_ERROR = "server_action_error"
    RENDER_ERROR = "render_error"
    INBOX_ROUTE_ERROR = "inbox_route_error"
    INBOX_ERROR = "inbox_error"
    """The inbox wrote that it failed, and answered without a 5xx."""
    ROUTE_ERROR = "route_error"
    DATABASE_UNREACHABLE = "database_unreachable"
    DATABASE_SLOW = "database_slow"
    DATABASE_MISCONFIGURED = "database_misconfigured"
    SCHEMA_DRIFT = "schema_drift"
    SESSION_REJECTED = "session_rejected"
    NOT_AUTHENTICATED = "not_authenticated"
    AUTH_SLOW = "auth_slow"
    FUNCTION_DIED = "function_died"
    ORIGIN_REJECTED = "origin_rejected"
    CREDENTIALS_REFUSED = "credentials_refused"
    """Another service refuses the app's key: it explains failures."""
    UNSET_ADDRESS = "unset_address"
    """A call to no host, or to this machine: it explains failures."""
    DEPLOYMENT_PAUSED = "deployment_paused"
    """Vercel does not serve the project: it explains failures."""
    PLATFORM_FAILED = "platform_failed"
    """Vercel itself failed: it explains failures."""
    STALE_PLAN = "stale_plan"
    """The database's connections are older than its schema: it explains failures."""
    SERVICE_FAILED = "service_failed"
    """A called service is out of order: it explains failures."""
    CLIENT_LEFT = "client_left"
    """The client left before its answer was ready, which is not the deployment's error."""
    VERSION_SKEW = "version_skew"
    READ_API_DISABLED = "read_api_disabled"
    MISSING_DEBUG_ID = "missing_debug_id"
    PERSONAL_DATA = "personal_data"
    UNNAMED_ABORT = "unnamed_abort"
    """A call was aborted, and the line does not name the service: it may be the auth service's."""
    OTHER_ERROR = "other_error"
    """An error line that no other signal explains."""


class Part(StrEnum):
    """What a request was for, by method and path."""

    __hash__ = str.__hash__  # an Enum's own is much slower

    ACTION = "Server Action"
    PAGE = "page"
    INBOX = "inbox route"
    ROUTE = "route"
    ASSET = "asset"


class Route(NamedTuple):
    """Method and path without ids: the same for the same kind of request."""

    part: Part
    template: str
    known: bool = False
    """The log names the function that answered, or the app's routes the page; else the path alone says what it was for."""
    by_path: str = ""
    """What the path alone would call it, where that is something else."""
    shown: str = ""
    """The template as people see it: without what may name a person (`shown_paths`)."""


@dataclass(frozen=True, slots=True)
class MessageMeaning:
    """What a message means; the same for all messages that differ only in ids, numbers and the like."""

    rank: int
    """0: an uncaught error, 1: a known signal, 2: an error line, `PLAIN`: any other line of a failing request; `HINT`: no message."""
    normalized: str
    """The message without what differs from request to request."""
    signals: tuple[str, ...] = ()
    """Names of `Signal`, or of the app's own signals."""
    known: int | None = None
    """Which entry of [[known]] it matches."""
    cut: bool = False
    """Its end was cut off before its stack."""
    is_error: bool = False
    """It is an error line, of whichever rank: a signal may claim it."""


def importance(meaning: MessageMeaning | None) -> tuple[bool, int, str, tuple[str, ...], int, bool]:
    """By what the messages of a request are ordered: no message before all, unknown before known noise."""
    if meaning is None:
        return (False, 0, "", (), -1, False)
    known = -1 if meaning.known is None else meaning.known
    return (True, meaning.rank, meaning.normalized, meaning.signals, known, meaning.is_error)


PLAIN = 3
"""The rank of a line that is not an error's: it explains its request only where no error of that request names the trouble."""
HINT = 9
"""The rank of what is not a message: what a row without one shows of the reason (`silence`)."""


class RowMeaning(NamedTuple):
    """What a row means."""

    route: Route
    status: int
    message: MessageMeaning | None
    """None: the row is quiet. It says no more than that its request was there; nearly all rows do."""
    own: bool = False
    """Its request is the suite's own, of any run: it is counted apart."""


def status_of(logged: int | None) -> int:
    """A request's status as it is counted: the worse, the higher."""
    return UNKNOWN_STATUS if logged is None else DIED if logged < 0 else logged


_FAILURES = {
    Part.ACTION: Signal.SERVER_ACTION_ERROR,
    Part.PAGE: Signal.RENDER_ERROR,
    Part.INBOX: Signal.INBOX_ROUTE_ERROR,
    Part.ROUTE: Signal.ROUTE_ERROR,
    Part.ASSET: Signal.ROUTE_ERROR,
}
"""What it means that a request failed, by what it was for."""


def failure_of(route: Route, status: int, meaning: MessageMeaning | None) -> Signal:
    """What it means that a request of this kind failed."""
    for not_its_own in (Signal.VERSION_SKEW, Signal.CLIENT_LEFT):
        if meaning and not_its_own in meaning.signals:
            return not_its_own
    if route.part is Part.INBOX and meaning and Signal.READ_API_DISABLED in meaning.signals and status == 503:
        return Signal.READ_API_DISABLED
    return _FAILURES[route.part]


class LongMessage(NamedTuple):
    """A message of which only the beginning was read."""

    first: str
    """How much: `600 words`."""
    message: int
    """A number that is the message's, in every process."""
