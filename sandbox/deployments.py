"""The deployments of the sandbox's project: each with a URL of its own, and where the production domains lead."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from sandbox.clock import Clock
from sandbox.rolling import RollingRelease
from sandbox.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

ALPHABET = string.ascii_lowercase + string.digits

State = Literal["READY", "BUILDING", "ERROR", "QUEUED", "CANCELED"]
Substate = Literal["STAGED", "ROLLING", "PROMOTED"]


def _label() -> str:
    return "inbox-" + "".join(secrets.choice(ALPHABET) for _ in range(9))


@dataclass(frozen=True)
class Commit:
    """What was built, as the platform keeps it with the deployment."""

    sha: str
    ref: str = "main"
    message: str = ""

    @property
    def meta(self) -> dict[str, str]:
        """As the API writes it."""
        return {
            "githubCommitSha": self.sha,
            "githubCommitRef": self.ref,
            "githubCommitMessage": self.message,
            "githubCommitAuthorName": "Ada",
        }


@dataclass(frozen=True)
class Deployment:
    """One immutable deployment: a build that is being served somewhere, or was meant to be."""

    id: str
    """``dpl_…``, as the platform and the build know it."""
    upstream: str
    """Where its functions answer: ``http://host:port``."""
    label: str = field(default_factory=_label)
    """The first label of its own host name."""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    routes: Routes = field(default_factory=Routes, compare=False)
    target: Literal["production"] | None = "production"
    """None: a preview."""
    state: State = "READY"
    commit: Commit | None = None
    """None: deployed without Git."""
    deleted: Literal["", "by hand", "by retention"] = ""
    """What retention deletes is still listed, as deleted; what a person deletes is gone."""


@dataclass(frozen=True)
class Listed:
    """A deployment as the sandbox describes it."""

    id: str
    url: str
    """Its own, for a browser."""
    substate: Substate
    live: bool
    """Whether it serves the production domain."""
    commit: str = ""


class Deployments:
    """All deployments, and which of them the production domains lead to."""

    def __init__(self, port: int, clock: Clock | None = None, project_id: str = "prj_1") -> None:
        self.clock = clock or Clock()
        self.project_id = project_id
        self.domain = f"localhost:{port}"
        """The production domain."""
        self.domains = (self.domain, f"app.{self.domain}")
        """All production domains: the first one's, and a custom one's in front of it."""
        self.auto_assign = True
        """Whether a new production build gets the domains at once (``autoAssignCustomDomains``)."""
        self.rolling: RollingRelease | None = None
        """The rolling release that is under way, or was."""
        self._by_id: dict[str, Deployment] = {}
        self._leads_to: dict[str, str] = {}
        self._assigned: dict[tuple[str, str], datetime] = {}
        self._live: list[str] = []
        self._due: list[tuple[int, Callable[[], None]]] = []

    @property
    def newest_first(self) -> list[Deployment]:
        """Every deployment that is listed."""
        listed = (each for each in self._by_id.values() if each.deleted != "by hand")
        return sorted(listed, key=lambda each: each.created_at, reverse=True)

    @property
    def production(self) -> Deployment | None:
        """The deployment that serves the production domain."""
        return self.serving(self.domain)

    @property
    def previous(self) -> Deployment | None:
        """The deployment that served the production domain before; None if there was none."""
        self.settle()
        return self._by_id.get(self._live[-2]) if len(self._live) > 1 else None

    def host(self, deployment: Deployment) -> str:
        """The host at which this deployment is always reached."""
        return f"{deployment.label}.{self.domain}"

    def listed(self) -> list[Listed]:
        """All of them as the sandbox describes them, newest first."""
        live = self.production
        return [
            Listed(
                each.id,
                f"http://{self.host(each)}",
                self.substate(each),
                each == live,
                each.commit.message if each.commit else "",
            )
            for each in self.newest_first
        ]

    def add(self, deployment: Deployment) -> None:
        """Make a deployment reachable at its own host; until it is promoted it is staged."""
        self._by_id[deployment.id] = deployment

    def deploy(self, deployment: Deployment) -> None:
        """What a push does: add it, and give it the domains if that is automatic."""
        self.add(deployment)
        if deployment.target == "production" and deployment.state == "READY" and self.auto_assign:
            self.promote(deployment)

    def promote(self, deployment: Deployment, domains: Iterable[str] | None = None) -> None:
        """Let the production domains, or some of them, lead to this deployment, from the next request on."""
        self.add(deployment)
        for domain in self.domains if domains is None else domains:
            if self._leads_to.get(domain) != deployment.id:
                self._leads_to[domain] = deployment.id
                self._assigned[domain, deployment.id] = self.clock.now
                if domain == self.domain:
                    self._live.append(deployment.id)

    def delete(self, deployment: Deployment, how: Literal["by hand", "by retention"]) -> None:
        """Delete a deployment: its own host answers no longer."""
        self.add(replace(deployment, deleted=how))

    def assigned_at(self, deployment: Deployment, domain: str | None = None) -> datetime | None:
        """When a production domain, or this one, was last given to this deployment; None if it never was."""
        domains = self.domains if domain is None else (domain,)
        moments = [self._assigned[each, deployment.id] for each in domains if (each, deployment.id) in self._assigned]
        return max(moments, default=None)

    def serving(self, domain: str) -> Deployment | None:
        """The deployment that a production domain leads to."""
        self.settle()
        return self._by_id.get(self._leads_to.get(domain, ""))

    def led_to(self, deployment: Deployment) -> list[str]:
        """The production domains that lead to this deployment."""
        self.settle()
        return [domain for domain in self.domains if self._leads_to.get(domain) == deployment.id]

    def substate(self, deployment: Deployment) -> Substate:
        """Whether it has ever seen production traffic."""
        if self.rolling is not None and self.rolling.active and deployment.id == self.rolling.canary:
            return "ROLLING"
        return "PROMOTED" if self.assigned_at(deployment) else "STAGED"

    def roll(self, canary: Deployment) -> RollingRelease:
        """Begin a rolling release: the canary serves a part of the visitors, the others are served as before."""
        self.add(canary)
        current = self.production
        self.rolling = RollingRelease(current.id if current else canary.id, canary.id, self.clock.milliseconds)
        return self.rolling

    def go_on(self) -> None:
        """Let the rolling release enter its next stage; the last one is its end."""
        if self.rolling is None or not self.rolling.active:
            return
        self.rolling.stage += 1
        self.rolling.changed_at = self.clock.milliseconds
        if self.rolling.stage == len(self.rolling.stages) - 1:
            self.complete()

    def complete(self) -> None:
        """Let the canary serve everybody; what waited for the end is promoted after it."""
        if self.rolling is None or not self.rolling.active:
            return
        self.rolling.stage = len(self.rolling.stages) - 1
        self.rolling.end("COMPLETE", self.clock.milliseconds)
        for id_ in (self.rolling.canary, self.rolling.queued):
            if id_ is not None:
                self.promote(self._by_id[id_])

    def at(self, host: str) -> Deployment | None:
        """The deployment that answers at a host: a production domain or a deployment's own."""
        if host in self.domains:
            return self.serving(host)
        return next((each for each in self._by_id.values() if self.host(each) == host), None)

    def find(self, id_or_host: str) -> Deployment | None:
        """The deployment with this id, or at this host; deleted ones, too."""
        return self._by_id.get(id_or_host) or self.at(id_or_host)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something when the platform's clock is so much further, before anybody sees that it is."""
        self._due.append((self.clock.milliseconds + int(seconds * 1000), act))

    def restore(self, forgotten: Collection[str]) -> None:
        """Be like a project without a pinned deployment; the forgotten deployments never existed."""
        self.auto_assign, self.rolling, self._due = True, None, []
        self._by_id = {id_: each for id_, each in self._by_id.items() if id_ not in forgotten}
        self._leads_to = {domain: id_ for domain, id_ in self._leads_to.items() if id_ not in forgotten}
        self._assigned = {key: at for key, at in self._assigned.items() if key[1] not in forgotten}
        self._live = [id_ for id_ in self._live if id_ not in forgotten]

    def settle(self) -> None:
        """Do what is due."""
        now = self.clock.milliseconds
        due = [act for at, act in self._due if at <= now]
        self._due = [each for each in self._due if each[0] > now]
        for act in due:
            act()
