"""Traces and videos: they hold passwords and page text, so they are kept only if it is asked for by name, and never with the reports."""

from __future__ import annotations

from pathlib import Path

import msgspec

from postdeploy.model import UsageError
from postdeploy.run.options import UNSAFE_EVIDENCE, Options


class UnsafeEvidence(msgspec.Struct, frozen=True):
    """What is recorded of each tab, and where."""

    folder: Path
    trace: bool
    video: bool
    failed_only: bool
    """Deleted again, if no check failed."""

    @property
    def warning(self) -> str:
        """What the verdict says of it."""
        kinds = " and ".join(kind for kind, kept in (("traces", self.trace), ("videos", self.video)) if kept)
        return f"{kinds} with passwords and page text are kept in {self.folder}: do not upload or share them"


def asked(options: Options) -> UnsafeEvidence | None:
    """What pytest-playwright's options ask for.

    Raises:
        UsageError: it is not allowed, or it would lie with the reports.
    """
    kept = {name: value for name, value in options.recordings.items() if value != "off"}
    if "--screenshot" in kept:
        raise UsageError(
            "--screenshot: its pictures show people's names and messages. reports/ has masked ones anyway."
        )
    if not options.unsafe_evidence:
        if kept:
            raise UsageError(
                f"{' and '.join(kept)}: passwords and page text stay in it. Leave it out, or add {UNSAFE_EVIDENCE} and delete"
                " what is in --output afterwards."
            )
        return None
    if not kept:
        raise UsageError(f"{UNSAFE_EVIDENCE} allows --tracing=on and --video=on: add one of them, or leave it out.")
    folder, reports = (options.folder / options.output).resolve(), options.reports_folder.resolve()
    if folder.is_relative_to(reports) or reports.is_relative_to(folder):
        raise UsageError(
            f"--output={options.output}: reports are uploaded, passwords must not be. Choose another folder."
        )
    return UnsafeEvidence(
        folder,
        trace="--tracing" in kept,
        video="--video" in kept,
        failed_only="on" not in kept.values(),
    )
