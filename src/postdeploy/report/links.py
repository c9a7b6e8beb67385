"""Where a page of docs/ can be opened, and which one is about a verdict."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePosixPath

from postdeploy.model import Cause, Decision, Reason
from postdeploy.system.suite import IS_CHECKOUT
from postdeploy.verdict.verdict import Verdict


def web_address(page: str, environ: Mapping[str, str] = os.environ, *, checkout: bool = IS_CHECKOUT) -> str:
    """Where a page of docs/ can be opened: at GitHub in a workflow there; else from reports/allure-report.

    In the repository of an app (no `checkout` of ours) there is no such page: report.html holds it.
    """
    if not checkout:
        return "../report.html"
    server, repository, commit = (environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA"))
    return f"{server}/{repository}/blob/{commit}/{page}" if server and repository and commit else f"../../{page}"


def place_of(page: str, *, checkout: bool = IS_CHECKOUT) -> str:
    """Where people find a page of docs/, for those who can't click."""
    return page if checkout else f"report.html, about “{PurePosixPath(page).stem}”"


def page_about(verdict: Verdict) -> str | None:
    """The page about what led to the verdict; None: there is nothing to do."""
    if verdict.decision is Decision.FAIL:
        return page_of(verdict.cause or Cause.UNKNOWN)
    return page_of(verdict.reason) if verdict.reason else None


def page_of(kind: Cause | Reason) -> str:
    """The page for people about this kind of finding, within the project."""
    return f"docs/findings/{kind}.md"
