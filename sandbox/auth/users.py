"""Who can sign in."""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass
class User:
    """A user with an address and a password, of which only a hash is kept."""

    id: str
    email: str
    password: str = field(repr=False)
    confirmed_at: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC)
    last_sign_in_at: datetime | None = None

    def __post_init__(self) -> None:
        self._salt = os.urandom(16)
        self._hash = self._digest(self.password)
        self.password = ""

    def knows(self, password: str) -> bool:
        """Whether this is the user's password."""
        return hmac.compare_digest(self._digest(password), self._hash)

    def change_password(self, password: str) -> None:
        """From now on only the new password is accepted; sessions stay."""
        self._hash = self._digest(password)

    def public(self) -> dict[str, Any]:
        """The user as the API shows it."""
        confirmed = timestamp(self.confirmed_at)
        signed_in = timestamp(self.last_sign_in_at or self.confirmed_at)
        return {
            "id": self.id,
            "aud": "authenticated",
            "role": "authenticated",
            "email": self.email,
            "email_confirmed_at": confirmed,
            "phone": "",
            "confirmed_at": confirmed,
            "last_sign_in_at": signed_in,
            "app_metadata": {"provider": "email", "providers": ["email"]},
            "user_metadata": {"email_verified": True},
            "identities": [self._identity(confirmed, signed_in)],
            "created_at": confirmed,
            "updated_at": signed_in,
            "is_anonymous": False,
        }

    def _identity(self, confirmed: str, signed_in: str) -> dict[str, Any]:
        return {
            "identity_id": str(uuid.uuid5(uuid.UUID(self.id), "email")),
            "id": self.id,
            "user_id": self.id,
            "identity_data": {"email": self.email, "email_verified": True, "phone_verified": False, "sub": self.id},
            "provider": "email",
            "last_sign_in_at": signed_in,
            "created_at": confirmed,
            "updated_at": signed_in,
            "email": self.email,
        }

    def _digest(self, password: str) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", password.encode(), self._salt, 1_000)


def timestamp(moment: datetime) -> str:
    """A time as the API writes it: UTC with microseconds and ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
