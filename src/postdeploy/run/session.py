"""The signed-in session that all checks share, and one that was signed in before the run (`--session FILE`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook
from postdeploy.system.store import Key, Store

SESSION = Key("session", dict[str, Any])


@dataclass(frozen=True, slots=True)
class SharedSession:
    """The storage state of the browser that signed in, for every process of the run. Used while it is `locked`."""

    store: Store

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time use it: the first signs in, the others find its session."""
        with self.store.lock(SESSION.name):
            yield

    @property
    def state(self) -> dict[str, Any] | None:
        """The storage state, or None before the first sign-in."""
        return self.store.get(SESSION)

    def keep(self, state: dict[str, Any]) -> None:
        """Keep the storage state for the other processes."""
        self.store.put(SESSION, state)


def read_session(path: Path, runbook: Runbook, base_url: str) -> dict[str, Any]:
    """A storage state as Playwright saves it (`context.storage_state(path=…)`), with a session for this deployment.

    Raises:
        UsageError: it can't be read, or holds no session cookie for the host.
    """
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        cookies = [(str(cookie["name"]), str(cookie["domain"]).lstrip(".")) for cookie in state["cookies"]]
    except OSError as error:
        raise UsageError(f"--session {path} can't be read: {error.strerror}. Leave it out to sign in anew.") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            f"--session {path} is not a storage state. Save one with Playwright's context.storage_state(path=…)."
        ) from None
    host = urlsplit(base_url).hostname or ""
    pattern = re.compile(runbook.smoke_user.session_cookie)
    if not any(pattern.search(name) and f".{host}".endswith(f".{domain}") for name, domain in cookies):
        raise UsageError(f"--session {path} holds no session for {host}. Leave it out to sign in anew.")
    return dict(state)
