"""HTTP requests outside the browser: marked with user agent and nonce, few at a time, counted, stopped by the first challenge."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from postdeploy.logs.own_marks import NONCE
from postdeploy.model import Blocked, Sent
from postdeploy.page.journal import Exchange, Kind
from postdeploy.system import loopback
from postdeploy.system.gateway import by_the_framework
from postdeploy.system.protection import challenged, is_challenge, is_protection, protected
from postdeploy.system.trust import authorities
from postdeploy.system.user_agent import user_agent

MOST_AT_ONCE = 4
MOST = 60
_LONGEST_ERROR = 120


@dataclass(frozen=True, slots=True)
class Probe:
    """One request to be made."""

    path: str
    """On the deployment; or a full address, for another host that should serve the deployment."""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    tries: str = ""
    """How it is made, for people: `without the secret`, …"""
    repeatable: bool = False
    """Whether it only reads, whatever the app does with it: a gateway's single answer to it is repeated."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a probe."""

    tries: str
    exchange: Exchange
    json: bool = False
    text: str = ""
    """The body, if the probe keeps it: never written anywhere."""

    @property
    def line(self) -> str:
        """For people: how it was asked, and the answer."""
        return f"{self.tries}: {self.exchange.line()}" if self.tries else self.exchange.line()


class Prober:
    """Makes the probes of a run. Used from several threads."""

    def __init__(self, base_url: str, nonce: str, timeout: float, cookies: Mapping[str, str], most: int = MOST) -> None:
        self.sent: list[Sent] = []
        """The requests made, so that they can be found in the log."""
        self.forgive: Callable[[str], bool] = lambda _: False
        """Whether a gateway's answer to this request may be repeated."""
        self._nonce = nonce
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._left = most
        self._lock = threading.Lock()
        self._room = threading.Semaphore(MOST_AT_ONCE)
        self._stopped: str | None = None
        self._http = httpx.Client(
            base_url=base_url,
            timeout=timeout,
            headers={"user-agent": user_agent(), "accept": "application/json,text/html;q=0.8,*/*;q=0.5"},
            limits=httpx.Limits(max_connections=MOST_AT_ONCE),
            mounts=loopback.mounts(),
            verify=authorities(),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, probe: Probe, *, keep: bool = False) -> Reply:
        """Make one request, without following redirects. Only a gateway's answer to a read is repeated, once in a run.

        Raises:
            Blocked: the platform challenged a probe, now or before; or the run has made as many as it may.
        """
        with self._room:
            self._count()
            reply = self._reply(probe, keep=keep)
            if probe.repeatable and reply.exchange.of_a_gateway and self.forgive(reply.exchange.line()):
                self._count()
                reply = self._reply(probe, keep=keep)
        if reply.exchange.mitigated:
            self._stopped = f"the platform challenged a probe (bot protection): {reply.exchange.template}"
            raise challenged(self._stopped)
        return reply

    def _count(self) -> None:
        with self._lock:
            if self._stopped:
                raise challenged(self._stopped)
            if self._left == 0:
                raise Blocked(
                    f"more than {MOST} HTTP probes would be needed", "List fewer routes and endpoints in runbook.toml."
                )
            self._left -= 1

    def _reply(self, probe: Probe, *, keep: bool) -> Reply:
        began = time.time() * 1000
        path = urlsplit(probe.path).path
        # The bypass cookie is for this host only, not for another address that should serve the deployment.
        own = {"cookie": self._cookies} if self._cookies and probe.path.startswith("/") else {}
        params = {**dict(httpx.URL(probe.path).params), NONCE: self._nonce}
        try:
            answer = self._http.request(
                probe.method, probe.path, params=params, headers=own | dict(probe.headers), content=probe.body
            )
        except httpx.HTTPError as error:
            failure = "no answer in time" if isinstance(error, httpx.TimeoutException) else type(error).__name__
            return Reply(probe.tries, Exchange(Kind.OTHER, probe.method, path, began, failure=failure))
        exchange, is_json = read(answer, probe.method, path, began, time.time() * 1000 - began)
        self.sent.append(Sent(probe.method, path, began, answer.status_code, exchange.request_id))
        return Reply(probe.tries, exchange, is_json, answer.text if keep else "")


def read(answer: httpx.Response, method: str, path: str, began: float, ms: float) -> tuple[Exchange, bool]:
    """An answer as the journal keeps it, without its body except for an error's text; and whether it is JSON."""
    headers = answer.headers
    text = answer.text[:20_000]
    said, is_json = _error(text, headers.get("content-type", ""))
    exchange = Exchange(
        kind=Kind.OTHER,
        method=method,
        path=path,
        started=began,
        ms=ms,
        status=answer.status_code,
        error=said,
        content_type=headers.get("content-type", "").partition(";")[0] or None,
        request_id=headers.get("x-vercel-id") or headers.get("x-request-id"),
        location=urlsplit(headers["location"]).path if "location" in headers else None,
        platform_error=headers.get("x-vercel-error"),
        mitigated=is_challenge(headers, text),
        walled=is_protection(answer.status_code, headers, text),
        superseded_action="x-nextjs-action-not-found" in headers,
        of_the_framework=by_the_framework(headers),
        digest="thrown" if '1:E{"digest"' in text else None,
    )
    return exchange, is_json


def _error(text: str, content_type: str) -> tuple[str | None, bool]:
    if "json" not in content_type:
        return None, False
    try:
        body = json.loads(text)
    except ValueError:
        return None, False
    if not isinstance(body, dict):
        return None, True
    said = body.get("error", body.get("message") if body.get("success") is False else None)
    if said is None and body.get("success") is False:
        said = "success: false"
    return (said[:_LONGEST_ERROR] if isinstance(said, str) else None), True


def blocked_by_protection(reply: Reply) -> Blocked | None:
    """Deployment protection answered instead of the app; None: it did not."""
    if not reply.exchange.walled:
        return None
    return protected(f"deployment protection answered {reply.exchange.template} instead of the app")
