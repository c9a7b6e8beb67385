"""report.html and report.json in the folder of reports: written with every verdict, so that none of an earlier run is left."""

from __future__ import annotations

from pathlib import Path

import msgspec

from postdeploy.record.document import VerdictDocument
from postdeploy.redaction import Redactor, blot
from postdeploy.report import note_file
from postdeploy.report.facts import RunFacts
from postdeploy.report.html import pictures
from postdeploy.report.html.content import Report, ReportContent, gathered
from postdeploy.report.html.page import as_html
from postdeploy.report.writing import as_document
from postdeploy.system import files
from postdeploy.verdict.verdict import Verdict

FILE = "report.html"
CONTENT = "report.json"


def write(reports: Path, verdict: Verdict, facts: RunFacts, redact: Redactor) -> None:
    """Write both. The verdict does not depend on it."""
    content = gathered(verdict, facts, redact)
    document = msgspec.convert(blot(msgspec.to_builtins(as_document(verdict, facts)), redact), VerdictDocument)
    files.replace(reports / CONTENT, msgspec.json.encode(content))
    write_page(reports, document, content)


def write_page(reports: Path, document: VerdictDocument, content: ReportContent) -> Path:
    """Write the page of a document that is redacted already."""
    page = as_html(
        Report(
            document=document,
            content=content,
            note=note_file.read(reports),
            picture=lambda name: pictures.address(reports, name),
            allure=(reports / "allure-report" / "index.html").is_file(),
        )
    )
    files.replace(reports / FILE, page.encode())
    return reports / FILE
