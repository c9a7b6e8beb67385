"""Before the checks: does the target answer, is it the app, and which build is it?"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

import httpx

from postdeploy.model import Blocked, Cause, Deployment, Diagnosis, Misbehaved, Sent
from postdeploy.redaction import Secret
from postdeploy.runbook.tables import Runbook
from postdeploy.system import loopback
from postdeploy.system.gateway import is_a_gateways
from postdeploy.system.protection import CHALLENGE_HEADER, challenged, is_challenge, is_protection, protected
from postdeploy.system.trust import authorities
from postdeploy.system.user_agent import user_agent
from postdeploy.target.clocks import ClockComparison
from postdeploy.target.connection import proxies_that_work, unreachable
from postdeploy.target.identity import read_identity
from postdeploy.target.reach import answers
from postdeploy.target.redirects import streamed_redirect

_RATE_LIMITED = 429
_MOST_REDIRECTS = 8
_ERROR = "x-vercel-error"
"""The header by which the platform says that it answers in the place of a deployment, and why."""

_BYPASS = "_vercel_jwt"
"""The cookie with which deployment protection lets a client in that has shown the bypass secret."""
_RELEASE = "_vcrr_"
"""The prefix of the cookie that pins a client to one deployment of a rolling release; the project's mark follows."""
_FORCE_CANARY = "vcrrForceCanary=true"


class Target:
    """The deployment under verification, over plain HTTP: signed out, with a clean cookie jar."""

    def __init__(self, base_url: str, runbook: Runbook, bypass: Secret | None = None) -> None:
        self.base_url = base_url
        self._runbook = runbook
        self.challenged = False
        """Whether bot protection has challenged us: then only the necessary requests are made."""
        self.forgive: Callable[[str], bool] = lambda _: False
        """Whether a gateway's single answer in the app's place may be repeated."""
        self.sent: list[Sent] = []
        """The requests made, so that they can be found in the log."""
        self._clock = ClockComparison(base_url, runbook.deployments.clock)
        self._bypass = bypass
        self._kept: tuple[str, ...] = (_BYPASS,)
        """The prefixes of the cookies that are sent again. Any other may pin us to a deployment that new visitors do not get."""
        with proxies_that_work():
            self._http = httpx.Client(
                base_url=base_url,
                timeout=runbook.budgets.preflight,
                headers={"user-agent": user_agent(), "accept": "text/html,*/*;q=0.8"},
                limits=httpx.Limits(max_connections=4),
                event_hooks={"response": [self._drop_other_cookies]},
                mounts=loopback.mounts(),
                verify=authorities(),
            )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def cookies(self) -> list[tuple[str, str]]:
        """The cookies that the browser needs to get the same answers: of deployment protection, and of a rolling release.

        They stay on this host; a header would travel to third parties.
        """
        return [
            (each.name, each.value or "") for each in list(self._http.cookies.jar) if each.name.startswith(self._kept)
        ]

    def use_cookies(self, cookies: Iterable[tuple[str, str]]) -> None:
        """In another process of the same run: get the same answers as the process that set these cookies."""
        self._kept = (_BYPASS, _RELEASE)
        for name, value in cookies:
            self._http.cookies.set(name, value, domain=self._domain)

    def force_canary(self) -> None:
        """From now on get the new deployment of a rolling release, as long as that is under way."""
        self._kept = (_BYPASS, _RELEASE)
        self.get(f"{self._runbook.app.login_path}?{_FORCE_CANARY}")

    @property
    def _domain(self) -> str:
        host = urlsplit(self.base_url).hostname or ""
        return host if "." in host else f"{host}.local"  # so `http.cookiejar` names a host without dots

    def _drop_other_cookies(self, _answer: httpx.Response) -> None:
        """The next answer must be the one that a new visitor gets."""
        jar = self._http.cookies.jar
        for each in list(jar):
            if not each.name.startswith(self._kept):
                with contextlib.suppress(KeyError):  # another thread has removed it
                    jar.clear(each.domain, each.path, each.name)

    def get(self, path: str, seconds: float = 0.0) -> httpx.Response:
        """One GET without following redirects. A transport error is retried once, a time-out is not; 0: that of the preflight."""
        at, timeout = time.time() * 1000, seconds or self._http.timeout
        try:
            answer = self._http.get(path, timeout=timeout)
        except httpx.TimeoutException:
            raise
        except httpx.TransportError:
            answer = self._http.get(path, timeout=timeout)
        self._clock.compare(answer.headers, at / 1000, time.time())
        self.challenged = self.challenged or CHALLENGE_HEADER in answer.headers
        self._note(answer, at)
        return answer

    def _note(self, answer: httpx.Response, at: float) -> None:
        asked = answer.request.url.path
        self.sent.append(Sent("GET", asked, at, answer.status_code, answer.headers.get("x-vercel-id")))

    def pin(self) -> Deployment:
        """Which build serves the login page.

        Raises:
            Blocked: DNS, deployment protection, a challenge, another app: nothing can be said about the deployment.
            Misbehaved: connection refused, time-out, broken TLS, 404 or 5xx, twice.
        """
        try:
            found = self._pin_once()
        except Misbehaved:
            time.sleep(self._runbook.budgets.second_look)
            found = self._pin_once()
        if wrong := self._clock.objection():
            raise wrong
        return found

    def lands_on(self, path: str) -> str:
        """The path at which the redirects from `path` end for an unauthenticated client.

        Raises:
            Misbehaved: they never end.
        """
        answer, walked = self._follow(path)
        if is_a_gateways(answer.status_code, answer.headers) and self.forgive(f"GET {path}, {answer.status_code}"):
            answer, walked = self._follow(path)
        raise_if_not_the_app(answer, self.base_url)
        if len(walked) > _MOST_REDIRECTS:
            raise self._loop(walked)
        return walked[-1]

    def ask(self, path: str) -> httpx.Response:
        """One GET without a session.

        Raises:
            Misbehaved: there is no answer, and that is the target's fault.
            Blocked: this machine is at fault, or a rate limit or a challenge answers.
        """
        answer = self._get(path)
        if answer.status_code == _RATE_LIMITED or is_challenge(answer.headers, answer.text[:20_000]):
            raise Blocked(f"GET {path} is rate limited or challenged ({answer.status_code})", "Ask less often.")
        return answer

    def identity(self) -> Deployment | None:
        """Which build serves the login page now, or None where it does not answer with a page."""
        if self._bypass and not any(name.startswith(_BYPASS) for name, _ in self.cookies):
            self._get_bypass_cookie(self._bypass)
        try:
            answer = self.get(self._runbook.app.login_path)
        except httpx.HTTPError:
            return None
        return read_identity(self.base_url, answer.text) if answer.status_code == 200 else None

    def _pin_once(self) -> Deployment:
        if self._bypass and not self._get_bypass_cookie(self._bypass):
            raise self._timed_out()
        app = self._runbook.app
        answer, walked = self._follow(app.inbox_path)
        if len(walked) > _MOST_REDIRECTS:
            raise self._loop(walked)
        self._raise_if_it_leads_nowhere(answer)
        raise_if_not_the_app(answer, self.base_url)
        if answer.status_code == 404 or answer.status_code >= 500:
            raise self._misbehaved(f"GET {walked[-1]} answered {answer.status_code}", answer)
        if walked[-1] != app.login_path:
            answer = self._login_page()
        if not _is_a_page_of_next(answer):
            raise Blocked(
                f"{self.base_url} serves another app: {app.login_path} is not a page of a Next.js app",
                "Check --base-url, and [app] in runbook.toml.",
            )
        return read_identity(self.base_url, answer.text)

    def _login_page(self) -> httpx.Response:
        login = self._runbook.app.login_path
        answer, walked = self._follow(login)
        if len(walked) > _MOST_REDIRECTS:
            raise self._loop(walked)
        raise_if_not_the_app(answer, self.base_url)
        if answer.status_code >= 500:
            raise self._misbehaved(f"GET {walked[-1]} answered {answer.status_code}", answer)
        if walked[-1] != login and _is_a_page_of_next(answer):
            raise Blocked(
                f"{self.base_url} leads people without a session from {login} to {walked[-1]}",
                f'If they sign in there, set [app] login_path = "{walked[-1]}" in runbook.toml, and inbox_path to where they get.',
            )
        return answer

    def _raise_if_it_leads_nowhere(self, answer: httpx.Response) -> None:
        """People follow a redirect to another host: where that does not answer, the address is out of order."""
        onward = str(answer.next_request.url) if answer.next_request else ""
        if not onward or is_protection(answer.status_code, answer.headers, ""):
            return
        why = answers(onward, self._runbook.budgets.preflight)
        if why:
            what = f"the address redirects to {urlsplit(onward).netloc}, which does not answer ({why})"
            raise Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what, down=True))

    def _loop(self, walked: list[str]) -> Misbehaved:
        what = "a redirect loop without a session: " + " ⇄ ".join(dict.fromkeys(walked))
        return Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.REDIRECT_LOOP, what))

    def _misbehaved(self, what: str, answer: httpx.Response) -> Misbehaved:
        details = [f"{name} {answer.headers[name]}" for name in (_ERROR, "x-vercel-id") if name in answer.headers]
        return Misbehaved(
            f"{self.base_url}: {', '.join([what, *details])}",
            Diagnosis(Cause.PAGE, what, tuple(details), down=answer.status_code >= 500 or _ERROR in answer.headers),
        )

    def _follow(self, path: str) -> tuple[httpx.Response, list[str]]:
        """The answer after the redirects on this host, and the paths that were requested."""
        walked = [path]
        answer = self._get(path)
        while (onward := _leads_to(answer)) and len(walked) <= _MOST_REDIRECTS:
            target = urljoin(f"{self.base_url}{walked[-1]}", onward)
            if urlsplit(target).netloc != urlsplit(self.base_url).netloc:
                break
            walked.append(urlsplit(target).path)
            answer = self._get(target)
        return answer, walked

    def _get(self, path: str) -> httpx.Response:
        try:
            return self.get(path)
        except httpx.ConnectError as error:
            raise unreachable(self.base_url, error, self._clock) from None
        except httpx.TimeoutException:
            raise self._timed_out() from None
        except httpx.TransportError as error:
            what = f"the connection was lost ({type(error).__name__})"
            raise Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what)) from None

    def _timed_out(self) -> Misbehaved:
        what = f"no answer within {self._runbook.budgets.preflight:g} s"
        return Misbehaved(f"{self.base_url}: {what}", Diagnosis(Cause.UNREACHABLE, what))

    def _get_bypass_cookie(self, bypass: Secret) -> bool:
        """False on a time-out: the next request would time out as well."""
        headers = {"x-vercel-protection-bypass": bypass.reveal(), "x-vercel-set-bypass-cookie": "true"}
        at = time.time() * 1000
        try:
            self._note(self._http.get(self._runbook.app.login_path, headers=headers), at)
        except httpx.TimeoutException:
            return False
        except httpx.TransportError:
            return True  # the next request says why
        return True


def _leads_to(answer: httpx.Response) -> str | None:
    """Where a redirect leads, by its header or by the page itself."""
    return answer.headers["location"] if answer.is_redirect else streamed_redirect(answer.status_code, answer.text)


def _is_a_page_of_next(answer: httpx.Response) -> bool:
    return answer.status_code == 200 and "/_next/" in answer.text


def raise_if_not_the_app(answer: httpx.Response, base_url: str) -> None:
    """Raise Blocked where the platform, another host or a firewall answered instead of the app."""
    text = answer.text[:20_000]
    if is_challenge(answer.headers, text):
        raise challenged(f"{base_url}: the platform challenged the request (bot protection)")
    if is_protection(answer.status_code, answer.headers, text):
        raise protected(f"{base_url}: deployment protection answered instead of the app")
    if answer.is_redirect:
        host = urlsplit(answer.headers.get("location", "")).netloc
        raise Blocked(
            f"{base_url} redirects to another host ({host})", "Give --base-url the address that serves the app."
        )
    if answer.status_code in (401, 403, 429):
        raise Blocked(
            f"{base_url} refuses the request with {answer.status_code} before the app answers",
            "Let the runner through (firewall, basic auth, rate limit); then re-run.",
        )
