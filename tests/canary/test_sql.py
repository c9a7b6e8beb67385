"""The metrics by SQL, against a real Postgres."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from postdeploy.canary.exact import Share
from postdeploy.canary.sql import Database as Metrics
from postdeploy.model import Blocked
from postdeploy.redaction import Secret
from sandbox.database import Database
from sandbox.revision import ACME, READER, WORKSPACES, Revision, RevisionFault
from tests.canary.world import table

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    started = Database.start(lambda _: None)
    yield started
    started.stop()


@pytest.fixture
def revision(database: Database) -> Iterator[Revision]:
    database.reset()
    made = Revision(database)
    made.prepare(ACME)
    yield made
    database.change(f'ALTER TABLE "AIDraft" DISABLE ROW LEVEL SECURITY; GRANT SELECT ON "Lead" TO {READER}')


def metrics(database: Database, *, since: float = 0.0, **changed: object) -> Metrics:
    """By the role that may only read; `since`: seconds from now."""
    asked = table(**{"role": READER, "statement_timeout": 5.0} | changed)
    return Metrics(Secret(database.url), asked, round((time.time() + since) * 1000))


def test_a_look_shows_attempts_toggles_and_decisions(database: Database, revision: Revision) -> None:
    source = metrics(database, since=-5)
    before = source.look()
    for _ in range(20):
        revision.step()
    after = source.look()
    assert (before.attempts, before.enabled) == ((), frozenset({ACME}))
    assert {name: share.of for name, share in before.reviews.items()} == dict.fromkeys(WORKSPACES, 60)
    assert before.reviews[ACME] == Share(6, 60)
    assert {one.workspace for one in after.attempts} == {ACME}
    assert len(after.attempts) == 20
    assert {name: share.of for name, share in after.reviews.items()} == dict.fromkeys(WORKSPACES, 80)
    assert abs(after.at / 1000 - time.time()) < 60
    assert all(abs(one.at / 1000 - time.time()) < 60 for one in after.attempts)


def test_attempts_before_the_time_are_not_read(database: Database, revision: Revision) -> None:
    for _ in range(3):
        revision.step()
    assert metrics(database, since=5).look().attempts == ()


def test_a_second_attempt_changes_the_time_of_the_same_draft(database: Database, revision: Revision) -> None:
    source = metrics(database, since=-5)
    revision.step()
    [first] = source.look().attempts
    revision.fault = RevisionFault.TWICE
    revision.step()
    again = {one.draft: one.at for one in source.look().attempts}
    assert again[first.draft] > first.at


def test_no_more_than_so_many_attempts_are_read(database: Database, revision: Revision) -> None:
    for _ in range(6):
        revision.step()
    seen = metrics(database, since=-5, most_attempts=5).look()
    assert (len(seen.attempts), seen.capped) == (5, True)


def refusal(source: Metrics) -> Blocked:
    with pytest.raises(Blocked) as caught:
        source.look()
    return caught.value


def test_a_superuser_is_refused(database: Database, revision: Revision) -> None:
    assert "is a superuser" in refusal(metrics(database, role="")).what


def test_a_role_that_may_write_is_refused(database: Database, revision: Revision) -> None:
    database.change(f'GRANT UPDATE ON "AIDraft" TO {READER}')
    try:
        assert refusal(metrics(database)).what == f"the role {READER} of CANARY_DATABASE_URL may write 1 tables"
    finally:
        database.change(f'REVOKE UPDATE ON "AIDraft" FROM {READER}')


def test_a_role_from_which_all_rows_are_hidden_is_refused_with_the_cure(database: Database, revision: Revision) -> None:
    database.change('ALTER TABLE "AIDraft" ENABLE ROW LEVEL SECURITY')
    found = refusal(metrics(database))
    assert found.what == "row-level security hides all rows of AIDraft from this role"
    assert "BYPASSRLS" in found.cure


def test_a_policy_that_shows_rows_is_a_warning(database: Database, revision: Revision) -> None:
    database.change('ALTER TABLE "AIDraft" ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON "AIDraft" USING (TRUE)')
    try:
        assert "row-level security is active on AIDraft" in metrics(database).look().warning
    finally:
        database.change('DROP POLICY all_rows ON "AIDraft"')


def test_a_role_that_may_not_read_is_refused(database: Database, revision: Revision) -> None:
    database.change(f'REVOKE SELECT ON "Lead" FROM {READER}')  # noqa: S608 - a name of our own
    assert refusal(metrics(database)).what == "the role of CANARY_DATABASE_URL may not read what the canary needs"


def test_a_database_that_does_not_answer_is_said_without_its_address() -> None:
    found = refusal(Metrics(Secret("postgresql://reader:hunter2@127.0.0.1:1/app"), table(), 0))
    assert "does not answer" in found.what
    assert "hunter2" not in str(found)


def test_a_look_writes_nothing(database: Database, revision: Revision) -> None:
    before = database.rows()
    metrics(database).look()
    assert database.rows() == before
