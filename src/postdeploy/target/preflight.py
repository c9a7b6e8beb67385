"""Before the checks: does the target answer, is it the app itself, and which build is it?"""

from __future__ import annotations

import contextlib
import importlib.metadata
import socket
import ssl
import time
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import httpx

from postdeploy.model import Blocked, Cause, Deployment, Diagnosis, Misbehaved, Sent
from postdeploy.redaction import Secret
from postdeploy.runbook.tables import Runbook
from postdeploy.system import loopback
from postdeploy.target.identity import read_identity

USER_AGENT = f"postdeploy/{importlib.metadata.version('postdeploy')}"
_MOST_REDIRECTS = 8
_ERROR = "x-vercel-error"
"""The header by which the platform says that it answers in the place of a deployment, and why."""

_CHALLENGE = ("Vercel Security Checkpoint", "Just a moment...")
_BYPASS = "_vercel_jwt"
"""The cookie by which deployment protection lets in whoever has shown the bypass secret."""
_RELEASE = "_vcrr_"
"""How the cookie's name begins that says which deployment of a rolling release its bearer gets; the project's mark follows."""
_FORCE_CANARY = "vcrrForceCanary=true"


class Target:
    """The deployment under verification, over plain HTTP: signed out, with a clean cookie jar."""

    def __init__(self, base_url: str, runbook: Runbook, bypass: Secret | None = None) -> None:
        self.base_url = base_url
        self._runbook = runbook
        self.challenged = False
        """Whether the platform took us for a bot: then nothing more is asked than must be."""
        self.sent: list[Sent] = []
        """What was asked, for whoever looks for it in the log."""
        self._bypass = bypass
        self._kept: tuple[str, ...] = (_BYPASS,)
        """How the names of cookies begin that are sent again. Any other may tie us to a deployment that nobody else gets."""
        self._http = httpx.Client(
            base_url=base_url,
            timeout=runbook.budgets.preflight,
            headers={"user-agent": USER_AGENT, "accept": "text/html,*/*;q=0.8"},
            limits=httpx.Limits(max_connections=4),
            event_hooks={"response": [self._clean]},
            mounts=loopback.mounts(),
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def cookies(self) -> list[tuple[str, str]]:
        """What the browser needs to get the same answers: the way through the wall, and the place in a rolling release.

        They stay on this host; a header would travel to third parties.
        """
        return [
            (each.name, each.value or "") for each in list(self._http.cookies.jar) if each.name.startswith(self._kept)
        ]

    def adopt(self, cookies: Iterable[tuple[str, str]]) -> None:
        """In another process of the same run: get the same answers."""
        self._kept = (_BYPASS, _RELEASE)
        for name, value in cookies:
            self._http.cookies.set(name, value, domain=self._domain)

    def force_canary(self) -> None:
        """From now on be one of those who get the new deployment of a rolling release. Good as long as that goes on."""
        self._kept = (_BYPASS, _RELEASE)
        self.get(f"{self._runbook.app.login_path}?{_FORCE_CANARY}")

    @property
    def _domain(self) -> str:
        host = urlsplit(self.base_url).hostname or ""
        return host if "." in host else f"{host}.local"  # so `http.cookiejar` names a host without dots

    def _clean(self, _answer: httpx.Response) -> None:
        """Forget the cookies that are not kept: what answers next must be what answers a newcomer."""
        jar = self._http.cookies.jar
        for each in list(jar):
            if not each.name.startswith(self._kept):
                with contextlib.suppress(KeyError):  # another thread was quicker
                    jar.clear(each.domain, each.path, each.name)

    def get(self, path: str) -> httpx.Response:
        """One GET without following redirects; transport errors are tried once more, but not who let us wait."""
        at = time.time() * 1000
        try:
            answer = self._http.get(path)
        except httpx.TimeoutException:
            raise
        except httpx.TransportError:
            answer = self._http.get(path)
        self.challenged = self.challenged or "x-vercel-mitigated" in answer.headers
        asked = answer.request.url.path
        self.sent.append(Sent("GET", asked, at, answer.status_code, answer.headers.get("x-vercel-id")))
        return answer

    def pin(self) -> Deployment:
        """Which build serves the login page.

        Raises:
            Blocked: DNS, wall, challenge, another app: nothing can be said about the deployment.
            Misbehaved: refused, no answer in time, broken TLS, 404 or 5xx, twice.
        """
        try:
            return self._look()
        except Misbehaved:
            time.sleep(self._runbook.budgets.second_look)
            return self._look()

    def lands_on(self, path: str) -> str:
        """The path at which the redirects from `path` end for a stranger.

        Raises:
            Misbehaved: they never end.
        """
        answer, walked = self._walk(path)
        raise_if_not_the_app(answer, self.base_url)
        if len(walked) > _MOST_REDIRECTS:
            raise self._loop(walked)
        return walked[-1]

    def identity(self) -> Deployment | None:
        """Which build serves the login page now, or None where it does not answer as a page."""
        if self._bypass and not any(name.startswith(_BYPASS) for name, _ in self.cookies):
            self._ask_for_bypass_cookie(self._bypass)
        try:
            answer = self.get(self._runbook.app.login_path)
        except httpx.HTTPError:
            return None
        return read_identity(self.base_url, answer.text) if answer.status_code == 200 else None

    def _look(self) -> Deployment:
        if self._bypass and not self._ask_for_bypass_cookie(self._bypass):
            raise self._late()
        app = self._runbook.app
        answer, walked = self._walk(app.inbox_path)
        if len(walked) > _MOST_REDIRECTS:
            raise self._loop(walked)
        raise_if_not_the_app(answer, self.base_url)
        if answer.status_code == 404 or answer.status_code >= 500:
            raise self._misbehaved(f"GET {walked[-1]} answered {answer.status_code}", answer)
        if walked[-1] != app.login_path:
            answer = self._reached(app.login_path)
            raise_if_not_the_app(answer, self.base_url)
            if answer.status_code >= 500:
                raise self._misbehaved(f"GET {app.login_path} answered {answer.status_code}", answer)
        if answer.status_code != 200 or "/_next/" not in answer.text:
            raise Blocked(
                f"{self.base_url} answers, but it is another app (no {app.login_path} page of a Next.js app)",
                "Check --base-url, and [app] in runbook.toml.",
            )
        return read_identity(self.base_url, answer.text)

    def _loop(self, walked: list[str]) -> Misbehaved:
        what = "a redirect loop for a stranger: " + " ⇄ ".join(dict.fromkeys(walked))
        return Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.REDIRECT_LOOP, what))

    def _misbehaved(self, what: str, answer: httpx.Response) -> Misbehaved:
        details = [f"{name} {answer.headers[name]}" for name in (_ERROR, "x-vercel-id") if name in answer.headers]
        return Misbehaved(
            f"{self.base_url}: {', '.join([what, *details])}",
            Diagnosis(Cause.PAGE, what, tuple(details), down=answer.status_code >= 500 or _ERROR in answer.headers),
        )

    def _walk(self, path: str) -> tuple[httpx.Response, list[str]]:
        """The page at `path` after its redirects on this host, and the paths on the way."""
        walked = [path]
        answer = self._reached(path)
        while answer.is_redirect and len(walked) <= _MOST_REDIRECTS:
            target = urljoin(f"{self.base_url}{walked[-1]}", answer.headers["location"])
            if urlsplit(target).netloc != urlsplit(self.base_url).netloc:
                break
            walked.append(urlsplit(target).path)
            answer = self._reached(target)
        return answer, walked

    def _reached(self, path: str) -> httpx.Response:
        try:
            return self.get(path)
        except httpx.ConnectError as error:
            raise self._unreachable(error) from None
        except httpx.TimeoutException:
            raise self._late() from None
        except httpx.TransportError as error:
            what = f"the connection broke: {type(error).__name__}"
            raise Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what)) from None

    def _late(self) -> Misbehaved:
        what = f"no answer within {self._runbook.budgets.preflight:g} s"
        return Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what))

    def _unreachable(self, error: httpx.ConnectError) -> Exception:
        reason = root(error)
        host = urlsplit(self.base_url).hostname
        if isinstance(reason, ssl.SSLError):
            what = f"TLS fails: {getattr(reason, 'verify_message', '') or reason.reason or reason}"
            return Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what))
        if is_dns(reason):
            return Blocked(
                f"{host} has no address (DNS)", "Check --base-url, or the runner's network, then measure again."
            )
        what = f"the connection is refused or has no route ({reason})"
        return Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what))

    def _ask_for_bypass_cookie(self, bypass: Secret) -> bool:
        """Whether it did not let us wait in vain: then the next one would, too."""
        headers = {"x-vercel-protection-bypass": bypass.reveal(), "x-vercel-set-bypass-cookie": "true"}
        try:
            self._http.get(self._runbook.app.login_path, headers=headers)
        except httpx.TimeoutException:
            return False
        except httpx.TransportError:
            return True  # the look that follows says why
        return True


def root(error: BaseException) -> BaseException:
    """The error at the bottom of a chain: what the operating system said."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return error


def is_dns(error: BaseException) -> bool:
    """Whether a name has no address."""
    return isinstance(error, socket.gaierror)


def raise_if_not_the_app(answer: httpx.Response, base_url: str) -> None:
    """Raise Blocked where a wall or a challenge answered instead of the app."""
    text = answer.text[:20_000]
    if "x-vercel-mitigated" in answer.headers or any(mark in text for mark in _CHALLENGE):
        raise Blocked(
            f"{base_url}: the platform challenged the request (bot protection)",
            "Allow the runner in the firewall's bypass rules, or set VERCEL_AUTOMATION_BYPASS_SECRET; then measure again.",
        )
    leads_to = answer.headers.get("location", "")
    if "vercel.com/sso-api" in leads_to or (answer.status_code == 401 and "Protected deployment" in text):
        raise Blocked(
            f"{base_url}: deployment protection answered instead of the app",
            "Set VERCEL_AUTOMATION_BYPASS_SECRET to the project's bypass secret; then measure again.",
        )
    if answer.is_redirect:
        raise Blocked(
            f"{base_url} leads to another host ({urlsplit(leads_to).netloc})",
            "Give --base-url the address that serves the app.",
        )
    if answer.status_code in (401, 403, 429):
        raise Blocked(
            f"{base_url} refuses the request with {answer.status_code} before the app answers",
            "Let the runner through (firewall, basic auth, rate limit); then measure again.",
        )
