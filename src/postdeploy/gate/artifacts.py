"""What earlier runs left at GitHub, by its API. Nothing is fetched from runs that anyone can start."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self, TypeVar

import httpx
import msgspec

from postdeploy.system.decoding import decode
from postdeploy.system.trust import authorities

T = TypeVar("T")
_TRUSTED = ("repository_dispatch", "deployment_status", "workflow_dispatch", "schedule")
"""Events of runs that only people who may write to the repository start, and Vercel."""
_LARGEST = 8 << 20
_TIMEOUT = 15.0
_MOST = 20


class Unanswered(Exception):  # noqa: N818 - reads as a sentence: the question is unanswered
    """GitHub did not answer a question; the message says which, and why."""


class _Run(msgspec.Struct):
    id: int


class Artifact(msgspec.Struct):
    """One artifact."""

    id: int
    name: str
    created_at: str = ""
    expired: bool = False
    workflow_run: _Run | None = None

    @property
    def at(self) -> dt.datetime:
        """When it was uploaded."""
        return moment(self.created_at)


class _Artifacts(msgspec.Struct):
    artifacts: list[Artifact]


class WorkflowRun(msgspec.Struct):
    """One run of a workflow."""

    event: str = ""
    created_at: str = ""


class _Reviewer(msgspec.Struct):
    type: str = ""


class _Rule(msgspec.Struct):
    type: str = ""
    reviewers: list[_Reviewer] = []


class _Environment(msgspec.Struct):
    protection_rules: list[_Rule] = []


def moment(text: str) -> dt.datetime:
    """A time as GitHub writes it; what is none counts as long ago."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class GitHub:
    """The API, as a job asks it about its own repository.

    Raises:
        Unanswered: from every call.
    """

    http: httpx.Client
    repository: str
    run: str

    @classmethod
    def of_job(cls, environ: Mapping[str, str] = os.environ) -> Self | None:
        """By the job's token; None: it has none."""
        token, repository = environ.get("GITHUB_TOKEN"), environ.get("GITHUB_REPOSITORY")
        if not token or not repository:
            return None
        http = httpx.Client(
            base_url=environ.get("GITHUB_API_URL") or "https://api.github.com",
            headers={"authorization": f"Bearer {token}", "accept": "application/vnd.github+json"},
            timeout=_TIMEOUT,
            follow_redirects=True,  # an artifact is stored elsewhere; httpx sends the token to GitHub alone
            verify=authorities(),
        )
        return cls(http, repository, environ.get("GITHUB_RUN_ID", ""))

    def artifacts(self, name: str, most: int = _MOST) -> Iterator[Artifact]:
        """Those of this name that can be fetched and trusted, newest first."""
        found = self._read(f"actions/artifacts?name={name}&per_page={most}", _Artifacts, "list artifacts").artifacts
        known: dict[int, bool] = {}
        for one in sorted(found, key=lambda each: each.at, reverse=True):
            if one.expired or one.workflow_run is None or one.name != name:
                continue
            run = one.workflow_run.id
            if run not in known:
                known[run] = self.workflow_run(str(run)).event in _TRUSTED
            if known[run]:
                yield one

    def workflow_run(self, run: str = "") -> WorkflowRun:
        """A run of a workflow; by default the one that asks."""
        return self._read(f"actions/runs/{run or self.run}", WorkflowRun, "read a run")

    def files(self, artifact: Artifact, *names: str) -> dict[str, bytes]:
        """These files of an artifact, as far as it has them."""
        answer = self._get(f"actions/artifacts/{artifact.id}/zip", "download an artifact")
        try:
            with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                known = {one.filename.rpartition("/")[2]: one for one in packed.infolist() if one.file_size <= _LARGEST}
                return {name: packed.read(known[name]) for name in names if name in known}
        except (zipfile.BadZipFile, OSError) as error:
            raise Unanswered(f"cannot read an artifact ({error})") from None

    def reviewers_required(self, environment: str) -> bool:
        """Whether a job in this environment waits for a person's approval. A missing one does not: GitHub makes it on the way."""
        try:
            found = self._read(f"environments/{environment}", _Environment, "read the environment")
        except Unanswered as error:
            if isinstance(error.__cause__, httpx.HTTPStatusError) and error.__cause__.response.status_code == 404:
                return False
            raise
        return any(rule.type == "required_reviewers" and rule.reviewers for rule in found.protection_rules)

    def _read(self, path: str, shape: type[T], to_do: str) -> T:
        answer = self._get(path, to_do)
        try:
            return decode(answer.content, shape)
        except msgspec.DecodeError as error:
            raise Unanswered(f"cannot {to_do}: the answer is none of GitHub's ({str(error)[:80]})") from None

    def _get(self, path: str, to_do: str) -> httpx.Response:
        try:
            return self.http.get(f"/repos/{self.repository}/{path}").raise_for_status()
        except httpx.HTTPStatusError as error:
            status = error.response.status_code
            hint = " (permissions: actions: read?)" if status in (403, 404) else ""
            raise Unanswered(f"cannot {to_do}: {status}{hint}") from error
        except httpx.HTTPError as error:
            raise Unanswered(f"cannot {to_do}: {type(error).__name__}") from error
