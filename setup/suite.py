"""Puts the suite into the wheel: the checks, their fixtures and the findings' pages, as `postdeploy.suite`. Hatchling calls it.

At the root of a checkout they are packages of their own; in the wheel nothing but `postdeploy` is installed.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "postdeploy.suite"
_FOLDERS = ("smoke", "fixtures")
_NAME = "|".join(_FOLDERS)
_IMPORTS = re.compile(rf"""(^ *(?:from|import) (?=(?:{_NAME})[. ])|"(?=(?:{_NAME})\.\w))({_NAME})""", re.MULTILINE)
"""Imports, and the names of modules in texts."""


class SuiteHook(BuildHookInterface[Any]):
    """Copies the suite at build time, with imports as they are inside the package."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install takes the suite from the checkout."""
        if version == "editable":
            return
        self._copies = tempfile.TemporaryDirectory(prefix="postdeploy-suite-")
        target = Path(self._copies.name)
        copy(Path(self.root), target)
        build_data["force_include"][str(target)] = PACKAGE.replace(".", "/")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's
        """The copies are in the wheel."""
        if version != "editable":
            self._copies.cleanup()


def copy(root: Path, target: Path) -> None:
    """The suite of a checkout, as a package."""
    (target / "__init__.py").write_text('"""The checks, their fixtures, and the pages about findings."""\n')
    files = [
        root / "conftest.py",
        *(file for folder in _FOLDERS for file in (root / folder).iterdir() if file.is_file()),
    ]
    for file in files:
        to = target / file.relative_to(root)
        to.parent.mkdir(exist_ok=True)
        text = file.read_text(encoding="utf-8")
        to.write_text(_IMPORTS.sub(rf"\1{PACKAGE}.\2", text) if file.suffix == ".py" else text, encoding="utf-8")
    pages = target / "findings"
    pages.mkdir()
    for page in (root / "docs" / "findings").glob("*.md"):
        (pages / page.name).write_bytes(page.read_bytes())
