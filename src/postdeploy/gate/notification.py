"""One message per verdict, to one address: an incoming webhook of a chat, or a service that reads JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from postdeploy.model import Decision, UsageError
from postdeploy.record.document import VerdictDocument
from postdeploy.redaction import Redactor, blot
from postdeploy.system.trust import authorities
from postdeploy.target.address import web_address

_ATTEMPTS = 3
_PAUSES = (1.0, 4.0)
_TIMEOUT = 10.0
_LONGEST_PAUSE = 20.0
_SIGNS = {Decision.PASS: "✅", Decision.FAIL: "❌", Decision.INCONCLUSIVE: "⚠️"}
_CHATS = ("hooks.slack.com", "hooks.slack-gov.com")
"""These take `text` alone; all others get the facts as well."""
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent."""

    document: VerdictDocument
    run_url: str = ""
    """The page of the pipeline's run; empty: there is none."""
    observed: bool = False
    """Whether the pipeline goes on in any case."""

    @property
    def text(self) -> str:
        """The message for people: what to do first."""
        document = self.document
        only = " (only observed)" if self.observed else ""
        where = document.deployment.deployment_id or document.deployment.build_id or ""
        lines = [
            f"{_SIGNS[document.decision]} *{_plain(document.headline)}*{only}",
            _plain(document.summary),
            f"{_plain(document.deployment.url)}{f' ({_plain(where)})' if where else ''}, {document.stage}",
        ]
        lines += [f"`{_plain(document.command)}`"] if document.command else []
        return "\n".join([*lines, *([self.run_url] if self.run_url else [])])

    def body(self, host: str) -> dict[str, object]:
        """For this host."""
        if host in _CHATS:
            return {"text": self.text}
        document, target = self.document, self.document.target
        facts = {
            "decision": document.decision,
            "reason": document.reason,
            "recommendation": document.recommendation,
            "headline": document.headline,
            "summary": document.summary,
            "command": document.command,
            "stage": document.stage,
            "run_id": document.run_id,
            "finished": document.finished,
            "observed": self.observed,
            "url": document.deployment.url,
            "deployment": document.deployment.deployment_id,
            "last_good": target.id if target else None,
            "run_url": self.run_url or None,
        }
        return {"text": self.text, "postdeploy": facts}


def page_of_run(environ: Mapping[str, str]) -> str:
    """Where the pipeline's run is shown: at GitHub, at GitLab, or nowhere."""
    server, repository, run = (environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return environ.get("CI_JOB_URL", "")


def send(message: Message, url: str, redact: Redactor, sleep: Callable[[float], None] = time.sleep) -> str:
    """Send it. Returns why it did not arrive, without the address, which is a secret; empty: it arrived.

    Raises:
        UsageError: this is not an address to send it to.
    """
    parts = web_address(url)
    host = parts.hostname if parts else None
    if not parts or not host or (parts.scheme == "http" and host not in _HERE):
        raise UsageError("notify-url is not an address https://…")
    body = blot(message.body(host), redact)
    trouble = ""
    with httpx.Client(timeout=_TIMEOUT, verify=authorities()) as http:
        for attempt in range(_ATTEMPTS):
            try:
                answer = http.post(url, json=body)
            except httpx.InvalidURL:
                raise UsageError("notify-url is not an address https://…") from None
            except httpx.HTTPError as error:
                trouble, pause = f"{type(error).__name__}", 0.0
            else:
                if answer.is_success:
                    return ""
                trouble, pause = f"answered {answer.status_code}", _asked_to_wait(answer)
                if answer.status_code < 500 and answer.status_code != 429:
                    break
            if attempt + 1 < _ATTEMPTS:
                sleep(max(pause, _PAUSES[attempt]))
    return f"{host} {trouble}"


def _asked_to_wait(answer: httpx.Response) -> float:
    after = answer.headers.get("retry-after", "")
    return min(float(after), _LONGEST_PAUSE) if after.isdecimal() else 0.0


def _plain(text: str) -> str:
    """Chats read these three characters as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
