"""What checks depend on and why it is down: checks that need it end at once as "not reached", in every process of the run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postdeploy.system.store import Key, Store


class Need(StrEnum):
    """What a check may depend on."""

    TARGET = "target"
    """The address answers, and does not challenge us."""
    DEPLOYMENT = "deployment"
    """The deployment under verification still serves."""
    SIGN_IN = "sign-in"
    INBOX = "inbox"
    WORKSPACES = "workspaces"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Obstacles:
    """The obstacles of one run."""

    store: Store

    def add(self, need: Need, why: str) -> None:
        """From now on checks that depend on `need` are not reached. The first reason stays."""
        self.store.put_first(_key(need), why or f"{need} is down")

    def lift(self, need: Need) -> None:
        """What depends on `need` may be tried again."""
        self.store.remove(_key(need))

    def first(self, *needs: Need) -> str | None:
        """Why one of these is down, or None."""
        return next((why for need in needs if (why := self.store.get(_key(need)))), None)


def _key(need: Need) -> Key[str]:
    return Key(f"obstacle-{need}", str)
