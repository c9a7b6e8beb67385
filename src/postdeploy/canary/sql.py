"""The metrics out of the app's database: read-only transactions, ids and flags only, by a role that can do nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from postdeploy.canary.exact import Share
from postdeploy.canary.metrics import RevisionAttempt, Snapshot
from postdeploy.model import Blocked
from postdeploy.redaction import Secret
from postdeploy.runbook.canary_tables import CanaryTable

if TYPE_CHECKING:
    from psycopg import Connection

SOURCE = "the database"
_CONNECT = 10
_TABLES = ("AIDraft", "Lead", "WorkspaceSettings")
_ROLE = """
SELECT current_user,
       coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), true),
       (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%%'
          AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
"""
_LAG = """
SELECT CASE WHEN pg_is_in_recovery() THEN coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0) ELSE 0 END,
       extract(epoch FROM now())
"""
_PROTECTED = "SELECT name FROM unnest(%s::text[]) AS name WHERE row_security_active(quote_ident(name)::regclass)"
_ENABLED = 'SELECT "clientId" FROM "WorkspaceSettings" WHERE "autoSendRevisionEnabled"'
_ATTEMPTS = """
SELECT d."id", l."clientId", d."autoSendRevisionAttemptedAt", d."autoSendRevisionApplied"
FROM "AIDraft" d JOIN "Lead" l ON l."id" = d."leadId"
WHERE d."autoSendRevisionAttemptedAt" >= %s ORDER BY d."autoSendRevisionAttemptedAt" DESC LIMIT %s
"""
_REVIEWS = """
SELECT l."clientId", count(*) FILTER (WHERE d."autoSendAction" = ANY(%s)), count(*)
FROM "AIDraft" d JOIN "Lead" l ON l."id" = d."leadId" WHERE d."autoSendAction" IS NOT NULL GROUP BY l."clientId"
"""
_READER = (
    "Create a role that can only read three tables: CREATE ROLE canary_reader LOGIN BYPASSRLS PASSWORD '…';"
    ' GRANT SELECT ON "AIDraft", "Lead", "WorkspaceSettings" TO canary_reader; and put it into CANARY_DATABASE_URL.'
)


class Database:
    """The metrics since a moment. A connection is opened for each look: between two of them there is none to hold."""

    source = SOURCE

    def __init__(self, url: Secret, table: CanaryTable, since: int) -> None:
        """`since`: epoch milliseconds; attempts before it are not read."""
        self._url = url
        self._table = table
        self._since = since

    def look(self) -> Snapshot:
        """One look.

        Raises:
            Blocked: the database does not answer, refuses, or the role may write or sees no rows.
        """
        psycopg = _driver()
        try:
            with psycopg.connect(
                self._url.reveal(), connect_timeout=_CONNECT, autocommit=True, prepare_threshold=None
            ) as connection:
                return self._read(connection)
        except psycopg.Error as error:
            raise Blocked(*_refused(error)) from None

    def _read(self, connection: Connection[Any]) -> Snapshot:
        execute = connection.execute
        execute("BEGIN READ ONLY")
        try:
            execute(f"SET LOCAL statement_timeout = {round(self._table.statement_timeout * 1000)}")
            execute("SET LOCAL timezone = 'UTC'")
            if self._table.role:
                execute("SELECT set_config('role', %s, true)", (self._table.role,))
            _refuse_a_writer(execute(_ROLE).fetchone())
            lag, now = _row(execute(_LAG).fetchone())
            protected = [name for (name,) in execute(_PROTECTED, (list(_TABLES),))]
            enabled = frozenset(str(name) for (name,) in execute(_ENABLED))
            rows = execute(_ATTEMPTS, (_utc(self._since), self._table.most_attempts + 1)).fetchall()
            reviews = execute(_REVIEWS, (list(self._table.review),)).fetchall()
        finally:
            execute("ROLLBACK")
        if protected and not reviews:
            names = ", ".join(protected)
            raise Blocked(f"row-level security hides all rows of {names} from this role", _READER)
        return Snapshot(
            at=round(float(now) * 1000),
            enabled=enabled,
            attempts=tuple(
                RevisionAttempt(str(draft), str(workspace), _milliseconds(at), bool(applied))
                for draft, workspace, at, applied in rows[: self._table.most_attempts]
            ),
            reviews={str(workspace): Share(int(review), int(of)) for workspace, review, of in reviews},
            capped=len(rows) > self._table.most_attempts,
            behind=float(lag),
            warning=f"row-level security is active on {', '.join(protected)}: rows may be hidden" if protected else "",
        )


def _driver() -> Any:
    try:
        import psycopg  # noqa: PLC0415 - only a canary needs it
    except ImportError as error:
        cure = "Install it: pip install 'postdeploy[canary]'."
        raise Blocked(f"CANARY_DATABASE_URL is set, and psycopg can't be loaded ({error})", cure) from None
    return psycopg


def _refuse_a_writer(row: tuple[Any, ...] | None) -> None:
    user, superuser, writable = _row(row)
    if superuser:
        raise Blocked(f"the role {user} of CANARY_DATABASE_URL is a superuser: it could write", _READER)
    if writable:
        raise Blocked(f"the role {user} of CANARY_DATABASE_URL may write {writable} tables", _READER)


def _refused(error: Exception) -> tuple[str, str]:
    """What the database says, by its code; its own text may name hosts and users."""
    state = getattr(error, "sqlstate", None)
    match state:
        case "57014":
            return "a query took longer than [canary] statement_timeout", "Raise it, or read a replica."
        case "42501":
            return "the role of CANARY_DATABASE_URL may not read what the canary needs", _READER
        case "42P01" | "42703":
            what = "the database lacks a table or column of the canary (AIDraft, Lead, WorkspaceSettings)"
            return what, "Run the migration, or check that CANARY_DATABASE_URL names the app's database."
        case "28P01" | "28000":
            return "the database refuses the role or password of CANARY_DATABASE_URL", "Correct CANARY_DATABASE_URL."
        case None:
            return "the database of CANARY_DATABASE_URL does not answer", "Check its host and port, then run again."
        case _:
            return f"the database refuses the query ({state})", "Look this code up in Postgres' list of error codes."


def _row(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    assert row is not None
    return row


def _utc(moment: int) -> dt.datetime:
    """As Prisma keeps it: UTC, without a zone."""
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).replace(tzinfo=None)


def _milliseconds(at: dt.datetime) -> int:
    return round(at.replace(tzinfo=at.tzinfo or dt.UTC).timestamp() * 1000)
