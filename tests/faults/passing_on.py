"""What leaves a run besides its reports folder: as a pipeline at GitHub asks for it, and as others are told of the verdict."""

from __future__ import annotations

import json
from pathlib import Path

from postdeploy.cli.check import text_of
from postdeploy.gate.notification import Message, page_of_run
from postdeploy.record.reading import read_file

_JUNIT, _SUMMARY, _OUTPUT = "junit.xml", "summary.md", "output"
_GITHUB = {"SERVER_URL": "https://github.example", "REPOSITORY": "acme/inbox", "RUN_ID": "7", "SHA": "0" * 40}


def options(folder: Path) -> list[str]:
    """Of the run: what a pipeline adds."""
    return [f"--junitxml={folder / _JUNIT}"]


def environment(folder: Path) -> dict[str, str]:
    """As on a runner of GitHub Actions, with secrets of other steps."""
    files = {"GITHUB_STEP_SUMMARY": str(folder / _SUMMARY), "GITHUB_OUTPUT": str(folder / _OUTPUT)}
    foreign = {"STRIPE_SECRET_KEY": "plantedInTheEnvironment1", "PGPASSWORD": "plantedInTheEnvironment2"}
    return {
        "GITHUB_ACTIONS": "true",
        **files,
        **{f"GITHUB_{name}": value for name, value in _GITHUB.items()},
        **foreign,
    }


def texts(folder: Path, reports: Path) -> dict[str, str]:
    """What was written for the pipeline, and what is sent of the verdict."""
    document = read_file(reports / "verdict.json")
    message = Message(document, page_of_run(environment(folder)))
    written = {name: (folder / name).read_text(encoding="utf-8") for name in (_SUMMARY, _OUTPUT)}
    if (folder / _JUNIT).exists():  # else the run was asked for another one
        written[_JUNIT] = (folder / _JUNIT).read_text(encoding="utf-8")
    bodies = {
        host: json.dumps(message.body(host), ensure_ascii=False) for host in ("hooks.slack.com", "ops.example.com")
    }
    return {**written, **bodies, "the check at Vercel": text_of(document)}
