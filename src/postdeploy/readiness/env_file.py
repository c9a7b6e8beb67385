"""The variables of Production out of a file that `vercel env pull` wrote."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from dotenv import dotenv_values

from postdeploy.model import UsageError
from postdeploy.readiness.audit import PRODUCTION, Inventory, ListedVariable, Unread
from postdeploy.redaction import Secret

_PLACEHOLDERS = ("[SENSITIVE]", "Encrypted")
"""What `vercel env pull` writes in place of a value that can't be pulled."""


def from_file(path: Path, listed: Collection[str]) -> Inventory:
    """A file that `vercel env pull` has written: all its variables are Production's. Only the listed ones keep their values.

    Raises:
        UsageError: it can't be read.
    """
    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError):
        values = None
    if values is None:
        raise UsageError(
            f"environment.source: {path} can't be read. Write it: vercel env pull {path.name} --environment production"
        )
    return Inventory(tuple(_from_line(name, value or "", keep=name in listed) for name, value in values.items()))


def _from_line(name: str, value: str, *, keep: bool) -> ListedVariable:
    read = Unread.SENSITIVE if value in _PLACEHOLDERS else Secret(value) if keep else Unread.NOT_ASKED
    return ListedVariable(name, frozenset({PRODUCTION}), "file", value=read)
