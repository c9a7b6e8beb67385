"""The requests of a page and their answers, as values without bodies, names or secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlsplit

from postdeploy.runbook.path_steps import without_instances
from postdeploy.system.gateway import STATUSES

_MORE_THAN_STEPS = re.compile(r"^//|[?#\t\r\n]")

_OF_THE_APP = ("application/json", "text/x-component")


class Kind(StrEnum):
    """What a request was for."""

    PAGE = "page"
    ACTION = "action"
    API = "api"
    ASSET = "asset"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. `started`: epoch milliseconds; `ms`: until the answer was complete, None while it is not."""

    kind: Kind
    method: str
    path: str
    started: float
    ms: float | None = None
    status: int | None = None
    action: str | None = None
    """The Server Action's id: all actions share one path."""
    failure: str | None = None
    """Why the network gave no answer, as the browser says it."""
    cancelled: bool = False
    """The page cancelled the request, or was left before the answer arrived."""
    error: str | None = None
    """The text of a handled failure inside the answer (`success: false`)."""
    content_type: str | None = None
    request_id: str | None = None
    digest: str | None = None
    framework_error: str | None = None
    """The framework's class of the error, where a digest carries it: `E80`, `E352`, …"""
    ref: str | None = None
    build: str | None = None
    location: str | None = None
    """Where a redirect leads: a path."""
    platform_error: str | None = None
    """The platform's error code: FUNCTION_INVOCATION_TIMEOUT, …"""
    mitigated: bool = False
    """The platform answered with a challenge instead of the app."""
    walled: bool = False
    """The platform's deployment protection answered instead of the app."""
    replayed: bool = False
    """A cache between the browser and the app gave an answer that was made for an earlier request."""
    of_the_framework: bool = False
    """The answer bears a header that only the app's framework sets."""
    superseded_action: bool = False
    """`x-nextjs-action-not-found`: page and server come from different builds."""

    @property
    def template(self) -> str:
        """Method and path without ids and values: the same for the same fault."""
        return f"{self.method} {path_template(self.path)}" + (" (Server Action)" if self.kind is Kind.ACTION else "")

    @property
    def key(self) -> tuple[str, str, str | None]:
        """The same for a request and its retries."""
        return self.method, self.path, self.action

    @property
    def read_api_off(self) -> bool:
        """The read API is switched off by its flag: by design, not a failure."""
        return self.status == 503 and self.error == "READ_API_DISABLED"

    @property
    def failed(self) -> bool:
        """Whether the server refused or failed."""
        if self.read_api_off:
            return False
        return (self.status is not None and self.status >= 400) or self.error is not None or self.digest is not None

    @property
    def of_a_gateway(self) -> bool:
        """Whether a gateway answered in the app's place: 502 to 504 without any mark or format of the app or the platform."""
        ours = (self.digest, self.error, self.build, self.platform_error)
        speaks = self.content_type in _OF_THE_APP or self.superseded_action or self.of_the_framework
        speaks = speaks or any(one is not None for one in ours)
        return self.status in STATUSES and not speaks

    @property
    def lost(self) -> bool:
        """The network gave no answer, and the page did not cancel the request."""
        return self.failure is not None and self.status is None and not self.cancelled

    @property
    def pending(self) -> bool:
        """Whether the answer is still awaited."""
        return self.ms is None and self.failure is None

    @property
    def unreadable(self) -> bool:
        """Whether a page came where data was asked for: a page of a login, of a firewall, of maintenance."""
        return self.kind in (Kind.ACTION, Kind.API) and self.status == 200 and self.content_type == "text/html"

    def describe_unreadable(self) -> str:
        """What is wrong with an answer of 200 that is not data."""
        led = f" (redirected to {self.location})" if self.location else ""
        return f"{self.template} answered 200 with {self.content_type} instead of JSON{led}"

    def line(self) -> str:
        """The exchange in one line for people."""
        parts = [self.template]
        if self.status is not None:
            parts.append(" ".join(str(each) for each in (self.status, self.platform_error) if each))
        elif self.failure:
            parts.append(self.failure)
        else:
            parts.append("unanswered")
        if self.ms is not None:
            parts.append(f"{self.ms / 1000:.1f} s")
        for name, value in (
            ("digest", self.digest),
            ("ref", self.ref),
            ("request id", self.request_id),
            ("build", self.build if self.failed else None),
            ("with", self.content_type if self.unreadable else None),
        ):
            if value:
                parts.append(f"{name} {value}")
        if self.error:
            parts.append(f"“{self.error}”")
        if self.location:
            parts.append(f"→ {path_template(self.location)}")
        return ", ".join(parts)


@lru_cache(maxsize=4096)
def path_template(path: str) -> str:
    """`/api/x/<uuid>?a=1&b=2` → `/api/x/:id?a&b`: without ids and values."""
    if path.startswith("/") and not _MORE_THAN_STEPS.search(path):  # nearly all: much quicker
        return without_instances(path)
    split = _split(path)
    names = sorted({name for name, _ in parse_qsl(split.query, keep_blank_values=True)})
    return without_instances(split.path) + (f"?{'&'.join(names)}" if names else "")


def _split(address: str) -> SplitResult:
    """Of anything that can be asked for: a bot asks for `//[`, which is not an address."""
    try:
        return urlsplit(address)
    except ValueError:
        path, _, query = address.partition("#")[0].partition("?")
        return SplitResult("", "", path, query, "")


def is_cancellation(failure: str) -> bool:
    """Whether the browser's error says that the page cancelled the request: `net::ERR_ABORTED`, `AbortError: …`."""
    return "abort" in failure.lower()


def action_leads_to(headers: Mapping[str, str]) -> str | None:
    """The path to which a Server Action redirects: `/next;push`; None: to none."""
    return urlsplit(headers.get("x-action-redirect", "").partition(";")[0]).path or None


def given_up(exchanges: Iterable[Exchange], retries: int) -> list[Exchange]:
    """The requests whose last retry has failed: the page will not send them again."""
    tries: dict[tuple[str, str, str | None], list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.pending:
            continue
        if exchange.failed:
            tries.setdefault(exchange.key, []).append(exchange)
        else:
            tries.pop(exchange.key, None)
    return [failed[-1] for failed in tries.values() if len(failed) > retries]


def lasting(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The failures that no later success of the same request made good (clients retry)."""
    last: dict[tuple[str, str, str | None], Exchange] = {}
    for exchange in exchanges:
        if not exchange.pending:
            last[exchange.key] = exchange
    return [exchange for exchange in last.values() if exchange.failed]


def evidence(exchanges: list[Exchange], most: int = 4) -> tuple[str, ...]:
    """A line for each request, by its last answer, with how often it was made; at most so many lines."""
    attempts: dict[tuple[str, str, str | None], list[Exchange]] = {}
    for exchange in exchanges:
        attempts.setdefault(exchange.key, []).append(exchange)
    lines = [each[-1].line() + (f" ({len(each)} times)" if len(each) > 1 else "") for each in attempts.values()]
    more = len(lines) - most
    return tuple(lines[:most] + ([f"… and {more} more"] if more > 0 else []))


def single_hiccup(exchanges: Iterable[Exchange]) -> Exchange | None:
    """The only failure, where it is one answer of a gateway to a GET; None: nothing failed, or something else, or more."""
    failed = [
        one for one in exchanges if one.kind is not Kind.OTHER and (one.failed or one.lost or _is_broken_off(one))
    ]
    hiccup = len(failed) == 1 and failed[0].method == "GET" and failed[0].of_a_gateway
    return failed[0] if hiccup else None


def _is_broken_off(one: Exchange) -> bool:
    return one.kind is Kind.ASSET and one.failure is not None and not one.cancelled
