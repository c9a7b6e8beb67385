"""Sets the project up: `python setup`. Needs a Python and nothing else, and does nothing twice.

    .venv            made, or made again when it is half-made or was moved
    requirements     installed by their hashes, when they or the project's metadata changed
    the project      installed in place

The browser is a step of its own (browser.py), for not everything needs one.
"""

from __future__ import annotations

import sys

import environment
import packages


def main() -> int:
    """The steps in order; the exit code is 1 when one failed, 130 when it was interrupted."""
    try:
        environment.make()
        packages.install()
    except KeyboardInterrupt:
        print("\nsetup: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    except environment.SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
