"""What a refusal by Vercel means, and what to do about it."""

from __future__ import annotations

import json
import time

import httpx

from postdeploy.model import Blocked
from postdeploy.system import times

_CURES = {
    401: "Check VERCEL_TOKEN: it must be valid and not expired.",
    402: "The account's plan does not include this.",
    403: "Check that VERCEL_TOKEN is valid, not expired, and made for the team VERCEL_TEAM_ID.",
    404: "Check VERCEL_PROJECT_ID and VERCEL_TEAM_ID, and that the id or address in this request exists there.",
    429: "Wait a minute, then re-run.",
}
_LONGEST_QUOTE = 200


class PlatformError(Blocked):
    """Vercel did not give what was asked for. Uncaught in a check it makes the run INCONCLUSIVE, with the cure."""

    def __init__(  # noqa: PLR0913 - the facts of a refusal
        self,
        what: str,
        cure: str,
        *,
        status: int | None = None,
        code: str = "",
        said: str = "",
        passing: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, cure)
        self.status = status
        """None: there was no answer."""
        self.code = code
        """Vercel's name for it: `forbidden`, `result_too_large`, …"""
        self.said = said
        """Vercel's own text, where it gave one."""
        self.passing = passing
        """Whether a retry may succeed."""
        self.retry_after = retry_after
        """Seconds that Vercel asks to wait."""

    @property
    def refused(self) -> bool:
        """Whether no retry will succeed."""
        return self.status in (401, 402, 403, 404)


def refusal(answer: httpx.Response, asked: str) -> PlatformError:
    """The error that an answer other than 2xx stands for. Its body must have been read."""
    status = answer.status_code
    code, message = code_and_message(answer.content)
    said = " ".join(part for part in (str(status), code) if part) + (f": {message}" if message else "")
    passing = status == 429 or status >= 500
    return PlatformError(
        f"Vercel answers {asked} with an error ({said})",
        _CURES.get(status, "Check Vercel's status page, then re-run." if passing else "Report it."),
        status=status,
        code=code,
        said=message,
        passing=passing,
        retry_after=retry_after(answer) if passing else None,
    )


def unreachable(error: Exception, asked: str) -> PlatformError:
    """No answer at all."""
    return PlatformError(
        f"Vercel can't be reached for {asked} ({type(error).__name__})",
        "Check the runner's network and Vercel's status page, then re-run.",
        passing=True,
    )


def unreadable(answer: httpx.Response, asked: str, why: str) -> PlatformError:
    """An answer that does not match the API: a proxy's page, a truncated body, or a new API version."""
    return PlatformError(
        f"Vercel's answer to {asked} can't be read ({why[:_LONGEST_QUOTE]})",
        "Re-run; if it persists, the API has changed: report it.",
        status=answer.status_code,
        code="unreadable",
        passing=True,
    )


def code_and_message(content: bytes) -> tuple[str, str]:
    """The code and the message of a refusal, in any of the shapes that Vercel uses."""
    try:
        body = json.loads(content)
    except ValueError:
        return "", ""
    error = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(error, dict):
        return "", str(error)[:_LONGEST_QUOTE]
    code, message = error.get("code"), error.get("message")
    return (code if isinstance(code, str) else ""), (message[:_LONGEST_QUOTE] if isinstance(message, str) else "")


def retry_after(answer: httpx.Response) -> float | None:
    """Seconds, from `Retry-After` (seconds or a date) or `X-RateLimit-Reset` (epoch seconds)."""
    after = answer.headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    now = times.from_http(answer.headers.get("date", "")) or time.time()
    if (until := times.from_http(after)) is not None:
        return max(0.0, until - now)
    reset = answer.headers.get("x-ratelimit-reset", "")
    return max(0.0, float(reset) - now) if answer.status_code == 429 and reset.isdecimal() else None
