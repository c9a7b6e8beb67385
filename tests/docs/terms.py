"""One term for each concept, in pages and in code: the words that made readers stop, and what stands for them."""

from __future__ import annotations

import re

UNCLEAR = {
    r"\b(some|no)body\b": "name the person, or use the passive voice",
    r"\bwhoever\b": "name the person",
    r"(?<!there )\bis no\b": "is not a",
    r"\b(tells|told)\b": "says, shows",
    r"\bbeside\b": "next to, near, outside",
    r"\bcomes? to\b": "is, results in",
    r"platform's word": "according to Vercel",
    r"\bway back\b|\bgo(es)? back\b|\bwent back\b": "rollback, rollback target",
    r"\blast known good\b|\blast good\b": "last-good deployment",
    r"(?<!-)\blevers?\b": "feature flag",
    r"\bstrangers?\b": "unauthenticated client",
    r"\bblotted\b": "redacted, masked",
    r"\bmeasure again\b": "re-run",
    r"\bby turns\b": "alternately",
    r"\bvouch\w*\b": "cover",
    r"\bborne\b|\bchronic\b": "tolerated, known before",
    r"\boutlook\b|\btrials?\b|\bstanding\b": "comparison run, production state",
}
"""Words that made readers stop → what stands for them."""


def unclear(text: str) -> dict[str, str]:
    """The unclear words of a text, each with its better one. Capitals are first lines of a verdict: MEASURE AGAIN."""
    return {
        match[0]: better
        for pattern, better in UNCLEAR.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
        if not match[0].isupper()
    }
