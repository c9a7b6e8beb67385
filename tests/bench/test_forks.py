"""Each change is tested in a fork of its own: one that is noticed leaves nothing behind for the next."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.figures import ROOT

pytestmark = pytest.mark.processes

SUBJECT = """
CHANGE = ""
CALLED = set()

def called():
    found = set(CALLED)
    CALLED.clear()
    return found

def limit():
    CALLED.add("limit")
    while CHANGE == "limit_hangs":
        pass
    return 4 if CHANGE == "limit_grows" else 3

def name():
    CALLED.add("name")
    return "b" if CHANGE == "name_differs" else "a"
"""
TESTS = """
import subject

def test_limit(tmp_path):
    (tmp_path / "seen").touch()
    assert subject.limit() == 3

def test_name(capsys):
    print(subject.name())
    assert len(capsys.readouterr().out) == 2
"""
RUN = """
import json, sys
import pytest, subject
from bench.mutants import forks

forks._LEAST_CPU = 1
codes = {}
changes = [(name, name.partition("_")[0]) for name in sys.argv[1:]]
plugin = forks.Forks(changes, lambda name: setattr(subject, "CHANGE", name), subject.called, codes.__setitem__)
code = pytest.main(["-q", "-p", "no:cacheprovider", "--capture=no", "--rootdir=."], plugins=[plugin])
print(json.dumps(codes))
sys.exit(code)
"""


def tried(folder: Path, tests: str, *changes: str) -> subprocess.CompletedProcess[str]:
    for name, text in {"subject": SUBJECT, "test_subject": tests, "run": RUN}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "run.py", *changes]
    environment = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_change_is_noticed_if_a_test_of_its_function_fails(tmp_path: Path) -> None:
    done = tried(tmp_path, TESTS, "limit_grows", "name_differs", "limit_stays", "nothing_calls", "limit_hangs")
    codes = {"limit_grows": 1, "name_differs": 0, "limit_stays": 0, "nothing_calls": 33, "limit_hangs": -signal.SIGPROF}
    assert json.loads(done.stdout.splitlines()[-1]) == codes, done.stderr


def test_tests_that_fail_without_a_change_are_no_measure(tmp_path: Path) -> None:
    done = tried(tmp_path, "import subject\n\ndef test_it(): assert subject.limit() == 5\n", "limit_grows")
    assert done.returncode == pytest.ExitCode.INTERNAL_ERROR
    assert "assert 3 == 5" in done.stdout
