"""What production is at one moment, by the platform's word, and what is different a moment later."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from postdeploy.model import Blocked
from postdeploy.system import times
from postdeploy.system.loopback import address
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import Alias, PlatformDeployment, alias, find
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import AliasRequest, ProjectState, project_state
from postdeploy.vercel.rolling import RollingRelease, rolling_release


@dataclass(frozen=True, slots=True)
class Standing:
    """One look: which deployment the domain leads to, and what may change that."""

    domain: str
    serving: PlatformDeployment
    """What the domain resolves to."""
    alias: Alias | None
    """What the table of domains says; None: it does not know the domain."""
    project: ProjectState
    rolling: RollingRelease | None
    at: int
    """When it was looked, epoch milliseconds by the platform's clock."""

    def serves(self, deployment: str) -> bool:
        """Whether the domain leads to this deployment by everything the platform says."""
        return self.serving.id == deployment and (self.alias is None or self.alias.deployment == deployment)

    @property
    def rolls(self) -> bool:
        """Whether a part of the visitors is served by another deployment."""
        return self.rolling is not None and self.rolling.active

    @property
    def restored(self) -> bool:
        """Whether what serves was put there by a promotion or rollback from another deployment, not by its own deploy."""
        asked = self.project.last_request
        return (
            asked is not None
            and asked.to == self.serving.id
            and asked.from_ not in (None, self.serving.id)
            and asked.status != "failed"
        )


def look(vercel: Vercel, base_url: str) -> Standing:
    """What production is now, for the domain of this address.

    Raises:
        Blocked: the platform does not say, or the address is no production domain of it.
    """
    domain = urlsplit(base_url).netloc
    rolling, project = rolling_release(vercel), project_state(vercel)
    try:
        serving = find(vercel, domain)
    except PlatformError as error:
        if error.status == 404:
            raise Blocked(
                f"the platform knows no domain {domain}",
                "Give --base-url the production domain, and check VERCEL_PROJECT_ID and VERCEL_TEAM_ID.",
            ) from None
        raise
    if serving.url == domain:
        raise Blocked(
            f"{domain} is one deployment's own address, no production domain",
            "Give --base-url the address that people use.",
        )
    if project.id and serving.project and serving.project != project.id:
        raise Blocked(f"{domain} serves another project", "Check --base-url and VERCEL_PROJECT_ID.")
    return Standing(domain, serving, alias(vercel, domain), project, rolling, vercel.clock.now())


def changes(before: Standing, now: Standing) -> str | None:
    """What happened to production between two looks, in a sentence; None: nothing."""
    asked = now.project.last_request
    if asked and not same_request(asked, before.project.last_request):
        return f"somebody asked for {words_of(asked)}"
    if now.serving.id != before.serving.id:
        return f"a new deployment took over: {name_of(now.serving)}"
    if now.alias and before.alias and now.alias.deployment != before.alias.deployment:
        return f"the domain {now.domain} was given to {now.alias.deployment or 'nobody'}"
    if _release(now) != _release(before):
        canary = now.rolling.canary if now.rolling else "none"
        return f"the rolling release changed: {canary} is {now.rolling.state if now.rolling else 'over'}"
    if now.project.auto_assign is not before.project.auto_assign:
        return f"somebody switched the automatic assignment of domains {on_or_off(now.project.auto_assign)}"
    return None


def same_request(one: AliasRequest, other: AliasRequest | None) -> bool:
    """Whether both are the same request, however far it is."""
    return other is not None and (one.to, one.from_, one.type, one.at) == (other.to, other.from_, other.type, other.at)


def _release(standing: Standing) -> tuple[str, str, str] | None:
    found = standing.rolling
    return (found.state, found.current, found.canary) if found else None


def words_of(asked: AliasRequest) -> str:
    """A promotion or rollback for people: `a rollback to dpl_1 (2026-11-25 12:00:07 UTC, succeeded)`."""
    what = {"promote": "a promotion of", "rollback": "a rollback to"}.get(asked.type, "a switch to")
    facts = [one for one in (moment(asked.at), asked.status) if one]
    return f"{what} {asked.to}" + (f" ({', '.join(facts)})" if facts else "")


def name_of(deployment: PlatformDeployment) -> str:
    """A deployment for people: `dpl_1, commit abc1234, https://…`."""
    facts = [deployment.id]
    facts += [f"commit {deployment.commit[:7]}"] if deployment.commit else []
    facts += [address(deployment.url)] if deployment.url else []
    return ", ".join(facts)


def on_or_off(value: bool | None) -> str:
    """A switch for people."""
    return "not told" if value is None else "on" if value else "off"


def moment(at: int | None) -> str:
    """Epoch milliseconds for people; empty: not known."""
    if at is None:
        return ""
    return f"{times.date_and_time(at)} UTC"
