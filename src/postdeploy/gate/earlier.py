"""The verdicts of earlier runs: the record of a run, and the answer to an event that another event has announced already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from postdeploy.gate.artifacts import Artifact, GitHub, Unanswered, moment
from postdeploy.gate.event import Subject
from postdeploy.model import Reason
from postdeploy.record.document import VerdictDocument
from postdeploy.record.reading import Unreadable, read
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.report import RollbackReport

VERDICT = "verdict.json"
GATE = "gate.json"
"""Which event a verdict answers; in the artifact of verdict.json."""


class Answered(msgspec.Struct, frozen=True):
    """gate.json."""

    deployment: str = ""
    url: str = ""
    run: str = ""

    @property
    def subject(self) -> Subject:
        """The deployment of the event."""
        return Subject(deployment=self.deployment, url=self.url)


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """One verdict of an earlier run, with the event that led to it."""

    document: VerdictDocument
    answered: Answered


def written(subject: Subject, run: str) -> bytes:
    """gate.json of this run."""
    return msgspec.json.encode(Answered(subject.deployment, subject.url, run)) + b"\n"


def keep(github: GitHub, names: Iterable[str], folder: Path) -> str:
    """Fetch the verdicts of earlier runs, for `--record`. Returns what could not be fetched; a run does without."""
    trouble = ""
    for name in names:
        try:
            for artifact in github.artifacts(name):
                for file, content in github.files(artifact, VERDICT).items():
                    place = folder / f"{name}-{artifact.id}"
                    place.mkdir(parents=True, exist_ok=True)
                    (place / file).write_bytes(content)
        except Unanswered as error:
            trouble = str(error)
    return trouble


def happened(github: GitHub, subject: Subject) -> dt.datetime:
    """When the event happened: by itself, or when GitHub started this run for it.

    Raises:
        Unanswered: GitHub does not say.
    """
    return moment(subject.at or github.workflow_run().created_at)


def answer_to(github: GitHub, name: str, subject: Subject, since: dt.datetime) -> EarlierVerdict | None:
    """The verdict on the same deployment that an earlier run reached after this event happened; None: there is none.

    Several events announce one deployment. One that happened after the verdict announces something new: it was promoted again.

    Raises:
        Unanswered: GitHub does not say.
    """
    for artifact in github.artifacts(name):
        if artifact.at < since:
            return None
        found = read_verdict(github, artifact)
        if found and found.answered.subject.is_about(subject) and found.document.reason is not Reason.SUPERSEDED:
            return found
    return None


def read_verdict(github: GitHub, artifact: Artifact) -> EarlierVerdict | None:
    """The verdict in an artifact; None: it holds none that can be read.

    Raises:
        Unanswered: it can't be downloaded.
    """
    files = github.files(artifact, VERDICT, GATE)
    try:
        return EarlierVerdict(read(files[VERDICT]), msgspec.json.decode(files[GATE], type=Answered))
    except (KeyError, Unreadable, msgspec.DecodeError):
        return None


def verdict_on(github: GitHub, names: Iterable[str], deployment: str) -> VerdictDocument | None:
    """The newest verdict on a deployment; None: there is none.

    Raises:
        Unanswered: GitHub does not say.
    """
    artifacts = [one for name in names for one in github.artifacts(name)]
    for artifact in sorted(artifacts, key=lambda each: each.at, reverse=True):
        found = read_verdict(github, artifact)
        if found and found.document.names(deployment):
            return found.document
    return None


def rollbacks(github: GitHub, name: str) -> list[RollbackReport]:
    """What earlier rollbacks did, newest first.

    Raises:
        Unanswered: GitHub does not say, or what it says can't be read.
    """
    found = []
    for artifact in github.artifacts(name):
        for content in github.files(artifact, rollback_report.FILE).values():
            try:
                found.append(msgspec.json.decode(content, type=RollbackReport))
            except msgspec.DecodeError as error:
                raise Unanswered(f"cannot read {rollback_report.FILE} of an earlier rollback ({error})") from None
    return found
