"""Auto-send revision as the app's worker does it, in the database alone: drafts, attempts, what is applied, what needs review.

The app has no worker: the sandbox writes what one would have written. Each fault is what one would have done wrongly.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.database import Database

READER = "canary_reader"
ACME, BRIGHTWATER, COLOSSUS = (
    "7c1f0a52-6a2e-4b7e-9f0d-0b5a4d2c9e11",
    "2e9d4b63-1f58-4c0a-8e37-5d6c1a7b8f22",
    "91f3e6d8-5b47-4e29-b1a0-c8d7e6f51b44",
)
"""Workspaces of seed.sql that have people."""
WORKSPACES = (ACME, BRIGHTWATER, COLOSSUS)
REVIEW_RATE, APPLIED_RATE = 0.1, 0.5


class RevisionFault(StrEnum):
    """What the worker does wrongly."""

    TWICE = "a draft is attempted again and again"
    APPLIED = "every revision is applied"
    REVIEW = "most drafts of the canary need review"
    TWO_WORKSPACES = "a second workspace is enabled"
    WRONG_WORKSPACE = "another workspace is enabled instead"
    STRAYS = "drafts of a workspace that is not enabled are attempted"
    FROZEN = "attempts are no longer written"
    NO_TRAFFIC = "there are no drafts"


@dataclass
class Revision:
    """The worker. ``step`` is one round: one draft in each workspace."""

    database: Database
    fault: RevisionFault | None = None
    seed: int = 7
    on_attempt: Callable[[], object] = lambda: None
    """Called at each attempt, to write what the app would log."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _rounds: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - traffic, no secret

    def prepare(self, *enabled: str, history: int = 60) -> None:
        """Make the role that may read, enable workspaces, and let drafts have been decided before."""
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(READER)))
            connection.execute(
                sql.SQL('GRANT SELECT ON "AIDraft", "Lead", "WorkspaceSettings" TO {}').format(sql.Identifier(READER))
            )
            for workspace in WORKSPACES:
                for number in range(history):
                    self._insert(connection, workspace, review=number % 10 == 0, attempted=False)
        self.enable(*enabled)

    def enable(self, *workspaces: str) -> None:
        """Switch the toggle on for these workspaces, and off for all others."""
        with self._connect() as connection:
            connection.execute(
                'INSERT INTO "WorkspaceSettings" SELECT "id", "id" = ANY (%s) FROM "Client"'
                ' ON CONFLICT ("clientId") DO UPDATE SET "autoSendRevisionEnabled" = EXCLUDED."autoSendRevisionEnabled"',
                [list(workspaces)],
            )

    def step(self) -> None:
        """One round."""
        self._rounds += 1
        if self.fault is RevisionFault.NO_TRAFFIC:
            return
        if self.fault is RevisionFault.FROZEN:
            self.on_attempt()
            return
        if self._rounds == 3 and self.fault is RevisionFault.TWO_WORKSPACES:
            self.enable(ACME, BRIGHTWATER)
        if self._rounds == 1 and self.fault is RevisionFault.WRONG_WORKSPACE:
            self.enable(BRIGHTWATER)
        with self._connect() as connection:
            rows = connection.execute('SELECT "clientId" FROM "WorkspaceSettings" WHERE "autoSendRevisionEnabled"')
            enabled = {name for (name,) in rows}
            for workspace in WORKSPACES:
                strays = self.fault is RevisionFault.STRAYS and workspace == BRIGHTWATER
                spike = self.fault is RevisionFault.REVIEW and workspace == ACME
                review = self._random.random() < (0.9 if spike else REVIEW_RATE)
                self._insert(connection, workspace, review=review, attempted=workspace in enabled or strays)
            if self.fault is RevisionFault.TWICE:
                connection.execute(
                    'UPDATE "AIDraft" SET "autoSendRevisionAttemptedAt" = timezone(\'utc\', clock_timestamp()) WHERE "id" ='
                    ' (SELECT "id" FROM "AIDraft" WHERE "autoSendRevisionAttemptedAt" IS NOT NULL ORDER BY "createdAt" LIMIT 1)'
                )

    def run(self, every: float) -> None:
        """Take a round every so many seconds, until ``stop``."""

        def rounds() -> None:
            while not self._stop.wait(every):
                self.step()

        self._thread = threading.Thread(target=rounds, name="revision", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more rounds."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _insert(self, connection: psycopg.Connection, workspace: str, *, review: bool, attempted: bool) -> None:
        applied = attempted and (self.fault is RevisionFault.APPLIED or self._random.random() < APPLIED_RATE)
        if attempted:
            self.on_attempt()
        connection.execute(
            """
            INSERT INTO "AIDraft" ("id", "leadId", "autoSendAction", "autoSendRevisionAttemptedAt", "autoSendRevisionApplied")
            SELECT gen_random_uuid()::text, (SELECT "id" FROM "Lead" WHERE "clientId" = %s ORDER BY "id" LIMIT 1), %s,
                   CASE WHEN %s THEN timezone('utc', clock_timestamp()) END, %s
            """,
            [workspace, "needs_review" if review else "send", attempted, applied],
        )

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.database.url, prepare_threshold=None)
