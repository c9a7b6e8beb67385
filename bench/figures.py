"""Which published figures still describe the code: each page carries a hash of what it measured.

python -m bench.figures              each page: fresh, or stale and the command for a re-run
python -m bench.figures --again      … after the cheap ones that were stale were measured again
python -m bench.figures --release    … exit code 1 if one is stale
"""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_STAMP = re.compile(r"\n?<!-- measured at ([0-9a-f]{12}) -->\n")
_COMMIT = re.compile(r"\n?Measured at commit [^\n]*\n")
_MADE = {".state", "node_modules", ".next"}
"""Folders of what was built or installed: not the code."""
_KINDS = {".py", ".toml", ".js", ".mjs", ".ts", ".tsx", ".sql"}


@dataclass(frozen=True)
class Figures:
    """A page, the code that it measures, and the command for a re-run."""

    page: str
    of: tuple[str, ...]
    again: str
    cheap: bool = False
    """Whether it takes a minute or two, and nothing but this machine."""


MATRIX = ("src", "fixtures", "smoke", "conftest.py", "sandbox", "tests/faults")
LONG_WATCH = (
    *(f"src/postdeploy/analysis/{name}.py" for name in ("ledger", "live_rows", "logbook", "settling")),
    "src/postdeploy/logs/attribution.py",
    "bench/watch_memory.py",
)
MATRICES = (
    "faults.md",
    "advice-faults.md",
    "canary-faults.md",
    "deployment-faults.md",
    "log-faults.md",
    "other-app-faults.md",
)
"""What `make faults` writes."""
ALL = (
    Figures("docs/bench.md", ("src", "fixtures", "smoke", "conftest.py", "bench/steps"), "make bench"),
    Figures(
        "docs/bench-readiness.md", ("src/postdeploy/readiness", "src/postdeploy/run", "smoke", "fixtures"), "make bench"
    ),
    Figures("docs/bench-logs.md", ("src/postdeploy/logs", "src/postdeploy/analysis", "bench/logs"), "make benchlogs"),
    Figures(
        "docs/bench-fingerprints.md",
        ("src/postdeploy/analysis", "src/postdeploy/runbook/defaults/vocabulary.toml"),
        "python -m bench.fingerprints DIRECTORY",
    ),
    Figures("docs/bench-canary.md", ("src/postdeploy/canary", "bench/canary.py"), "python -m bench.canary", cheap=True),
    Figures(
        "docs/bench-watch.md",
        ("src/postdeploy/uptime", "src/postdeploy/analysis/rules", "bench/watch.py"),
        "python -m bench.watch",
        cheap=True,
    ),
    Figures(
        "docs/bench-live.md",
        (*LONG_WATCH[:-1], "src/postdeploy/run/log_watch.py", "bench/live.py", "bench/live_end.py"),
        "python -m bench.live",
    ),
    Figures("docs/bench-watch-memory.md", LONG_WATCH, "python -m bench.watch_memory", cheap=True),
    Figures(
        "docs/bench-report.md",
        ("src/postdeploy/report", "src/postdeploy/plugin", "fixtures/screenshot.py", "bench/report_cost.py"),
        "python -m bench.report_cost",
    ),
    Figures(
        "docs/bench-workspaces.md",
        ("fixtures/inbox.py", "fixtures/workspace_menu.py", "smoke/test_workspaces.py", "bench/workspaces.py"),
        "python -m bench.workspaces",
    ),
    *(Figures(f"docs/{page}", MATRIX, "make faults") for page in MATRICES),
    Figures(
        "docs/mutants.md",
        (
            "src/postdeploy/verdict",
            "src/postdeploy/plugin/selection.py",
            "src/postdeploy/analysis/rules",
            "bench/mutants",
        ),
        "make mutants",
    ),
)


def write(page: Path, text: str, root: Path = ROOT) -> None:
    """Write a page that was measured just now."""
    figures = next(one for one in ALL if root / one.page == page)
    body = _COMMIT.sub("", _STAMP.sub("", text)).rstrip()
    stamp = f"<!-- measured at {content_hash(figures.of, root)} -->"
    page.write_text(f"{body}\n\n{_commit(figures.of, root)}{stamp}\n", "utf-8")


def _commit(of: Sequence[str], root: Path) -> str:
    """For people: of which commit these figures are; empty where that is not known."""

    def git(*arguments: str) -> str:
        return subprocess.run(("git", "-C", str(root), *arguments), capture_output=True, text=True, check=False).stdout

    commit, changed = git("rev-parse", "--short=8", "HEAD").strip(), git("status", "--porcelain", "--", *of)
    return f"Measured at commit {commit}{' and changes on top' if changed else ''}.\n\n" if commit else ""


def content_hash(of: Iterable[str], root: Path = ROOT) -> str:
    """Twelve digits that change with any of these files, or with their names."""
    found = hashlib.sha256()
    for file in sorted(file for place in of for file in _files(root / place)):
        found.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:12]


def _files(place: Path) -> Iterator[Path]:
    inside = place.rglob("*") if place.is_dir() else [place]
    return (file for file in inside if file.suffix in _KINDS and not _MADE & set(file.parts) and file.is_file())


def stale(figures: Figures, root: Path = ROOT) -> bool:
    """Whether the code differs from what was measured, or that is unknown."""
    page = root / figures.page
    found = _STAMP.search(page.read_text(encoding="utf-8")) if page.is_file() else None
    return found is None or found[1] != content_hash(figures.of, root)


def measure_again(root: Path = ROOT) -> None:
    """Measure the stale ones that are cheap."""
    for one in ALL:
        if one.cheap and stale(one, root):
            program, *arguments = shlex.split(one.again)
            subprocess.run([sys.executable if program == "python" else program, *arguments], cwd=root, check=True)


def main(root: Path = ROOT) -> int:
    """Print the state of each page."""
    if "--again" in sys.argv:
        measure_again(root)
    old = [one for one in ALL if stale(one, root)]
    for one in ALL:
        print(f"{'stale' if one in old else 'fresh':<7}{one.page}" + (f"    re-run: {one.again}" if one in old else ""))
    return int(bool(old) and "--release" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
