"""What is wrong with a variable of the runbook's list: pure, from names, targets, types and, if they were read, values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from postdeploy.readiness.hosts import custom, wrong_origins
from postdeploy.readiness.shapes import mistake
from postdeploy.redaction import Secret
from postdeploy.runbook.readiness_tables import Variable

PRODUCTION = "production"
_PUBLIC = "NEXT_PUBLIC_"
_SECRET_NAME = re.compile(
    r"SECRET|SERVICE_ROLE|PASSWORD|PRIVATE|DATABASE_URL|DIRECT_URL|_TOKEN$|SIGNING|OPENAI|_API_KEY$"
)


class Unread(StrEnum):
    """Why a value is not known."""

    NOT_ASKED = "not read"
    SENSITIVE = "not readable (sensitive)"
    REFUSED = "not readable (refused)"


@dataclass(frozen=True, slots=True)
class ListedVariable:
    """One variable as its source has it. Its value is never shown."""

    name: str
    targets: frozenset[str]
    kind: str = ""
    """encrypted, sensitive, plain, …"""
    changed_at: int | None = None
    """Epoch milliseconds by the platform's clock."""
    id: str = ""
    value: Secret | Unread = Unread.NOT_ASKED


@dataclass(frozen=True, slots=True)
class Inventory:
    """All variables, with the domains and the build they belong to."""

    entries: tuple[ListedVariable, ...] = ()
    hidden: int = 0
    """How many variables of Production are hidden from the token."""
    domains: tuple[str, ...] = ()
    """Every production domain of the app."""
    built_at: int | None = None
    """When the running deployment was built, epoch milliseconds; None: unknown."""
    loopback: bool = False
    """Whether the deployment is on this machine."""

    def production(self, name: str) -> ListedVariable | None:
        """The variable as Production has it."""
        return next((each for each in self.entries if each.name == name and PRODUCTION in each.targets), None)

    def value(self, name: str) -> str | None:
        """The value in Production, where it was read."""
        entry = self.production(name)
        return entry.value.reveal() if entry and isinstance(entry.value, Secret) else None


@dataclass(frozen=True, slots=True)
class Setting:
    """The result of auditing one variable."""

    name: str
    entry: ListedVariable | None = None
    problem: str | None = None
    """What is wrong, as a whole sentence."""
    unproven: str | None = None
    """Why nothing is known about it."""
    warnings: tuple[str, ...] = field(default=())
    says: str = ""
    """Its state in a few words."""

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that correct it, one each; they prompt for the value, so that no shell history keeps it."""
        if self.problem is None:
            return ()
        held = self.entry is not None and PRODUCTION in self.entry.targets
        remove = (f"vercel env rm {self.name} production --yes",) if held else ()
        return (*remove, f"vercel env add {self.name} production")


def audit(name: str, expected: Variable, inventory: Inventory) -> Setting:
    """Audit one variable of the runbook's list."""
    entry = inventory.production(name)
    if entry is None:
        return _absent(name, expected, inventory)
    if not isinstance(entry.value, Secret):
        return _unread(name, expected, entry, inventory)
    value = entry.value.reveal()
    wrong = mistake(value, expected, loopback=inventory.loopback)
    if wrong is None and expected.shape == "origins":
        wrong = wrong_origins(value, inventory.domains)
    if wrong:
        return Setting(name, entry, problem=f"{name} {wrong}", says=wrong)
    return Setting(name, entry, warnings=_changed(entry, inventory), says="ok")


def public_secrets(inventory: Inventory) -> tuple[str, ...]:
    """Variables of Production whose NEXT_PUBLIC_ name exposes a secret to every browser."""
    names = (each.name for each in inventory.entries if PRODUCTION in each.targets)
    public = [name for name in names if name.startswith(_PUBLIC)]
    return tuple(name for name in public if _SECRET_NAME.search(name.removeprefix(_PUBLIC)) and "ANON_KEY" not in name)


def _absent(name: str, expected: Variable, inventory: Inventory) -> Setting:
    elsewhere = next((each for each in inventory.entries if each.name == name), None)
    if expected.unset_is_safe:
        return Setting(name, elsewhere, says="not set, which is safe")
    if expected.custom_domains and not custom(inventory.domains):
        return Setting(name, elsewhere, says="not set, and not needed without a custom domain")
    if elsewhere:
        where = ", ".join(sorted(target.title() for target in elsewhere.targets)) or "no environment"
        return Setting(
            name, elsewhere, problem=f"{name} is set for {where} only, not for Production", says=f"{where} only"
        )
    if inventory.hidden:
        doubt = f"{name} was not found; {inventory.hidden} variable(s) of Production are hidden from this token"
        return Setting(name, unproven=doubt, says="not found, may be hidden")
    return Setting(name, problem=f"{name} is missing in Production", says="missing")


def _unread(name: str, expected: Variable, entry: ListedVariable, inventory: Inventory) -> Setting:
    warnings = _changed(entry, inventory)
    if expected.shape in ("feature-flag", "origins"):
        warnings = (f"{name} is set, but its value was {entry.value}", *warnings)
    return Setting(name, entry, warnings=warnings, says=f"present, {entry.value}")


def _changed(entry: ListedVariable, inventory: Inventory) -> tuple[str, ...]:
    if not entry.changed_at or not inventory.built_at or entry.changed_at <= inventory.built_at:
        return ()
    built_in = entry.name.startswith(_PUBLIC)
    then = "redeploy to build it in" if built_in else "it takes effect with the next deployment"
    return (f"{entry.name} was changed after the running build: {then}",)
