"""The verdicts of earlier runs: the record of a run, and the answer to an event that another event has announced already."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from postdeploy.gate.artifacts import Artifact, GitHub, Unanswered, moment
from postdeploy.gate.event import Subject
from postdeploy.model import Decision, Reason, Stage
from postdeploy.production.roles import Role
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.reading import Unreadable, read
from postdeploy.rollback import report as rollback_report
from postdeploy.rollback.report import RollbackReport

GATE = "gate.json"
"""Which event a verdict answers; in the artifact of verdict.json."""
ANSWERED = "verified already"
"""Why an event leads to no run that an earlier run has answered."""


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
class EventQuestion:
    """What an event asks: is this deployment good, at this address?"""

    subject: Subject
    address: str


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """One verdict of an earlier run, with the event that led to it."""

    document: VerdictDocument
    answered: Answered
    at: dt.datetime
    """When it was uploaded."""

    def answers(self, question: EventQuestion) -> bool:
        """Whether it is about the deployment that is meant, was measured on it, and at this address."""
        document, event = self.document, self.answered.subject
        return (
            event.is_about(question.subject)
            and _origin(document.deployment.url) == _origin(question.address)
            and measured(document, event, question.subject)
            and document.reason is not Reason.SUPERSEDED
        )


def measured(document: VerdictDocument, *events: Subject) -> bool:
    """Whether the run measured the deployment that all these events name, as far as its verdict names what was served."""
    part = document.deployment
    if not part.deployment_id and not part.platform:
        return True
    if wanted := {one.deployment for one in events if one.deployment}:
        return all(map(document.names, wanted))
    own = {urlsplit(one).netloc for one in (part.url, part.platform.url if part.platform else "")}
    return all(not one.host or one.host in own for one in events)


def is_part_of_release(document: VerdictDocument) -> bool:
    """Whether it was measured on one of the two deployments of a rolling release: both are live, and the verdict says which."""
    return (document.deployment.role or "").startswith((Role.CANARY, Role.STABLE))


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def written(subject: Subject, run: str) -> bytes:
    """gate.json of this run."""
    return msgspec.json.encode(Answered(subject.deployment, subject.url, run)) + b"\n"


def subject_in(file: Path) -> Subject:
    """The event of a gate.json; empty: there is none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Answered).subject
    except (OSError, msgspec.DecodeError):
        return Subject()


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


def answer_to(github: GitHub, name: str, others: Iterable[str], question: EventQuestion) -> EarlierVerdict | None:
    """The verdict on the same deployment that an earlier run reached after this event happened; None: there is none.

    Several events announce one deployment. One that happened after the verdict announces something new: it was promoted again.
    `others`: artifacts that may hold the verdict of the window that followed; unless smoke was a FAIL, that one counts.

    Raises:
        Unanswered: GitHub does not say.
    """
    since = happened(github, question.subject)
    found = _newest(github, name, question, since)
    if found is None or found.document.decision is Decision.FAIL:
        return found
    followed = [one for other in others if other != name and (one := _newest(github, other, question, found.at))]
    windows = [one for one in followed if one.document.stage is Stage.WINDOW]
    return max(windows, key=lambda one: one.at, default=found)


def _newest(github: GitHub, name: str, question: EventQuestion, since: dt.datetime) -> EarlierVerdict | None:
    found = (read_verdict(github, one) for one in github.artifacts(name, since=since))
    return next((one for one in found if one and one.answers(question)), None)


def read_verdict(github: GitHub, artifact: Artifact) -> EarlierVerdict | None:
    """The verdict in an artifact; None: it holds none that can be read.

    Raises:
        Unanswered: it can't be downloaded.
    """
    files = github.files(artifact, VERDICT, GATE)
    try:
        answered = msgspec.json.decode(files[GATE], type=Answered)
        return EarlierVerdict(read(files[VERDICT]), answered, artifact.at)
    except (KeyError, Unreadable, msgspec.DecodeError):
        return None


def verdict_on(github: GitHub, names: Iterable[str], deployment: str) -> VerdictDocument | None:
    """The newest verdict on a deployment; None: there is none.

    Raises:
        Unanswered: GitHub does not say.
    """
    each_name = [github.artifacts(name) for name in names]
    for artifact in heapq.merge(*each_name, key=lambda each: each.at, reverse=True):
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
