"""Sessions and their refresh tokens, which rotate: each is good for one refresh.

As in Supabase Auth there are two mercies for clients that race or lose an answer: the token just used may be used again
within the reuse interval, and the parent of the newest token always leads to that newest token. Any other used token
is taken for stolen: the whole session ends.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.auth.errors import REFRESH_TOKEN_ALREADY_USED, REFRESH_TOKEN_NOT_FOUND, SESSION_NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.auth.users import User

REUSE_INTERVAL = 10.0
"""Seconds in which a used refresh token is accepted once more; the default of a Supabase project."""


@dataclass
class Session:
    """One sign-in, from the password to the logout."""

    user: User
    signed_in_at: int
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    tokens: list[str] = field(default_factory=list)
    """Refresh tokens, oldest first; the last one is the active one."""
    used_at: dict[str, float] = field(default_factory=dict)

    def issue(self) -> str:
        """A new refresh token, which becomes the active one."""
        self.tokens.append(secrets.token_urlsafe(9))
        return self.tokens[-1]


class Sessions:
    """All sessions of the service."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._by_token: dict[str, Session] = {}
        self.begun = 0
        """How many were begun, ended ones too: the sign-ins that succeeded."""
        self.renewed = 0
        """How many refresh tokens were exchanged."""

    def begin(self, user: User) -> tuple[Session, str]:
        """A new session and its first refresh token."""
        session = Session(user, int(self._clock()))
        self._sessions[session.id] = session
        self.begun += 1
        return session, self._issue(session)

    def find(self, session_id: str) -> Session:
        """The session an access token names; refused if it has ended."""
        if session_id not in self._sessions:
            raise SESSION_NOT_FOUND
        return self._sessions[session_id]

    def refresh(self, token: str) -> tuple[Session, str]:
        """Exchange a refresh token for the next one."""
        session = self._by_token.get(token)
        if session is None:
            raise REFRESH_TOKEN_NOT_FOUND
        if token == session.tokens[-1]:
            session.used_at[token] = self._clock()
            self.renewed += 1
            return session, self._issue(session)
        if token == session.tokens[-2]:
            return session, session.tokens[-1]
        if self._clock() - session.used_at[token] <= REUSE_INTERVAL:
            return session, self._issue(session)
        self.end(session)
        raise REFRESH_TOKEN_ALREADY_USED

    def end(self, session: Session) -> None:
        """Forget one session and all its tokens."""
        self._sessions.pop(session.id, None)
        for token in session.tokens:
            self._by_token.pop(token, None)

    def end_all(self, user: User, *, but: Session | None = None) -> None:
        """Forget every session of a user, or every other one."""
        for session in [each for each in self._sessions.values() if each.user is user and each is not but]:
            self.end(session)

    def _issue(self, session: Session) -> str:
        token = session.issue()
        self._by_token[token] = session
        return token
