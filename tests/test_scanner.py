"""The scanner finds what is planted, wherever and however it stands; else it would prove nothing that it finds none of it."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.edge.plants import VALUES
from tests.scanner import files_in, left_in, people, planted_in

ENVIRONMENT = {
    "SMOKE_EMAIL": "ada@example.test",
    "SMOKE_PASSWORD": "correct horse/battery",
    "VERCEL_TOKEN": "vcp_0123456789abcdef",
    "VERCEL_TEAM_ID": "team_1",
    "CRON_SECRET": "x",
}
PLANTED = planted_in(ENVIRONMENT)
WAYS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "url": urllib.parse.quote,
    "json": lambda text: json.dumps(json.dumps(text)),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "over lines": "\n".join,
}


def test_secrets_and_people_are_looked_for_and_ids_are_not() -> None:
    assert (
        ENVIRONMENT["SMOKE_EMAIL"],
        ENVIRONMENT["SMOKE_PASSWORD"],
        ENVIRONMENT["VERCEL_TOKEN"],
        *people(),
        *VALUES,
    ) == PLANTED
    assert len(people()) >= 6


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", [ENVIRONMENT["SMOKE_PASSWORD"], ENVIRONMENT["VERCEL_TOKEN"], people()[0]])
@pytest.mark.parametrize("file", ["report.html", "allure-results/1-attachment.txt", ""])
def test_what_was_planted_is_found(tmp_path: Path, file: str, value: str, way: str) -> None:
    text = f"before <b>{WAYS[way](value)}</b> after"
    place = tmp_path / (file or "verdict.json")
    place.parent.mkdir(exist_ok=True)
    place.write_text(text if file else "{}", encoding="utf-8")
    assert left_in(tmp_path, "" if file else text, PLANTED) == {file or "the terminal": {value}}


@pytest.mark.parametrize("session", ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0", "base64-eyJhY2Nlc3NfdG9rZW4i"])
def test_a_sessions_tokens_are_found(tmp_path: Path, session: str) -> None:
    assert list(left_in(tmp_path, f"cookie: {session}", PLANTED)) == ["the terminal"]


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "verdict.md").write_text("KEEP: team_1, *** signed in, x", encoding="utf-8")
    assert left_in(tmp_path, "66 checks passed", PLANTED) == {}


def test_what_was_there_before_is_not_the_runs_unless_it_was_changed(tmp_path: Path) -> None:
    (tmp_path / "runbook.toml").write_text(people()[0], encoding="utf-8")
    before = files_in(tmp_path)
    assert left_in(tmp_path, "", PLANTED, before) == {}
    (tmp_path / "runbook.toml").write_text(f"{people()[0]}, {people()[1]}", encoding="utf-8")
    assert left_in(tmp_path, "", PLANTED, before) == {"runbook.toml": {people()[0], people()[1]}}
