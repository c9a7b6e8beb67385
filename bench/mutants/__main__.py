"""Measure how well the tests hold the modules that decide, and write docs/mutants.md.

python -m bench.mutants              all groups
python -m bench.mutants verdict      that group; of the others what was measured last
python -m bench.mutants --page       the page alone, of what was measured last
"""

from __future__ import annotations

import subprocess
import sys

from bench.figures import ROOT, write
from bench.mutants.results import equivalents, page, survivors
from bench.mutants.running import groups, results, run


def main(chosen: list[str]) -> int:
    """Exit code 1 if a change survived that a test should have noticed."""
    known = equivalents()
    found = []
    for group in groups():
        asked = "--page" not in chosen and (not chosen or group.name in chosen)
        mutants = run(group) if asked else results(group)
        if asked:
            left = survivors(mutants, known)
            print(f"{group.name}: {len(mutants)} changes, {len(left)} survived")
            for one in left:
                print(f"\n{one.function}\n{one.change}")
        if mutants:
            found.append((group, mutants))
    described = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    write(ROOT / "docs/mutants.md", page(found, known, commit))
    return int(any(survivors(mutants, known) for _, mutants in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
