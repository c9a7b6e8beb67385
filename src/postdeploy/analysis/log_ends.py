"""How a log ends: its last minutes may tell of a fault that the hours before them outweigh.

Or of a page that breaks in the browser: it is served, and asks for nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.ordered import findings
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part
from postdeploy.analysis.undecidable import undecidable
from postdeploy.logs.protocol import Span
from postdeploy.model import Severity
from postdeploy.page.journal import path_template

_LEAST, _FEW = 10, 0.25
"""So many pages, and reads and actions of before; and at most so many of these a page: one that works makes several."""


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
    said = said or [*_asks_nothing(evidence, last)]
    yield from (f"the last {wording.minutes(length / 1000)} by themselves: {one}" for one in said)


def _asks_nothing(evidence: LogEvidence, last: Tally) -> Iterator[str]:
    """Where the inbox's page was served as often as in the first minutes, and hardly a read or an action followed.

    What only watches the page asks for nothing, either, but it makes fewer requests than it and people together did.
    """
    page = path_template(evidence.runbook.app.inbox_path)
    early, late = evidence.first.answers_on(f"GET {page}").succeeded, last.answers_on(f"GET {page}").succeeded
    if not evidence.shows_totals or late < max(_LEAST, early) or evidence.browser_reads.size:
        return
    used, uses = (
        one.answers_of(Part.INBOX).requests + one.requests_to(f"POST {page}") for one in (evidence.first, last)
    )
    if used >= max(_LEAST, early) and uses <= _FEW * late:
        yield f"{late} pages of the inbox were served, and {uses} reads and actions followed ({used} of {early} pages before)"
