"""How much there is to read: the words of the documents that people write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

GENERATED = (
    "faults.md",
    "log-faults.md",
    "advice-faults.md",
    "deployment-faults.md",
    "other-app-faults.md",
    "sequences.md",
)
"""Below docs/: written by runs, as are those that begin with `bench`."""
MEASURED_BEGIN, MEASURED_END = "<!-- measured: make house -->", "<!-- end of what was measured -->"


def written_by_people(checkout: Path) -> Iterator[Path]:
    """README, docs/, and the chapters next to the code."""
    yield checkout / "README.md"
    for folder in ("docs", "src", "sandbox"):
        for page in sorted((checkout / folder).rglob("*.md")):
            if page.name not in GENERATED and not page.name.startswith("bench") and not _foreign(page):
                yield page


def _foreign(page: Path) -> bool:
    return any(part in {"node_modules", ".state"} for part in page.parts)


def words(page: Path) -> int:
    """Words as a reader counts them: no table rules, no picture's address; what a command measured is left out."""
    text = page.read_text("utf-8")
    begin, found, after = text.partition(MEASURED_BEGIN)
    if found:
        text = begin + after.partition(MEASURED_END)[2]
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return sum(1 for one in text.split() if re.search(r"\w", one))


def words_by_subject(checkout: Path) -> Mapping[str, int]:
    """Document → words; the pages of a folder together, under the name that both layouts share."""
    subjects: dict[str, int] = {}
    for page in written_by_people(checkout):
        name = _subject(page.relative_to(checkout))
        subjects[name] = subjects.get(name, 0) + words(page)
    return subjects


def _subject(page: Path) -> str:
    if page.parts[0] in {"src", "sandbox"}:
        return "chapters next to the code"
    if len(page.parts) > 1 and page.parts[0] == "docs":
        return f"docs/{page.parts[1].removesuffix('.md')}"
    return str(page)


def longest_finding(checkout: Path) -> int:
    """Words of the longest page about one kind of finding."""
    pages = (page for page in (checkout / "docs/findings").glob("*.md") if page.name != "README.md")
    return max(words(page) for page in pages)
