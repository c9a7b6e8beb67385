"""What is asked of a log that is being read: of which deployment it is, how it is judged, and how far a report goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.settling import MOST
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.protocol import Shows
from postdeploy.logs.window import TOLERANCE
from postdeploy.model import Stage


@dataclass(frozen=True, slots=True)
class Opening:
    """When the deployment got production traffic, and how that is known."""

    since: int | None
    """Epoch milliseconds by the platform's clock; None: with the first row of the log."""
    source: str
    deployment: str | None = None
    """Only its rows count; None: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSettings:
    """How a log is judged, where it is not as usual."""

    window: float | None = None
    """Seconds, if not those of the threshold."""
    tolerance: int = TOLERANCE
    """Milliseconds that are not a gap."""
    most_rows: int = MOST
    """Rows that are kept as they are (`settling`)."""
    tolerates_known: bool = False
    """What the baseline knows fails nothing, unless there is more of it than there was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """What a report is asked for, besides what was read."""

    source: str
    stage: Stage
    until: int
    """How far it goes, epoch milliseconds."""
    shows: Shows
    closed: bool
    """Nothing more will come."""
    whole: bool = False
    """All of the window should have been seen."""
    suite_requests: Iterable[SuiteRequest] = ()
    earlier_requests: Iterable[str] = ()
    """Ids of the requests of earlier runs."""
    baseline: Baseline | None = None
    notes: tuple[str, ...] = ()
