"""Before a release: the tag is the version of pyproject.toml, and CHANGELOG.md has a dated section for it."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def problems(tag: str, metadata: str, changelog: str) -> Iterator[str]:
    """What keeps this tag from being released."""
    version = tomllib.loads(metadata)["project"]["version"]
    if tag != f"v{version}":
        yield f"the tag {tag} is not v{version}, the version in pyproject.toml"
    if not re.search(rf"(?m)^## \[?{re.escape(version)}\]? – \d{{4}}-\d\d-\d\d$", changelog):
        yield f"CHANGELOG.md has no section “## {version} – YYYY-MM-DD”"


if __name__ == "__main__":
    texts = [(PROJECT / name).read_text(encoding="utf-8") for name in ("pyproject.toml", "CHANGELOG.md")]
    found = list(problems(sys.argv[1], *texts))
    print(*found, sep="\n", file=sys.stderr)
    sys.exit(bool(found))
