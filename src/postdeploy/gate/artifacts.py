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
_PAGE = 100
_PAGES = 10
_RUNS = 200
"""How many runs are asked for, since GitHub answers a job 1,000 questions an hour."""


class Unanswered(Exception):  # noqa: N818 - reads as a sentence: the question is unanswered
    """GitHub did not answer a question; the message says which, and why."""


def _hidden(name: str, seen: str) -> Unanswered:
    return Unanswered(
        f"cannot see all artifacts {name}: {seen}, many of runs that anyone can start; older ones were left out"
    )


class _Run(msgspec.Struct):
    id: int
    repository_id: int | None = None
    head_repository_id: int | None = None

    @property
    def is_of_a_fork(self) -> bool:
        """Whether its code is of another repository: a pull request of a person who may not write here."""
        return (
            None not in (self.repository_id, self.head_repository_id) and self.repository_id != self.head_repository_id
        )


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

    def artifacts(self, name: str, *, since: dt.datetime | None = None, most: int = _MOST) -> Iterator[Artifact]:
        """The newest of this name that can be fetched and trusted, newest first. `since`: none that is older.

        Raises:
            Unanswered: also where others hide them: only so many are looked through.
        """
        runs: dict[int, bool] = {}
        found: set[int] = set()
        for page in range(1, _PAGES + 1):
            path = f"actions/artifacts?name={name}&per_page={_PAGE}&page={page}"
            shown = self._read(path, _Artifacts, "list artifacts").artifacts
            for one in sorted(shown, key=lambda each: each.at, reverse=True):
                if since and one.at < since:
                    return
                if one.id not in found and self._is_trusted(one, name, runs):
                    found.add(one.id)
                    yield one
                    if len(found) == most:
                        return
            if len(shown) < _PAGE:
                return
        raise _hidden(name, f"the newest {_PAGES * _PAGE} were looked through")

    def _is_trusted(self, artifact: Artifact, name: str, runs: dict[int, bool]) -> bool:
        """Whether it can be fetched, and is of a run that not anyone can start. `runs`: what is known of them."""
        run = artifact.workflow_run
        if artifact.expired or run is None or artifact.name != name or run.is_of_a_fork:
            return False
        if run.id not in runs:
            if len(runs) == _RUNS:
                raise _hidden(name, f"those of the newest {_RUNS} runs were looked through")
            runs[run.id] = self.workflow_run(str(run.id)).event in _TRUSTED
        return runs[run.id]

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
