"""The variables of Production: from the platform, or from a dotenv file. Values only where the runbook says so."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from postdeploy.readiness.audit import PRODUCTION, Inventory, ListedVariable, Unread
from postdeploy.readiness.env_file import from_file
from postdeploy.readiness.hosts import is_loopback
from postdeploy.redaction import Secret
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.readiness_tables import VERCEL
from postdeploy.runbook.tables import Runbook
from postdeploy.vercel.access import Access, platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state

_AT_ONCE = 4


class _Variable(msgspec.Struct, rename="camel"):
    """A variable in the platform's list. Its value is not even decoded."""

    key: str
    id: str = ""
    type: str = ""
    target: str | list[str] = ()  # type: ignore[assignment]
    updated_at: int | None = None
    created_at: int | None = None

    def entry(self) -> ListedVariable:
        targets = [self.target] if isinstance(self.target, str) else self.target
        unread = Unread.SENSITIVE if self.type == "sensitive" else Unread.NOT_ASKED
        return ListedVariable(
            self.key, frozenset(targets), self.type, self.updated_at or self.created_at, self.id, unread
        )


class _VariableList(msgspec.Struct, rename="camel"):
    envs: list[_Variable]
    hidden_production_env_count: int = 0


class _Value(msgspec.Struct):
    value: str | None = None
    type: str = ""


def access_of(environment: Environment) -> Access | None:
    """The access to the platform, or None if the environment has none."""
    return platform_access(environment) if environment.platform else None


def read(runbook: Runbook, access: Access | None, base_url: str | None, folder: Path) -> Inventory:
    """All variables, with the values that the runbook allows to be read. Without an address no deployment is looked up.

    Raises:
        PlatformError: the platform does not answer.
        UsageError: the file can't be read.
    """
    if runbook.environment.source != VERCEL:
        return _with_domains(from_file(folder / runbook.environment.source, runbook.variables), runbook, base_url, ())
    assert access is not None, "a part without its source is left out"
    with Vercel(access) as vercel:
        return from_platform(vercel, runbook, base_url)


def from_platform(vercel: Vercel, runbook: Runbook, base_url: str | None) -> Inventory:
    """The project's variables, and the deployment that serves the address.

    Raises:
        PlatformError: the platform does not answer.
    """
    project = quote(vercel.access.project, safe="")
    listed = vercel.read(f"/v10/projects/{project}/env", _VariableList)
    deployment = find(vercel, urlsplit(base_url).netloc) if base_url else None
    wanted = [name for name, expected in runbook.variables.items() if expected.read_values]

    def with_value(entry: ListedVariable) -> ListedVariable:
        if entry.name not in wanted or PRODUCTION not in entry.targets or entry.value is Unread.SENSITIVE:
            return entry
        return replace(entry, value=_value(vercel, project, entry.id))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        entries = tuple(pool.map(with_value, [each.entry() for each in listed.envs]))
    known = Inventory(
        entries, listed.hidden_production_env_count, built_at=deployment.created_at if deployment else None
    )
    own_address = deployment is not None and deployment.url == urlsplit(base_url or "").netloc
    if own_address:  # not a production domain
        live = project_state(vercel).production
        return _with_domains(known, runbook, base_url, find(vercel, live).aliases if live else (), production=False)
    return _with_domains(known, runbook, base_url, deployment.aliases if deployment else ())


def changed_between(vercel: Vercel, names: Collection[str], since: int | None, until: int | None) -> tuple[str, ...]:
    """Which of these variables of Production were changed between two moments, epoch milliseconds.

    Raises:
        PlatformError: the platform does not answer.
    """
    if since is None or until is None:
        return ()
    listed = vercel.read(f"/v10/projects/{quote(vercel.access.project, safe='')}/env", _VariableList)
    entries = [each.entry() for each in listed.envs if each.key in names]
    return tuple(
        entry.name for entry in entries if PRODUCTION in entry.targets and since < (entry.changed_at or 0) <= until
    )


def _value(vercel: Vercel, project: str, variable: str) -> Secret | Unread:
    try:
        found = vercel.read(f"/v1/projects/{project}/env/{quote(variable, safe='')}", _Value)
    except PlatformError as error:
        if error.refused:
            return Unread.REFUSED
        raise
    return Unread.SENSITIVE if found.type == "sensitive" or found.value is None else Secret(found.value)


def _with_domains(
    known: Inventory, runbook: Runbook, base_url: str | None, aliases: tuple[str, ...], *, production: bool = True
) -> Inventory:
    """`production`: whether the address is a production domain itself."""
    split = urlsplit(base_url or "")
    own = [split.netloc] if split.netloc and production else []
    domains = dict.fromkeys([*own, *aliases, *runbook.environment.domains])
    return Inventory(known.entries, known.hidden, tuple(domains), known.built_at, is_loopback(split.hostname))
