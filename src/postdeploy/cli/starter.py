"""`postdeploy doctor --init`: a short runbook.toml, and the key by which pytest -m smoke verifies a deployment in this folder."""

from __future__ import annotations

import configparser
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from postdeploy.model import UsageError
from postdeploy.runbook.reading import read_runbook

MOST_LINES = 30
_KEY = "postdeploy = true"
_PYTEST_INI = f"[pytest]\n# Here `pytest -m smoke` verifies a deployment.\n{_KEY}\n"
_TABLE = "[tool.pytest.ini_options]"


def write_starter(folder: Path) -> Iterator[str]:
    """Write the runbook, and pytest.ini where pytest has no configuration. Yields what else there is to do.

    Raises:
        UsageError: there is a runbook, or the folder can't be written.
    """
    _create(folder / "runbook.toml", starter_runbook(folder))
    place = _pytest_configuration(folder)
    if place is None:
        _create(folder / "pytest.ini", _PYTEST_INI)
    else:
        yield f"To verify by `pytest -m smoke`, add to {place}: {_KEY}. `postdeploy smoke URL` needs no such line."


def _pytest_configuration(folder: Path) -> str | None:
    """Where this folder configures pytest already."""
    for name, section in (("pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(folder / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            return name
        if parser.has_section(section):
            return f"[{section}] in {name}"
    try:
        tools = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {})
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return f"{_TABLE} in pyproject.toml"
    return f"{_TABLE} in pyproject.toml" if "pytest" in tools else None


def starter_runbook(folder: Path) -> str:
    """A runbook.toml of at most 30 lines: what was found in the app's folder, and what else to fill in, as comments."""
    lines = [
        "# What differs from the packaged defaults, which `postdeploy runbook` prints. `postdeploy doctor` says what is missing.",
        "schema = 1",
        "",
        "# The smoke user's workspaces: two of them with conversations.",
        "# [[workspace]]",
        '# name = "Acme"',
        "# [[workspace]]",
        '# name = "Globex"',
        "",
        "# Where the app differs from the built-in one: its paths, its login form, the markup of its inbox.",
        "# [app]",
        '# login_path = "/auth/login"',
        '# inbox_path = "/"',
        '# list_path = "/api/inbox/conversations"',
    ]
    found = list(_found(folder))
    if found:
        lines += ["", "# Found here:", *(f"#   {line}" for line in found)]
    return "\n".join(lines[:MOST_LINES]) + "\n"


def _found(folder: Path) -> Iterator[str]:
    for name, value in linked(folder).items():
        yield f"{name}={value} (set it with VERCEL_TOKEN in the environment or in .env, for --logs=vercel)"
    crons = _json(folder / "vercel.json").get("crons")
    if isinstance(crons, list) and crons:
        yield f'{len(crons)} cron routes in vercel.json. To check them: [cron] source = "vercel.json"'
        first = read_runbook().cron.first
        if all(not isinstance(one, dict) or one.get("path") != first for one in crons):
            yield f"  and first = the one that runs nothing without CRON_SECRET: {first}, the default, is not among them"


def linked(folder: Path) -> dict[str, str]:
    """What `vercel link` wrote here, by the variables' names. A personal project has no team."""
    noted = _json(folder / ".vercel" / "project.json")
    project, owner = noted.get("projectId"), noted.get("orgId")
    found = {"VERCEL_PROJECT_ID": project} if isinstance(project, str) else {}
    return found | ({"VERCEL_TEAM_ID": owner} if isinstance(owner, str) and owner.startswith("team_") else {})


def _json(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _create(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already and is left as it is. Move it away to write a new one.") from None
    except OSError as error:
        raise UsageError(
            f"{path} can't be written: {error.strerror}. Make room, or run it in another folder."
        ) from None
