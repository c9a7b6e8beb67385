"""A browser that starts, after the packages: `postdeploy install-browser`, silent where there is one already."""

from __future__ import annotations

import sys

from postdeploy.cli import install_browser

try:
    sys.exit(install_browser.provide(quiet=True))
except KeyboardInterrupt:
    sys.exit(130)
