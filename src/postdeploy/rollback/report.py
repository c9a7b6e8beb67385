"""What a rollback did: reports/rollback.json, as docs/rollback.schema.json describes it. Written from one value and read as it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from postdeploy.model import UsageError
from postdeploy.record.last_good import KnownBy
from postdeploy.redaction import Redactor, blot
from postdeploy.runbook.aliases import current_name
from postdeploy.system import files
from postdeploy.system.exit_codes import ExitCode

SCHEMA = 1
FILE = "rollback.json"


class Ending(StrEnum):
    """How a rollback ended."""

    UNFINISHED = "unfinished"
    """It was about to be sent, and its end was not recorded."""
    MOVED = "moved"
    """The domain serves the target: verified, not assumed."""
    FAILED = "failed"
    """Vercel reports that it failed, for some or all domains."""
    NOT_MOVED = "not-moved"
    """The domain did not serve the target within the time limit."""
    SUPERSEDED = "superseded"
    """Another deployment took over production meanwhile."""
    REFUSED = "refused"
    """Vercel did nothing, and says why."""
    UNSENT = "unsent"
    """Vercel could not be reached."""
    UNPROVEN = "unproven"
    """It was sent, and Vercel does not say what production serves now."""


EXIT = {
    Ending.MOVED: ExitCode.PASSED,
    Ending.FAILED: ExitCode.FAILED,
    Ending.NOT_MOVED: ExitCode.FAILED,
    Ending.SUPERSEDED: ExitCode.FAILED,
    Ending.REFUSED: ExitCode.FAILED,
    Ending.UNSENT: ExitCode.INCONCLUSIVE,
    Ending.UNPROVEN: ExitCode.INCONCLUSIVE,
    Ending.UNFINISHED: ExitCode.INCONCLUSIVE,
}


class PreviousDeployment(msgspec.Struct, frozen=True):
    """The deployment that served before."""

    id: str
    url: str = ""
    commit: str = ""


class TargetDeployment(msgspec.Struct, frozen=True):
    """The rollback target, with what is known of it."""

    id: str
    url: str = ""
    commit: str = ""
    known_by: KnownBy = KnownBy.PLATFORM
    says: str = ""
    failing: tuple[str, ...] = ()
    """Checks that failed on it before."""


class Assignment(msgspec.Struct, frozen=True):
    """Whether new builds get the domains automatically; null: unknown."""

    before: bool | None = None
    after: bool | None = None
    restored: bool = False
    """Whether it was switched off again after the promotion had switched it on."""


class RollbackReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is recorded of a rollback."""

    schema: int = SCHEMA
    outcome: Ending = Ending.UNFINISHED
    says: str = ""
    """What production serves now, and what to do, in a sentence."""
    url: str
    """The production address."""
    project: str = ""
    how: str
    """promote or rollback (the instant one)."""
    from_: PreviousDeployment = msgspec.field(name="from")
    to: TargetDeployment
    requested_at: str = ""
    """ISO, UTC, by Vercel's clock."""
    moved_at: str | None = None
    serves: str | None = None
    """What the domain led to at the end; null: unknown."""
    assignment: Assignment = msgspec.field(default_factory=Assignment)
    failed_domains: tuple[str, ...] = ()
    not_restored: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """0: proven. 1: production does not serve the target. 10: nothing was sent, or nothing is proven."""
        return EXIT[self.outcome]


def write(directory: Path, report: RollbackReport, redact: Redactor) -> Path:
    """Replace the file atomically and durably: a crash right after leaves it complete."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / FILE
    document = blot(msgspec.to_builtins(report), redact)
    files.replace(path, msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n", durable=True)
    return path


def read(directory: Path) -> RollbackReport | None:
    """What the last rollback did; None: there was none.

    Raises:
        UsageError: the file can't be read as a rollback report.
    """
    path = directory / FILE
    try:
        found = msgspec.json.decode(path.read_bytes(), type=RollbackReport)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read: {error}. Remove it, or name the target: --target=dpl_…") from None
    if found.schema > SCHEMA:
        raise UsageError(f"{path} was written by a newer version. Remove it, or name the target: --target=dpl_…")
    failing = tuple(map(current_name, found.to.failing))
    return msgspec.structs.replace(found, to=msgspec.structs.replace(found.to, failing=failing))
