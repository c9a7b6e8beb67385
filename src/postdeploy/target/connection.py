"""Why there is no connection to the target: its own fault, that of this machine, or of what is between them."""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from postdeploy.model import Blocked, Cause, Diagnosis, Misbehaved, UsageError
from postdeploy.system.trust import CURE, is_certificate_refused
from postdeploy.target.clocks import ClockComparison

_OUT_OF_TIME = (9, 10)
"""OpenSSL: not yet valid, expired."""
_OF_THIS_MACHINE = (
    *(errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL),
    *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EACCES, errno.EPERM),
)
"""Errors that say nothing about the target: no network, no free descriptors, a firewall in this machine."""
_SECONDS = 5.0


class NoConnection(Blocked):
    """No way to the target: no name, no route, no descriptor. Whether any other address answers says whose fault it is."""


def unreachable(base_url: str, error: httpx.ConnectError, clock: ClockComparison) -> Misbehaved | Blocked:
    """What a failed connection means."""
    reason = root_cause(error)
    host = urlsplit(base_url).hostname
    if isinstance(reason, ssl.SSLError):
        return _clock_at_fault(base_url, reason, clock) or _untrusted(base_url, reason)
    if proxy := proxy_of(base_url):
        what = f"{host} is not reached through this machine's proxy ({proxy}): {reason}"
        return Blocked(what, "Correct HTTP_PROXY, HTTPS_PROXY or NO_PROXY; then re-run.")
    if is_dns_failure(reason):
        return NoConnection(f"{host} does not resolve (DNS)", "Check --base-url, or the runner's network; then re-run.")
    if isinstance(reason, OSError) and reason.errno in _OF_THIS_MACHINE:
        return NoConnection(
            f"this machine can't connect to {host} ({reason})", "Check its network and limits; then re-run."
        )
    return _misbehaved(base_url, f"the connection failed ({reason})")


def _misbehaved(base_url: str, what: str) -> Misbehaved:
    return Misbehaved(f"{base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what))


def _untrusted(base_url: str, reason: ssl.SSLError) -> Misbehaved | Blocked:
    """Behind a proxy, a certificate of an unknown authority is likely to be the proxy's own."""
    what = f"TLS fails: {getattr(reason, 'verify_message', '') or reason.reason or reason}"
    if not is_certificate_refused(what):
        return _misbehaved(base_url, what)
    if proxy := proxy_of(base_url):
        return Blocked(f"{base_url}: {what}, through this machine's proxy ({proxy})", CURE)
    return _misbehaved(base_url, f"{what}. {CURE}")


def _clock_at_fault(base_url: str, reason: ssl.SSLError, clock: ClockComparison) -> Blocked | None:
    """A certificate out of its time may be this machine's fault: the target says what time it is. Nothing secret is sent."""
    if getattr(reason, "verify_code", None) not in _OUT_OF_TIME:
        return None
    asked = time.time()
    try:
        answer = httpx.head(base_url, verify=False, timeout=_SECONDS)  # noqa: S501
    except httpx.HTTPError:
        return None
    clock.compare(answer.headers, asked, time.time())
    return clock.objection()


@contextlib.contextmanager
def proxies_that_work() -> Iterator[None]:
    """Where an HTTP client is made.

    Raises:
        UsageError: the environment names a proxy of a kind that it can't use, or hosts that can't be read.
    """
    names = "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY"
    try:
        yield
    except ImportError:
        raise UsageError(
            f"{names} names a SOCKS proxy, which needs a package: pip install 'httpx[socks]'. Or unset it."
        ) from None
    except ValueError:
        raise UsageError(
            f"{names} names a proxy of an unknown kind. Name one with http://, https:// or socks5://, or unset it."
        ) from None
    except httpx.InvalidURL as error:
        raise UsageError(
            f"{names}, or a host in NO_PROXY, can't be read ({error}). Correct it: NO_PROXY=localhost,.example.com,[::1]"
        ) from None


def proxy_of(url: str) -> str | None:
    """The host of the proxy through which the environment sends requests to this address, or None."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    return urlsplit(proxy).netloc.rpartition("@")[2] if proxy and not proxy_bypass(parts.hostname or "") else None


def root_cause(error: BaseException) -> BaseException:
    """The first error of a chain: the operating system's."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return error


def is_dns_failure(error: BaseException) -> bool:
    """Whether a host name does not resolve."""
    return isinstance(error, socket.gaierror)
