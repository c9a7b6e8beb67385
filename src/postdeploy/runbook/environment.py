"""The environment and .env, read once: the smoke user, the access to Vercel, and the secrets that callers of the app share."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from dotenv import dotenv_values
from dotenv.parser import parse_stream

from postdeploy.model import UsageError
from postdeploy.redaction import Secret
from postdeploy.runbook.aliases import aliases

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_ADDRESS = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")
"""A valid e-mail address, https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address."""


class User(msgspec.Struct, frozen=True):
    """A user of the app who signs in with a password."""

    email: Secret
    password: Secret

    @property
    def has_address(self) -> bool:
        """Whether a browser takes the e-mail for one: it does not send a form with another."""
        return _ADDRESS.fullmatch(self.email.reveal()) is not None


class Platform(msgspec.Struct, frozen=True):
    """The access to the Vercel API."""

    token: Secret
    project: str
    team: str | None
    api: str | None
    """Another address of the API, for a stand-in."""
    acting: Secret | None = None
    """The token for rollbacks (VERCEL_ROLLBACK_TOKEN), where it differs from the one that reads."""


class Environment(msgspec.Struct, frozen=True):
    """What the environment and .env say; the environment wins, an empty value counts as missing."""

    user: User | None
    """The smoke user."""
    missing: tuple[str, ...]
    bypass: Secret | None
    secrets: tuple[Secret, ...]
    platform: Platform | None
    platform_missing: tuple[str, ...]
    shared: dict[str, Secret]
    """Secrets that the app shares with its callers: CRON_SECRET, and those that [endpoints] names. Usually empty."""
    canary_database: Secret | None
    """The app's database for the metrics of the canary (CANARY_DATABASE_URL), by a role that can only read."""
    canary_admin: User | None
    """A user who may see the admin page (CANARY_ADMIN_EMAIL, CANARY_ADMIN_PASSWORD)."""
    configured: tuple[str, ...]
    """Names (never values) of the known variables that are set."""


_KNOWN = (
    "SMOKE_EMAIL",
    "SMOKE_PASSWORD",
    "VERCEL_TOKEN",
    "VERCEL_TEAM_ID",
    "VERCEL_PROJECT_ID",
    "VERCEL_API_URL",
    "VERCEL_AUTOMATION_BYPASS_SECRET",
    "CRON_SECRET",
    "VERCEL_ROLLBACK_TOKEN",
    "CANARY_DATABASE_URL",
    "CANARY_ADMIN_EMAIL",
    "CANARY_ADMIN_PASSWORD",
)


_PUBLIC = frozenset({"VERCEL_TEAM_ID", "VERCEL_PROJECT_ID", "VERCEL_API_URL"})


_SHARED = ("CRON_SECRET",)
_IN_HEADERS = ("VERCEL_TOKEN", "VERCEL_ROLLBACK_TOKEN", "VERCEL_AUTOMATION_BYPASS_SECRET", *_SHARED)


def read_environment(
    dotenv: Path, environ: Mapping[str, str] = os.environ, shared: Collection[str] = ()
) -> Environment:
    """The known variables out of `environ` and the file `dotenv` (which may be absent).

    `shared`: the names of further secrets, as a runbook's endpoints give them.

    Raises:
        UsageError: it is a directory, or a line of it can't be parsed; a secret can't be sent. Names the line or the variable, never
            its content.
    """
    earlier = {name: aliases().secrets.get(name, ()) for name in shared}
    known = dict.fromkeys([*_KNOWN, *shared, *(each for names in earlier.values() for each in names)])
    values = {name: value for name, value in _dotenv(dotenv).items() if value}
    values.update({name: environ[name] for name in known if environ.get(name)})
    for name, names in earlier.items():
        for each in names:
            if each in values:
                values.setdefault(name, values[each])
    values = {name: one for name, value in values.items() if (one := value.strip("\ufeff\r\n"))}
    for name in (*_IN_HEADERS, *shared):
        if not (value := values.get(name, "")).isascii() or not value.isprintable():
            raise UsageError(
                f"{name} holds a character that no header can carry. Copy it again, from its beginning to its end."
            )
    email, password = values.get("SMOKE_EMAIL"), values.get("SMOKE_PASSWORD")
    admin, admin_password = values.get("CANARY_ADMIN_EMAIL"), values.get("CANARY_ADMIN_PASSWORD")
    bypass = values.get("VERCEL_AUTOMATION_BYPASS_SECRET")
    token, project = values.get("VERCEL_TOKEN"), values.get("VERCEL_PROJECT_ID")
    acting, canary = values.get("VERCEL_ROLLBACK_TOKEN"), values.get("CANARY_DATABASE_URL")
    return Environment(
        user=User(Secret(email), Secret(password)) if email and password else None,
        missing=tuple(name for name in ("SMOKE_EMAIL", "SMOKE_PASSWORD") if not values.get(name)),
        bypass=Secret(bypass) if bypass else None,
        secrets=tuple(Secret(values[name]) for name in known if name in values and name not in _PUBLIC),
        platform=Platform(
            Secret(token),
            project,
            values.get("VERCEL_TEAM_ID"),
            values.get("VERCEL_API_URL"),
            Secret(acting) if acting else None,
        )
        if token and project
        else None,
        platform_missing=tuple(name for name in ("VERCEL_TOKEN", "VERCEL_PROJECT_ID") if not values.get(name)),
        shared={name: Secret(values[name]) for name in (*_SHARED, *shared) if name in values},
        canary_database=Secret(canary) if canary else None,
        canary_admin=User(Secret(admin), Secret(admin_password)) if admin and admin_password else None,
        configured=tuple(name for name in _KNOWN if name in values),
    )


def _dotenv(path: Path) -> dict[str, str | None]:
    if path.is_dir():
        raise UsageError(f"{path}: a directory, and a file of NAME=value lines is expected. Move it away.")
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path}: can't be read as UTF-8 text. Correct or remove the file.") from None
    lines = list(parse_stream(io.StringIO(text)))
    for binding in lines:
        if binding.error:
            before = binding.original.string[: len(binding.original.string) - len(binding.original.string.lstrip())]
            line = binding.original.line + before.count("\n")
            others = ", ".join(dict.fromkeys(one.key for one in lines if one.key and not one.error and one.value))
            raise UsageError(
                f"{path}, line {line}: not NAME=value. Correct or remove that line. Set in the others: {others or 'nothing'}."
            )
    return dict(dotenv_values(stream=io.StringIO(text), interpolate=False))
