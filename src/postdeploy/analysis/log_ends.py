"""How a log ends: its last minutes may tell of a fault that the hours before them outweigh."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.protocol import Span
from postdeploy.model import Severity


def end_badly(
    tally_of: Callable[[Span], Tally], evidence: LogEvidence, found: Collection[LogFinding], judged: Span
) -> Iterator[str]:
    """Where nothing fails the deployment, and the last minutes by themselves would, or would prove nothing.

    `tally_of`: what happened in a span, compared with the baseline, and as it counts. `judged`: what was judged as a whole.
    """
    length = round(evidence.runbook.threshold.window * 1000)
    end = Span(judged.until - length, judged.until)
    if end.since < judged.since + length or any(one.severity is Severity.FAIL for one in found):
        return
    last = tally_of(end)
    by_itself = replace(evidence, tally=last, first=last)
    theirs = findings(by_itself)
    said = [one.sentence for one in theirs if one.severity is Severity.FAIL] or undecidable(by_itself, theirs)
    yield from (f"the last {wording.minutes(length / 1000)} by themselves: {one}" for one in said)
