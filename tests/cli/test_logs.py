"""`postdeploy logs`: what a person on call sees who runs it on an export."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from sandbox.alone import PlatformAlone, platform_alone
from sandbox.platform.exports import Format

FORMATS: tuple[Format, ...] = ("dashboard-json", "dashboard-csv", "cli-63", "drain-json", "drain-ndjson")
"""Those that can show the same."""


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same log in every format: four Server Action errors and an outage within ten minutes."""
    folder = tmp_path_factory.mktemp("exports")
    with platform_alone() as platform:
        _story(platform)
        for kind in (*FORMATS, "cli-64"):
            (folder / kind).write_bytes(platform.export_logs(kind))
    return folder


def _story(platform: PlatformAlone) -> None:
    for at in range(40):
        platform.happened("/", status=200, ago=600 - 14 * at)
    for at, words in enumerate(("one", "two", "three", "four")):
        message = f"⨯ Error: {words}\n    at a (b.js:1:1) {{\n  digest: '{at}'\n}}"
        platform.happened("/", status=500, message=message, ago=500 - 20 * at)
    for at in range(5):
        platform.happened("/", status=200, message="Can't reach database server at db:5432", ago=300 - 30 * at)


def asked(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["logs", *map(str, arguments)], env={"COLUMNS": "120"})
    return result.exit_code, result.output


def report(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked("--json", *arguments)[1])
    return found


def test_it_says_what_to_do_then_why_then_the_numbers(exports: Path) -> None:
    code, output = asked(exports / "dashboard-json")
    assert code == 1
    assert output.splitlines()[0] == "OVER THE THRESHOLD: roll-back"
    assert "4 unique Server Action errors" in output
    assert "server_action_error" in output
    assert "⨯ Error: three" in output
    assert "it holds no sentinel" in output


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_that_shows_the_same_says_the_same(exports: Path, kind: Format) -> None:
    here, there = report(exports / kind), report(exports / "dashboard-json")
    for name in ("findings", "incidents", "deployment"):
        assert here[name] == there[name], name
    for name in ("requests", "actions", "unique"):
        assert here["totals"][name] == there["totals"][name], name


def test_a_format_that_shows_less_says_what_it_does_not_show(exports: Path) -> None:
    found = report(exports / "cli-64")
    fingerprints = {one["fingerprint"] for one in found["incidents"]}
    assert fingerprints == {one["fingerprint"] for one in report(exports / "dashboard-json")["incidents"]}


def test_below_the_threshold_an_export_proves_nothing(exports: Path) -> None:
    code, output = asked(
        exports / "dashboard-csv", "--until", "2020-01-01T00:00:00Z", "--since", "2019-12-31T23:59:00Z"
    )
    assert code == 10
    assert output.startswith("BELOW THE THRESHOLD, but not proven")


def test_what_was_known_before_is_marked(exports: Path) -> None:
    found = report(exports / "drain-json", "--baseline", exports / "cli-63")
    assert {one["new"] for one in found["incidents"]} == {False}
    assert any("a rollback does not remove it" in one["sentence"] for one in found["findings"])


def test_compressed_and_several_files_are_read(exports: Path, tmp_path: Path) -> None:
    lines = (exports / "drain-ndjson").read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    (tmp_path / "1.gz").write_bytes(gzip.compress(b"".join(lines[:half])))
    (tmp_path / "2.log").write_bytes(b"".join(lines[half:]))
    found = report(tmp_path / "1.gz", tmp_path / "2.log")
    assert found["incidents"] == report(exports / "drain-ndjson")["incidents"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["nowhere.json"], "there is no file", id="no file"),
        pytest.param(["*.nothing"], "no file matches", id="no match"),
        pytest.param(["empty"], "it is empty", id="an empty file"),
        pytest.param(["text"], "no row that can be read", id="no log"),
        pytest.param(["log", "--since", "now"], "is not a time", id="no time"),
        pytest.param(["log", "--baseline", "verdict"], "that run read no log", id="a verdict without a log"),
        pytest.param(["log", "--runbook", "book"], "not a regular expression", id="a pattern that is none"),
    ],
)
def test_bad_input_is_refused_with_its_remedy(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").touch()
    Path("text").write_text("nothing to see here\n", encoding="utf-8")
    Path("log").write_bytes((exports / "cli-63").read_bytes())
    Path("verdict").write_bytes(Path(__file__).parents[1].joinpath("record/documents/unfinished.json").read_bytes())
    book = 'schema = 1\n[[signal]]\nname = "x"\npattern = "("\nsays = "x"\n'
    Path("book").write_text(book, encoding="utf-8")
    code, output = asked(*arguments)
    assert code == 4, output
    assert says in output
