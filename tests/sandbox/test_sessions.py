"""Refresh tokens rotate, with the mercies that Supabase Auth has for clients that race."""

from __future__ import annotations

import pytest

from sandbox.auth import User
from sandbox.auth.errors import REFRESH_TOKEN_ALREADY_USED, REFRESH_TOKEN_NOT_FOUND, SESSION_NOT_FOUND, AuthError
from sandbox.auth.sessions import REUSE_INTERVAL, Session, Sessions
from tests.sandbox.conftest import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(clock)


@pytest.fixture
def signed_in(sessions: Sessions) -> tuple[Session, str]:
    return sessions.begin(User("11111111-0000-4000-8000-000000000001", "ada@example.test", "secret"))


def test_each_refresh_issues_a_new_token_of_the_same_session(
    sessions: Sessions, signed_in: tuple[Session, str]
) -> None:
    session, first = signed_in
    same, second = sessions.refresh(first)
    again, third = sessions.refresh(second)
    assert session is same is again
    assert len({first, second, third}) == 3


def test_the_parent_of_the_newest_token_leads_to_the_newest(
    sessions: Sessions, signed_in: tuple[Session, str], clock: Clock
) -> None:
    session, first = signed_in
    _, second = sessions.refresh(first)
    clock.now += REUSE_INTERVAL + 1
    assert sessions.refresh(first) == (session, second)


def test_an_older_token_is_good_again_within_the_reuse_interval(
    sessions: Sessions, signed_in: tuple[Session, str], clock: Clock
) -> None:
    _, first = signed_in
    _, second = sessions.refresh(first)
    sessions.refresh(second)
    clock.now += REUSE_INTERVAL
    assert sessions.refresh(first)[1] not in {first, second}


def test_an_older_token_is_taken_for_stolen_and_ends_the_session(
    sessions: Sessions, signed_in: tuple[Session, str], clock: Clock
) -> None:
    session, first = signed_in
    _, second = sessions.refresh(first)
    _, third = sessions.refresh(second)
    clock.now += REUSE_INTERVAL + 1
    with pytest.raises(AuthError) as refused:
        sessions.refresh(first)
    assert refused.value == REFRESH_TOKEN_ALREADY_USED
    for token in (first, second, third):
        with pytest.raises(AuthError) as unknown:
            sessions.refresh(token)
        assert unknown.value == REFRESH_TOKEN_NOT_FOUND
    with pytest.raises(AuthError) as ended:
        sessions.find(session.id)
    assert ended.value == SESSION_NOT_FOUND
