"""A session that was signed in before the run (`--session FILE`)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook


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
            f"--session {path} is no storage state. Save one by Playwright's context.storage_state(path=…)."
        ) from None
    host = urlsplit(base_url).hostname or ""
    pattern = re.compile(runbook.smoke_user.session_cookie)
    if not any(pattern.search(name) and f".{host}".endswith(f".{domain}") for name, domain in cookies):
        raise UsageError(f"--session {path} holds no session for {host}. Leave it out to sign in anew.")
    return dict(state)
