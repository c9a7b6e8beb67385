"""report.html, built again from what stands in the folder of a run."""

from __future__ import annotations

from pathlib import Path

import msgspec

from postdeploy.model import UsageError
from postdeploy.record import reading
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.reading import Unreadable
from postdeploy.report.html.content import ReportContent
from postdeploy.report.html.writing import CONTENT, write_page


def rebuild(reports: Path) -> Path:
    """The page of a folder with a verdict.json, built again: with what else stands there.

    Raises:
        UsageError: there is no verdict.
    """
    try:
        document = reading.read((reports / VERDICT).read_bytes())
    except (OSError, Unreadable) as error:
        why = error.strerror if isinstance(error, OSError) else error
        cure = "Verify the deployment first, postdeploy smoke URL, or name the folder of a run: postdeploy report DIR"
        raise UsageError(f"there is no verdict in {reports / 'verdict.json'} ({why}). {cure}") from None
    return write_page(reports, document, _kept(reports, document))


def _kept(reports: Path, document: VerdictDocument) -> ReportContent:
    """What was kept with this verdict; of one that came alone, what the verdict itself says."""
    try:
        found = msgspec.json.decode((reports / CONTENT).read_bytes(), type=ReportContent)
    except (OSError, msgspec.DecodeError):
        found = None
    if found and found.run_id == document.run_id:
        return found
    action = document.recommendation or document.decision
    return ReportContent(run_id=document.run_id, headline=f"{action} — {document.decision}", action=action.upper())
