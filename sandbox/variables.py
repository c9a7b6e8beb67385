"""What can be wrong with the variables that the platform keeps, while the running deployment goes on as it was built."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.platform.environment import REFUSALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.platform.environment import Environment

Mistake = Literal["missing", "empty", "newline", "preview-only", "malformed"]

MALFORMED = {
    "NEXT_PUBLIC_SUPABASE_URL": "project.supabase.test",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": "undefined",
    "NEXT_PUBLIC_APP_URL": "app.example.test",
    "DATABASE_URL": "postgresql://app:pw@db.example.test:5432/postgres",
    "DIRECT_URL": "postgresql://app:pw@pooler.example.test:6543/postgres?pgbouncer=true",
    "OPENAI_API_KEY": "sk-your-key-here-000000",
    "CRON_SECRET": "changeme",
    "WORKSPACE_PROVISIONING_SECRET": "short",
    "AUTO_SEND_DISABLED": "maybe",
    "AUTO_SEND_REVISION_DISABLED": "maybe",
    "SERVER_ACTIONS_ALLOWED_ORIGINS": "https://app.example.test/",
}
"""A value of each variable of the list that can't be right."""


@dataclass
class Variables:
    """The switches."""

    environment: Environment
    healthy: dict[str, str]
    since: int

    def restore(self) -> None:
        """As the running deployment was built."""
        self.environment.fill(self.healthy, self.since)

    def spoil(self, name: str, mistake: Mistake) -> None:
        """Make one of the usual mistakes with one variable."""
        acts: dict[Mistake, Callable[[], None]] = {
            "missing": lambda: self.environment.remove(name),
            "empty": lambda: self.set(name, ""),
            "newline": lambda: self.environment.change(name, lambda value: f"{value}\n"),
            "preview-only": lambda: self.environment.move_to_preview(name),
            "malformed": lambda: self.set(name, MALFORMED[name]),
        }
        acts[mistake]()

    def set(self, name: str, value: str) -> None:
        """Give a variable a value."""
        self.environment.change(name, lambda _: value)

    def change_now(self, *names: str) -> None:
        """Change variables after the running build."""
        for name in names:
            self.environment.touch(name, time.time_ns() // 1_000_000)

    def refuse(self, status: int) -> None:
        """Let the API refuse."""
        self.environment.refusal = REFUSALS[status]

    def hide(self, *names: str) -> None:
        """Let the asking role not see variables."""
        self.environment.hidden = frozenset(names)

    def make_sensitive(self) -> None:
        """Make every secret unreadable from now on."""
        self.environment.make_sensitive()
