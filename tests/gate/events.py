"""What GitHub sends when Vercel has deployed something."""

from __future__ import annotations

import datetime as dt
from typing import Any


def dispatched(
    kind: str = "vercel.deployment.success",
    *,
    environment: str = "production",
    id: str = "dpl_new",  # noqa: A002 - as the payload calls it
    url: str = "https://inbox-new.vercel.app",
    project: str = "prj_alone",
) -> dict[str, Any]:
    """The payload of repository_dispatch."""
    return {
        "action": kind,
        "client_payload": {
            "environment": environment,
            "git": {"ref": "main", "sha": "0123abc"},
            "id": id,
            "project": {"id": project, "name": "inbox"},
            "state": {"type": kind.rpartition(".")[2]},
            "url": url,
        },
    }


def status(
    state: str = "success",
    *,
    environment: str = "Production",
    url: str = "https://inbox-new.vercel.app",
    creator: str = "vercel[bot]",
    at: str = "",
) -> dict[str, Any]:
    """The payload of deployment_status."""
    return {
        "deployment": {"sha": "0123abc", "ref": "main"},
        "deployment_status": {
            "state": state,
            "environment": environment,
            "environment_url": url,
            "creator": {"login": creator},
            "created_at": at or f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        },
    }
