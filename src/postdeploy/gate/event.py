"""Which deployment an event of GitHub is about. Pure.

Vercel sends `repository_dispatch` (built and live, or promoted) and `deployment_status` (built). Fields are read tolerantly: published
types and what is sent differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from postdeploy.model import UsageError

_VERIFIED = ("vercel.deployment.success", "vercel.deployment.promoted")
_READY = "vercel.deployment.ready"
_PRODUCTION = "Production"
_OF_A_PROJECT = "Production – "
"""Where several projects share a repository, with an en dash."""
_VERCEL = "vercel[bot]"
_VERCELS_HOST = ".vercel.app"
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*(:\d{1,5})?")
_PULL_REQUEST = ("pull_request", "issue_comment")
"""What people without write access can cause. A run has the smoke user's password, and reads runbook.toml of what is checked out."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The deployment that an event is about; everything is empty where a person names an address."""

    event: str = ""
    deployment: str = ""
    """`dpl_…`; empty: the event does not say it."""
    url: str = ""
    """The deployment's own address."""
    project: str = ""
    """The id of its project; empty: the event does not say it."""
    commit: str = ""
    at: str = ""
    """When the event happened, ISO; empty: the event does not say it."""

    @property
    def host(self) -> str:
        """The host of the deployment's own address."""
        return urlsplit(self.url).netloc

    def is_about(self, other: Subject) -> bool:
        """Whether both are known to be about the same deployment."""
        return bool(self.host and self.host == other.host) or bool(
            self.deployment and self.deployment == other.deployment
        )


class NotVerified(Exception):  # noqa: N818 - reads as a sentence: the event is not verified
    """An event that leads to no run: nothing is wrong, and nothing is proven."""


def subject_of(name: str, payload: object, project: str = "") -> Subject:
    """The deployment that the event is about. `project`: only events of this one count; empty, or a name: all.

    Raises:
        NotVerified: it is not about a production deployment that may be live.
    """
    event = _table(payload)
    if name == "repository_dispatch":
        found = _dispatched(event)
    elif name == "deployment_status":
        found = _status(event)
    elif name.startswith(_PULL_REQUEST):
        raise NotVerified(f"{name} is about a pull request, not about a deployment that went live")
    else:
        return Subject(name)
    if project.startswith("prj_") and found.project and found.project != project:
        raise NotVerified(f"the event is about another project, {found.project}")
    return found


def address_to_verify(given: str, subject: Subject, *, known: bool) -> str:
    """The address to verify. `given`: by the workflow. `known`: whether Vercel knows the event's address as its deployment's.

    Raises:
        UsageError: there is none, or none that may be given the smoke user's password.
    """
    if given:
        return given if "://" in given else f"https://{given}"
    if not subject.url:
        raise UsageError("no deployment to verify. Give the action the input url: the production domain.")
    if known or subject.host.endswith(_VERCELS_HOST):
        return subject.url
    raise UsageError(
        f"the event names {subject.host}, which is not an address of Vercel's: the smoke user does not sign in there."
        " Give the action the input url: the production domain."
    )


def _dispatched(event: dict[str, object]) -> Subject:
    kind = _text(event, "action")
    payload = _table(event.get("client_payload"))
    if kind == _READY:
        raise NotVerified(f"{kind}: it is not live yet. To gate its promotion run `postdeploy check run`")
    if kind not in _VERIFIED:
        raise NotVerified(f"{kind or 'this event'} is not about a deployment that went live")
    environment = _text(payload, "environment")
    if environment != _PRODUCTION.lower():
        raise NotVerified(f"the deployment is of the environment {environment or '(unnamed)'}, not of production")
    git, project = _table(payload.get("git")), _table(payload.get("project"))
    return Subject(kind, _text(payload, "id"), _address(_text(payload, "url")), _text(project, "id"), _text(git, "sha"))


def _status(event: dict[str, object]) -> Subject:
    status = _table(event.get("deployment_status"))
    creator = _text(_table(status.get("creator")), "login")
    environment, state = _text(status, "environment"), _text(status, "state")
    if creator != _VERCEL:
        raise NotVerified(f"the deployment status is by {creator or 'an unknown account'}, not by {_VERCEL}")
    if environment != _PRODUCTION and not environment.startswith(_OF_A_PROJECT):
        raise NotVerified(f"the deployment is of the environment {environment or '(unnamed)'}, not of production")
    if state != "success":
        raise NotVerified(f"the deployment is not built: {state or 'no state'}")
    return Subject(
        "deployment_status",
        url=_address(_text(status, "environment_url")),
        commit=_text(_table(event.get("deployment")), "sha"),
        at=_text(status, "created_at"),
    )


def _address(url: str) -> str:
    """With its scheme, and nothing after the host; empty if it is none."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if sound else ""


def _table(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _text(table: dict[str, object], name: str) -> str:
    value = table.get(name)
    return value if isinstance(value, str) else ""
