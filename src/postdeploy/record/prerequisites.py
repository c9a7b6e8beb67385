"""What a rollback would need, as far as a run that only measures can know it: looked up before it is needed."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.record.last_good import LastGood

UNTESTED = "untested: a measuring run never reads VERCEL_ROLLBACK_TOKEN"


@dataclass(frozen=True, slots=True)
class RollbackPrerequisites:
    """Whether a rollback would be possible now, and what it would leave."""

    target: LastGood | None = None
    """The rollback target; null: there is none."""
    missing: str = ""
    """Why there is no target."""
    answers: bool | None = None
    """Whether the target answers at its own address as itself: login page, build, the read API's 401. null: it could not be asked."""
    how: str = ""
    """What it answered, for people."""
    pinned: bool | None = None
    """Whether an instant rollback keeps new builds from going live; null: unknown."""
    rolling_release: str = ""
    """The canary of a rolling release in progress; empty: there is none."""
    not_restored: tuple[str, ...] = ()
    """What a rollback does not restore."""
    permission: str = UNTESTED
    """Whether the token that acts may do it."""

    @property
    def says(self) -> str:
        """All of it in a line."""
        commit = f", commit {self.target.commit[:7]}" if self.target and self.target.commit else ""
        words = [
            f"{self.target.id} ({self.target.url}{commit}) {self.how}" if self.target else f"no target: {self.missing}"
        ]
        words += ["the domain is pinned by an instant rollback"] if self.pinned else []
        words += [f"a rolling release of {self.rolling_release} is in progress"] if self.rolling_release else []
        words += ["permission untested"] if self.target else []
        return "; ".join(words)
