"""What came of a request that changes something. It is sent once; where that leaves a doubt, only the state can tell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import httpx
import msgspec

from postdeploy.vercel.errors import PlatformError, retry_after, what_is_said

_ALREADY = re.compile(r"(?i)\balready\b.*\b(current|production)\b")
_WAIT = "Wait {seconds:.0f} s; then look at postdeploy deployments, and run this again if nothing has changed."
_CURES = {
    400: "Look at postdeploy deployments: the target may not be one of this project's production builds.",
    402: "The account's plan does not allow it: Hobby goes back to the deployment before only, and only by instant rollback.",
    404: "Check VERCEL_PROJECT_ID and VERCEL_TEAM_ID, and that the target still exists.",
    409: "Something else is under way. Look at postdeploy deployments, wait for its end, then run this again.",
    410: "The target was deleted. Choose another one: postdeploy deployments.",
    422: "The platform can't do it with this target. Choose another one: postdeploy deployments.",
    428: "The project asks for something first: open it at vercel.com, Deployments, and promote it there.",
}


class WriteOutcome(StrEnum):
    """What is known of a write by its answer."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    """Taken, and not done: it waits for something else to end."""
    ALREADY = "already"
    """It was so before."""
    REFUSED = "refused"
    """The platform says that it did nothing."""
    UNSENT = "unsent"
    """There was no connection: nobody got it."""
    DOUBTFUL = "doubtful"
    """No answer, or none that says whether it was done. Sending it again could do it twice; only the state can tell."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What came of one write."""

    outcome: WriteOutcome
    error: PlatformError | None = None
    """What was said instead of yes, with the cure."""
    at: int = 0
    """Not after this it was sent, epoch milliseconds by the platform's clock: what was asked for before is somebody else's."""

    @property
    def taken(self) -> bool:
        """Whether the platform said yes to it."""
        return self.outcome in (WriteOutcome.ACCEPTED, WriteOutcome.QUEUED, WriteOutcome.ALREADY)

    @property
    def may_have_arrived(self) -> bool:
        """Whether the state may change by it."""
        return self.outcome not in (WriteOutcome.REFUSED, WriteOutcome.UNSENT)


def wrote(answer: httpx.Response, body: bytes | None, asked: str, at: int, token_name: str) -> WriteResult:
    """What an answer says of the write. `body`: None where it broke off."""
    status = answer.status_code
    if status == 202:
        return WriteResult(WriteOutcome.QUEUED, at=at)
    if status in (201, 204):  # its body would say nothing that the state does not say better
        return WriteResult(WriteOutcome.ACCEPTED, at=at)
    if status == 200 and _is_an_object(body):
        return WriteResult(WriteOutcome.ACCEPTED, at=at)
    code, message = what_is_said(body or b"")
    if status == 409 and _ALREADY.search(message):
        return WriteResult(WriteOutcome.ALREADY, at=at)
    said = " ".join(part for part in (str(status), code) if part) + (f": {message}" if message else "")
    if 400 <= status < 500 and status != 408:
        cure = _cure(answer, token_name)
        return WriteResult(
            WriteOutcome.REFUSED,
            PlatformError(f"the platform refuses {asked} ({said})", cure, status=status, code=code),
            at,
        )
    error = PlatformError(
        f"the platform does not say whether {asked} was done ({said})",
        "Do not send it again: look at postdeploy deployments first.",
        status=status,
        code=code,
    )
    return WriteResult(WriteOutcome.DOUBTFUL, error, at)


def _cure(answer: httpx.Response, token_name: str) -> str:
    status = answer.status_code
    if status in (401, 403):
        return f"Check that {token_name} is valid, not expired, made for the team VERCEL_TEAM_ID, and may deploy to production."
    if status == 429:
        return _WAIT.format(seconds=retry_after(answer) or 60)
    return _CURES.get(status, "Report it.")


def _is_an_object(body: bytes | None) -> bool:
    """An answer 200 may be a proxy's page; the API's is an object."""
    try:
        return isinstance(msgspec.json.decode(body or b""), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
