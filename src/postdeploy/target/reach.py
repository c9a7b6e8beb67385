"""Where the address does not answer: does anything else answer this runner? A runner without a route proves nothing.

Asked only after the target has failed twice, and never for an address of this machine.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import httpx

from postdeploy.model import Blocked, Cause, Misbehaved
from postdeploy.system import loopback
from postdeploy.system.trust import authorities
from postdeploy.system.user_agent import user_agent
from postdeploy.target.connection import NoConnection


def weighed(failure: Misbehaved, base_url: str, others: Iterable[str], timeout: float) -> Misbehaved | Blocked:
    """The same failure where one of the other addresses answers, or none is needed; else that this runner can't reach the network.

    `timeout`: seconds for each address.
    """
    unreachable = failure.diagnosis is not None and failure.diagnosis.cause is Cause.UNREACHABLE
    if not unreachable or _is_here(base_url):
        return failure
    return _cut_off(str(failure), others, timeout) or failure


def explained(stopped: NoConnection, others: Iterable[str], timeout: float) -> Blocked:
    """The same obstacle; that this runner can't reach the network, if none of the other addresses answers."""
    return _cut_off(stopped.what, others, timeout) or stopped


def _cut_off(what: str, others: Iterable[str], timeout: float) -> Blocked | None:
    asked = tuple(dict.fromkeys(others))
    if any(answers(each, timeout) is None for each in asked):
        return None
    hosts = ", ".join(urlsplit(each).netloc for each in asked)
    says = f"this runner cannot reach the network: {what}, and neither does {hosts} answer it"
    return Blocked(says, "Check the runner's network, proxy and firewall; then re-run.")


def answers(url: str, timeout: float) -> str | None:
    """None where the address answers, whatever it says; else why not."""
    try:
        with httpx.Client(
            timeout=timeout, verify=authorities(), mounts=loopback.mounts(), headers={"user-agent": user_agent()}
        ) as client:
            client.get(url)
    except httpx.TimeoutException:
        return f"no answer within {timeout:g} s"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return str(error) or type(error).__name__
    return None


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def timed(get: Callable[[str], httpx.Response], path: str) -> tuple[int, float] | None:
    """Status and seconds of one GET; None: no answer in time."""
    began = time.monotonic()
    try:
        return get(path).status_code, time.monotonic() - began
    except httpx.HTTPError:
        return None
