"""The routes of a build, as the edge knows them: which paths run the middleware, and which function answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Routes:
    """Read from what ``next build`` wrote. An empty one knows no middleware, and takes every path for its own function."""

    middleware: tuple[re.Pattern[str], ...] = ()
    dynamic: tuple[tuple[re.Pattern[str], str], ...] = ()

    @classmethod
    def read(cls, dist_dir: Path) -> Routes:
        """The routes of a finished build."""
        functions = json.loads((dist_dir / "server" / "functions-config-manifest.json").read_text(encoding="utf-8"))
        routes = json.loads((dist_dir / "routes-manifest.json").read_text(encoding="utf-8"))
        matchers = functions["functions"].get("/_middleware", {}).get("matchers", [])
        return cls(
            tuple(re.compile(matcher["regexp"]) for matcher in matchers),
            tuple((re.compile(route["regex"]), route["page"]) for route in routes["dynamicRoutes"]),
        )

    def runs_middleware(self, path: str) -> bool:
        """Whether the middleware sees a request for this path."""
        return any(pattern.search(path) for pattern in self.middleware)

    def function(self, path: str) -> str:
        """The name of the function that answers."""
        return next((page for pattern, page in self.dynamic if pattern.search(path)), path)
