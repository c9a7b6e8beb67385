"""What is known of a write by its answer. A write is sent once; where its outcome is in doubt, read the state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import httpx
import msgspec

from postdeploy.vercel.errors import PlatformError, code_and_message, retry_after

_ALREADY = re.compile(r"(?i)\balready\b.*\b(current|production)\b")
_WAIT = "Wait {seconds:.0f} s, check `postdeploy deployments`, and re-run this if nothing has changed."
_CURES = {
    400: "Check `postdeploy deployments`: the target may not be a production build of this project.",
    402: "The account's plan does not allow it: Hobby rolls back to the previous deployment only, and only by instant rollback (--pin).",
    404: "Check VERCEL_PROJECT_ID and VERCEL_TEAM_ID, and that the target still exists.",
    409: "Another rollback or promotion is in progress. Wait until `postdeploy deployments` shows its end, then re-run this.",
    410: "The target was deleted. Choose another one: postdeploy deployments.",
    422: "Vercel can't do this with the target. Choose another one: postdeploy deployments.",
    428: "The project requires a confirmation first: open vercel.com, Deployments, and promote it there.",
}


class WriteOutcome(StrEnum):
    """What the answer says about the write."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    """Accepted, but waiting for something else to end."""
    ALREADY = "already"
    """The state was so before."""
    REFUSED = "refused"
    """Vercel says that it did nothing."""
    UNSENT = "unsent"
    """There was no connection: the request did not arrive."""
    DOUBTFUL = "doubtful"
    """No answer, or one that does not say whether it was done. Sending it again could do it twice: read the state."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The outcome of one write."""

    outcome: WriteOutcome
    error: PlatformError | None = None
    """Why it was not accepted, with the cure."""
    at: int = 0
    """Epoch milliseconds by Vercel's clock, not later than it was sent: requests before this are not ours."""

    @property
    def may_have_arrived(self) -> bool:
        """Whether it may change the state."""
        return self.outcome not in (WriteOutcome.REFUSED, WriteOutcome.UNSENT)


def write_result(answer: httpx.Response, body: bytes | None, asked: str, at: int, token_name: str) -> WriteResult:
    """What an answer says about the write. `body`: None where it broke off."""
    status = answer.status_code
    if status == 202:
        return WriteResult(WriteOutcome.QUEUED, at=at)
    if status in (201, 204):  # the body adds nothing to the state
        return WriteResult(WriteOutcome.ACCEPTED, at=at)
    if status == 200 and _is_an_object(body):
        return WriteResult(WriteOutcome.ACCEPTED, at=at)
    code, message = code_and_message(body or b"")
    if status == 409 and _ALREADY.search(message):
        return WriteResult(WriteOutcome.ALREADY, at=at)
    said = " ".join(part for part in (str(status), code) if part) + (f": {message}" if message else "")
    if 400 <= status < 500 and status != 408:
        cure = _cure(answer, token_name)
        return WriteResult(
            WriteOutcome.REFUSED,
            PlatformError(f"Vercel refuses {asked} ({said})", cure, status=status, code=code),
            at,
        )
    error = PlatformError(
        f"Vercel does not say whether {asked} was done ({said})",
        "Do not send it again before you have checked `postdeploy deployments`.",
        status=status,
        code=code,
    )
    return WriteResult(WriteOutcome.DOUBTFUL, error, at)


def _cure(answer: httpx.Response, token_name: str) -> str:
    status = answer.status_code
    if status in (401, 403):
        return f"Check that {token_name} is valid, not expired, made for the team VERCEL_TEAM_ID, and allowed to deploy to production."
    if status == 429:
        return _WAIT.format(seconds=retry_after(answer) or 60)
    return _CURES.get(status, "Report it.")


def _is_an_object(body: bytes | None) -> bool:
    """A 200 may be a proxy's page; the API answers with an object."""
    try:
        return isinstance(msgspec.json.decode(body or b""), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
