"""GitHub as far as a job asks it: artifacts, runs, environments. On this machine, in memory."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request, Response

from tests.servers import QuickServer

REPOSITORY = "acme/inbox"
TOKEN = "a-job-token"


@dataclass
class Hub:
    """What is stored."""

    url: str
    run: int = 1
    """The run of now."""
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[int, bytes] = field(default_factory=dict)
    runs: dict[int, dict[str, str]] = field(default_factory=dict)
    reviewers: dict[str, int] = field(default_factory=dict)
    """Environment → how many reviewers it requires."""
    refuses: str = ""
    """Part of a path that is answered 403."""
    questions: int = 0
    dispatched: list[dict[str, str]] = field(default_factory=list)

    def begin(self, event: str, *, ago: float = 0.0) -> int:
        """A run begins, because of an event `ago` seconds ago."""
        self.run = len(self.runs) + 1
        self.runs[self.run] = {"event": event, "created_at": _ago(ago)}
        return self.run

    def upload(self, name: str, files: Mapping[str, bytes], *, ago: float = 0.0, fork: bool = False) -> int:
        """Store an artifact of the run of now; returns its id."""
        number = len(self.artifacts) + 1
        self.artifacts.append(
            {
                "id": number,
                "name": name,
                "created_at": _ago(ago),
                "expired": False,
                "workflow_run": {"id": self.run, "repository_id": 1, "head_repository_id": 2 if fork else 1},
            }
        )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for file, content in files.items():
                archive.writestr(file, content)
        self.contents[number] = packed.getvalue()
        return number

    def environ(self) -> dict[str, str]:
        """What a job knows of it."""
        return {"GITHUB_API_URL": self.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_RUN_ID": str(self.run)}

    def answer(self, request: Request) -> Response:
        """One question of the API."""
        path = request.path.removeprefix(f"/repos/{REPOSITORY}")
        self.questions += 1
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status=401)
        if self.refuses and self.refuses in path:
            return Response(status=403)
        if path == "/actions/artifacts":
            found = [one for one in self.artifacts if one["name"] == request.args["name"]]
            size, page = int(request.args["per_page"]), int(request.args.get("page", 1))
            return _json({"total_count": len(found), "artifacts": found[::-1][size * (page - 1) : size * page]})
        if zipped := re.fullmatch(r"/actions/artifacts/(\d+)/zip", path):
            return Response(self.contents[int(zipped[1])], content_type="application/zip")
        if (run := re.fullmatch(r"/actions/runs/(\d+)", path)) and int(run[1]) in self.runs:
            return _json({"id": int(run[1]), **self.runs[int(run[1])]})
        if (named := re.fullmatch(r"/environments/([\w-]+)", path)) and named[1] in self.reviewers:
            people = [{"type": "User"}] * self.reviewers[named[1]]
            rules = [{"type": "required_reviewers", "reviewers": people}] if people else []
            return _json({"name": named[1], "protection_rules": [{"type": "branch_policy"}, *rules]})
        return Response(status=404)


@contextlib.contextmanager
def hub() -> Iterator[Hub]:
    """It, while a test asks."""
    with QuickServer(threaded=True) as server:
        made = Hub(server.url_for("").rstrip("/"))
        server.expect_request(re.compile("/.*")).respond_with_handler(made.answer)
        yield made


def _ago(seconds: float) -> str:
    return f"{dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def _json(document: object) -> Response:
    import json  # noqa: PLC0415

    return Response(json.dumps(document), content_type="application/json")
