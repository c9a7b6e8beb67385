"""`postdeploy notify`: one message per verdict, to a chat or a service."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from postdeploy.gate import notification
from postdeploy.model import UsageError
from postdeploy.record.document import VERDICT
from postdeploy.record.reading import Unreadable, read_file
from postdeploy.redaction import Redactor
from postdeploy.report.github import annotation
from postdeploy.runbook.environment import read_environment
from postdeploy.system.exit_codes import ExitCode

_SENT = ".notified"
"""Which verdict of the folder was sent."""


def show(
    url: Annotated[
        str,
        typer.Option(metavar="URL", envvar="POSTDEPLOY_NOTIFY_URL", help="Where to send it; an address is a secret."),
    ],
    *,
    reports: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the verdict.")] = Path("reports"),
    observed: Annotated[bool, typer.Option("--observed", help="Say that the verdict stopped nothing.")] = False,
) -> None:
    """Send the verdict in reports/ to a webhook, once: `text` for chats, the facts as JSON for all others.

    Exit code 0, also where it does not arrive (a warning says so): a message changes no verdict. 4: no such address.
    """
    try:
        redact = Redactor([*read_environment(Path.cwd() / ".env").secrets, url])
        document = read_file(reports / VERDICT)
        sent = f"{document.run_id} {document.stage} {document.decision}"
        if _said_before(reports) == sent:
            print("notify: this verdict was sent already")
            return
        message = notification.Message(document, notification.page_of_run(os.environ), observed)
        trouble = notification.send(message, url, redact)
    except (OSError, Unreadable) as error:
        trouble = f"there is no verdict in {reports} ({error.strerror if isinstance(error, OSError) else error})"
    except UsageError as error:
        print(f"postdeploy: {error}", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
    else:
        if not trouble:
            print(f"notify: sent {document.decision}, {document.recommendation}")
            _remember(reports, sent)
    if trouble:
        _warn(f"the notification was not delivered: {trouble}")


def _said_before(reports: Path) -> str:
    try:
        return (reports / _SENT).read_text(encoding="utf-8")
    except OSError:
        return ""


def _remember(reports: Path, sent: str) -> None:
    try:
        (reports / _SENT).write_text(sent, encoding="utf-8")
    except OSError as error:
        _warn(
            f"the notification was delivered, and will be again: {reports / _SENT} can't be written: {error.strerror}"
        )


def _warn(text: str) -> None:
    print(annotation("warning", text) or f"notify: {text}", flush=True)
