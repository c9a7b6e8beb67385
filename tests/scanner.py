"""Looks for secrets and personal data in what was written. It knows nothing of the redactor: it decodes, and looks for what was planted."""

from __future__ import annotations

import base64
import html
import re
import tomllib
import urllib.parse
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

from sandbox.edge.plants import VALUES

_RUNBOOK = Path(__file__).parents[1] / "sandbox" / "runbook.toml"
_SECRET = re.compile(r"EMAIL|PASSWORD|TOKEN|SECRET|KEY")
_SESSION = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}|base64-ey")
"""A session's tokens, and the cookie that holds them."""
_SHORTEST = 6
"""Characters of a planted value that proves something."""


@cache
def people() -> tuple[str, ...]:
    """Those whose names the sandbox's pages show."""
    workspaces = tomllib.loads(_RUNBOOK.read_text(encoding="utf-8"))["workspace"]
    return tuple(person for workspace in workspaces for person in workspace.get("people", ()))


def planted_in(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What a run knows, or sees, and must not write."""
    secrets = [value for name, value in environment.items() if _SECRET.search(name) and len(value) >= _SHORTEST]
    return (*secrets, *people(), *VALUES)


def files_in(folder: Path) -> dict[str, bytes]:
    """File → its content."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def left_in(
    folder: Path,
    output: str,
    planted: tuple[str, ...],
    before: Mapping[str, bytes] | None = None,
    more: Mapping[str, str] | None = None,
) -> dict[str, set[str]]:
    """File, or the terminal → what of it can be read there, session tokens included. Only where something can.

    `before`: the files that were there already; one that is still the same is not the run's. `more`: what else it wrote or sent.
    """
    written = {name: content for name, content in files_in(folder).items() if (before or {}).get(name) != content}
    texts = {name: content.decode("utf-8", "replace") for name, content in written.items()}
    found = {
        where: survivors(text, *planted) | set(_SESSION.findall(text))
        for where, text in {"the terminal": output, **texts, **(more or {})}.items()
    }
    return {where: values for where, values in found.items() if values}


def survivors(text: str, *values: str) -> set[str]:
    """Which of these can be read in a text, however it is decoded."""
    read = [re.sub(r"\s", "", one) for one in readings(text).values()]
    return {value for value in values if any(re.sub(r"\s", "", value) in one for one in read)}


def readings(text: str) -> dict[str, str]:
    """The text, decoded in many ways."""
    flat = re.sub(r"\s", "", text)
    readings = {"plain": flat, "html": html.unescape(flat), "url": urllib.parse.unquote(urllib.parse.unquote(flat))}
    readings["escapes"] = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), flat).replace("\\", "")
    readings["hex"] = " ".join(
        bytes.fromhex(run[: len(run) // 2 * 2]).decode("utf-8", "replace")
        for run in re.findall(r"[0-9a-fA-F]{8,}", flat)
    )
    readings["base64"] = " ".join(
        base64.b64decode((run + "AAAA")[: (len(run) + 3) // 4 * 4]).decode("utf-8", "replace")
        for run in re.findall(r"[A-Za-z0-9+/]{8,}", flat.replace("-", "+").replace("_", "/"))
    )
    return readings


def scanned(text: str) -> list[str]:
    """What detect-secrets finds, by rules of its own, each line at a time."""
    return [line for line in text.splitlines() if _is_found(line)]


@cache
def _is_found(line: str) -> bool:
    """The same line stands in several of the files that a run writes."""
    return any(scanner.analyze_line(filename="x", line=line) for scanner in _scanners())


@cache
def _scanners() -> tuple[Any, ...]:
    detectors: dict[str, Any] = get_mapping_from_secret_type_to_class()
    return tuple(
        detector()
        for name, detector in detectors.items()
        if "Entropy" not in name and name != "Secret Keyword"  # both take the words of our own sentences for secrets
    )
