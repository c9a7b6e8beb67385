"""A verdict that was cut off, damaged, or written by something else is none: what a gate asks fails closed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postdeploy.cli.main import app
from postdeploy.record.document import VERDICT
from tests.adversary.attack import stale

WHOLE = stale()


def changed(**values: object) -> bytes:
    return json.dumps(json.loads(WHOLE) | values).encode()


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in json.loads(WHOLE).items() if key != name}).encode()


def larger_than_any_memory(place: Path) -> None:
    place.touch()
    os.truncate(place, 1 << 40)


def gate(content: bytes, reports: Path) -> int:
    (reports / VERDICT).write_bytes(content)
    return CliRunner().invoke(app, ["verdict", f"--reports={reports}"]).exit_code


def test_whole_it_is_a_pass(tmp_path: Path) -> None:
    assert gate(stale().encode(), tmp_path) == 0


@pytest.mark.parametrize("kept", range(len(WHOLE)))
def test_cut_off_anywhere_it_is_none(tmp_path: Path, kept: int) -> None:
    assert gate(WHOLE[:kept].encode(), tmp_path) == 10


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\0" * len(WHOLE), id="zeros, as after a power failure"),
        pytest.param(WHOLE.encode() + b"\0", id="a zero at the end"),
        pytest.param(WHOLE.encode() * 2, id="twice"),
        pytest.param(WHOLE.encode() + b'\n{"decision": "FAIL"}', id="another one after it"),
        pytest.param(b"[" + WHOLE.encode() + b"]", id="in a list"),
        pytest.param(b"null", id="nothing"),
        pytest.param(b'"PASS"', id="a word"),
        pytest.param(b"\xff\xfe" + WHOLE.encode("utf-16-le"), id="in another encoding"),
        pytest.param(b"[" * 100_000, id="deeper than anybody reads"),
        pytest.param(WHOLE.replace('"PASS"', '"FAIL", "decision": "PASS"').encode()[:-1], id="two decisions, cut off"),
        pytest.param(changed(decision="pass"), id="in small letters"),
        pytest.param(changed(decision=["PASS"]), id="a list of decisions"),
        pytest.param(changed(decision=True), id="true"),
        pytest.param(changed(complete="yes"), id="complete in a word"),
        pytest.param(changed(complete=1), id="complete in a number"),
        pytest.param(changed(complete=None), id="complete is open"),
        pytest.param(changed(schema=2), id="of a schema to come"),
        pytest.param(changed(schema=True), id="of a schema that is true"),
        pytest.param(changed(finished="9999-12-31T23:59:59+00:00"), id="from the end of time"),
        pytest.param(changed(finished="now"), id="of now"),
        pytest.param(changed(finished=""), id="without an end"),
        pytest.param(changed(finished=1e400), id="finished at infinity"),
        *(pytest.param(without(name), id=f"without {name}") for name in ("decision", "complete", "finished", "schema")),
    ],
)
def test_damaged_it_is_none(tmp_path: Path, content: bytes) -> None:
    assert gate(content, tmp_path) == 10


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(os.mkfifo, id="a pipe that nobody writes to"),
        pytest.param(lambda place: place.symlink_to("/dev/zero"), id="a link to a device without end"),
        pytest.param(lambda place: place.symlink_to(place), id="a link to itself"),
        pytest.param(lambda place: place.mkdir(), id="a folder"),
        pytest.param(larger_than_any_memory, id="larger than any memory"),
    ],
)
def test_what_is_no_file_is_none_and_nobody_waits_for_it(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / VERDICT)
    assert CliRunner().invoke(app, ["verdict", f"--reports={tmp_path}"]).exit_code == 10


@pytest.mark.parametrize("decision", ["FAIL", "INCONCLUSIVE"])
def test_of_two_decisions_a_pass_does_not_win(tmp_path: Path, decision: str) -> None:
    """JSON leaves open which of two counts."""
    assert gate(WHOLE.replace('"PASS"', f'"PASS", "decision": "{decision}"').encode(), tmp_path) == 10
    assert gate(WHOLE.replace('"PASS"', f'"{decision}", "decision": "PASS"').encode(), tmp_path) == 10
