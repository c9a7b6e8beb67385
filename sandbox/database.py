"""The app's database: PGlite in a child process, or the Postgres that SANDBOX_DATABASE_URL names.

Its tables and people are made by SQL (``database/``), the same for both. Another Postgres must be empty or be one that
the sandbox filled before: no foreign data is dropped by mistake.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from sandbox import builds, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SQL = Path(__file__).with_name("database")

SMOKE_USER = "5f0c0de0-0000-4000-8000-000000000001"
"""The smoke user's id in the auth service; the memberships speak of it."""
ADMIN_USER = "5f0c0de0-0000-4000-8000-000000000002"
"""Who administers every workspace."""

WORKSPACES = ("Acme Robotics", "Brightwater Legal", "Hollow Pines", "Colossus Freight")
"""What the smoke user sees in a healthy sandbox: two full ones, an empty one, a large one."""
FOREIGN_WORKSPACE = "Dunmore Capital"
"""Not made by the sandbox."""

CALENDLY_SIGNING_KEY = "calendly-signing-key-of-the-sandbox"
"""Of the one workspace that is connected to Calendly; as in seed.sql."""

TABLES = ("WorkspaceSettings", "AIDraft", "CronRun", "SyncJob", "Message", "Lead", "ClientMember", "Client")


class ForeignDatabaseError(Exception):
    """The given database holds tables that the sandbox did not make."""


class Database:
    """A running, seeded database. ``url`` is its own address; the app gets the gateway's instead."""

    def __init__(self, url: str, child: processes.Child | None = None) -> None:
        self.url = url
        self._child = child

    @classmethod
    def start(cls, progress: Callable[[str], None]) -> Database:
        """Start PGlite, or take the Postgres of SANDBOX_DATABASE_URL, and fill it."""
        given = os.environ.get("SANDBOX_DATABASE_URL")
        database = cls(given) if given else cls._start_pglite(progress)
        try:
            database.fill()
        except BaseException:
            database.stop()
            raise
        return database

    @classmethod
    def _start_pglite(cls, progress: Callable[[str], None]) -> Database:
        modules = builds.install(progress)
        child = processes.start(
            "database",
            [str(builds.node()), str(SQL / "server.mjs"), str(modules)],
            log=builds.STATE / "logs" / "database.log",
            environment=builds.environment(),
            ready=r"^listening on (\d+)$",
        )
        port = child.wait_until_ready(timeout=60)[1]
        return cls(f"postgresql://postgres@127.0.0.1:{port}/postgres", child)

    def fill(self) -> None:
        """Make the tables anew and fill them; raises `ForeignDatabaseError` where foreign tables would be dropped."""
        with self._connect() as connection:
            found = {
                name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            }
            ours = connection.execute("SELECT obj_description(to_regclass('\"Client\"'), 'pg_class')").fetchone() == (
                "postdeploy sandbox",
            )
        if found and not (ours and found <= set(TABLES)):
            raise ForeignDatabaseError(
                "sandbox: SANDBOX_DATABASE_URL names a database with tables that the sandbox did not make "
                f"({', '.join(sorted(found))}). Name an empty one."
            )
        for table in TABLES:
            self._execute(f'DROP TABLE IF EXISTS "{table}"'.encode())
        self._execute((SQL / "schema.sql").read_bytes())
        self.reset()

    def reset(self) -> None:
        """Back to the seeded state: all people, their ages counted from now, no sync jobs, the usual memberships."""
        self._execute((SQL / "seed.sql").read_bytes())
        self.set_memberships(WORKSPACES)
        with self._connect() as connection:
            connection.execute(
                'INSERT INTO "ClientMember" ("id", "clientId", "userId", "role")'
                """ SELECT gen_random_uuid()::text, "id", %s, 'admin' FROM "Client" """,
                [ADMIN_USER],
            )

    def set_memberships(self, workspaces: Iterable[str]) -> None:
        """Make the smoke user a member of exactly these workspaces, by name."""
        with self._connect() as connection:
            connection.execute('DELETE FROM "ClientMember" WHERE "userId" = %s', [SMOKE_USER])
            connection.execute(
                """
                INSERT INTO "ClientMember" ("id", "clientId", "userId", "role")
                SELECT gen_random_uuid()::text, "id", %s, 'member' FROM "Client" WHERE "name" = ANY (%s)
                """,
                [SMOKE_USER, list(workspaces)],
            )

    def add_workspaces(self, count: int) -> list[str]:
        """So many more, each with three people, until the next `reset`. Returns their names."""
        self._execute(
            (SQL / "further_workspaces.sql").read_text(encoding="utf-8").replace("{count}", str(count)).encode()
        )
        return [f"Branch {number}" for number in range(1, count + 1)]

    def change(self, script: str) -> None:
        """Run SQL on the people and their messages, until the next `reset`."""
        self._execute(script.encode())

    def count(self, table: str) -> int:
        """How many rows a table holds, to see what a run has written."""
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        with self._connect() as connection:
            [(count,)] = connection.execute(query).fetchall()
        return int(count)

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as text and sorted."""
        found = {}
        with self._connect() as connection:
            for table in TABLES:
                query = sql.SQL("SELECT row_to_json(t)::text FROM {} AS t").format(sql.Identifier(table))
                found[table] = sorted(row for (row,) in connection.execute(query))
        return found

    def stop(self) -> None:
        """Stop PGlite; another Postgres keeps running, and keeps its rows."""
        if self._child:
            self._child.stop()

    def _execute(self, script: bytes) -> None:
        with self._connect() as connection:
            connection.execute(script)

    def _connect(self) -> psycopg.Connection:
        # Without prepared statements: PGlite's clients share one session, and their names would clash.
        return psycopg.connect(self.url, prepare_threshold=None)
