"""The rules of the house that no tool holds by itself. Each says in its failure where it is broken."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from postdeploy.model import Cause, Reason
from postdeploy.runbook.reading import read_runbook

PROJECT = Path(__file__).parent.parent
LOCKS = sorted(PROJECT.glob("requirements/*.txt"))
NPM_LOCKS = [
    PROJECT / f"{folder}/package-lock.json"
    for folder in ("bench", "reports", "sandbox/app", "tests/official_clients", "tests/official_clients/commands")
]
SUBJECTS = {
    "setting": "variable",
    "cron": "cron_route",
    "authorised_cron": "authorised_route",
    "webhook": "endpoint",
    "open_webhook": "open_endpoint",
    "signed_webhook": "signed_endpoint",
}
"""Fixture → the kind of subject that it is made for."""
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}

# The brackets keep the patterns from finding themselves.
MACHINE_PATHS = re.compile(r"(?<![\w.@-])/([r]oot|[w]ork)/|/([h]ome|[U]sers)/\w")
INDEX_ADDRESSES = re.compile(r"[p]ypi\.org|[p]ythonhosted|[r]egistry\.npmjs|[n]pmmirror|[f]ile://")


@pytest.fixture(scope="module")
def texts() -> dict[Path, str]:
    """Every text file that is, or is about to be, in the repository."""
    git = shutil.which("git")
    if git is None or not (PROJECT / ".git").exists():
        pytest.skip("needs git and a clone: only git knows which files are ours")
    listed = subprocess.run(
        [git, "ls-files", "-co", "--exclude-standard", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    found = {}
    for name in listed:
        file = PROJECT / name
        if name and file.is_file() and b"\0" not in (content := file.read_bytes()):
            found[Path(name)] = content.decode("utf-8")
    return found


def places(texts: dict[Path, str], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file}:{number}: {line.strip()[:100]}"
        for file, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_one_machine(texts: dict[Path, str]) -> None:
    locks = {file.relative_to(PROJECT) for file in NPM_LOCKS}  # Base64 hashes look like anything
    assert places({file: text for file, text in texts.items() if file not in locks}, MACHINE_PATHS) == []


def test_no_file_names_a_package_index(texts: dict[Path, str]) -> None:
    assert places(texts, INDEX_ADDRESSES) == []


def test_modules_are_named_by_their_subject(texts: dict[Path, str]) -> None:
    code = {".py", ".ts", ".tsx", ".js", ".mjs"}
    assert [str(file) for file in texts if file.suffix in code and file.stem in BANNED_NAMES] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_python_package_is_locked_by_version_and_hash(lock: Path) -> None:
    packages = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", lock.read_text(encoding="utf-8")).strip())
    assert [one.splitlines()[0] for one in packages if not re.match(r"\S+==\S+.*\\\n +--hash=sha256:", one)] == []


def locked(lock: str) -> dict[str, str]:
    """The version of each package in requirements/<lock>.txt."""
    lines = (PROJECT / f"requirements/{lock}.txt").read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"(?m)^([\w.-]+)\S*==([\w.]+)", lines)}


def test_both_python_locks_name_the_same_versions() -> None:
    dev = locked("dev")
    assert {name: version for name, version in locked("run").items() if dev.get(name) != version} == {}


def test_the_locks_satisfy_the_metadata() -> None:
    """Whoever changes a dependency runs `make lock`."""
    metadata = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = metadata["dependency-groups"]
    of_run = [*metadata["project"]["dependencies"], *metadata["project"]["optional-dependencies"]["report"]]
    asked = {
        "run": of_run + groups["install"],
        "dev": of_run
        + [one for name, group in groups.items() if name != "fuzz" for one in group if isinstance(one, str)],
        "fuzz": groups["fuzz"],
    }
    unmet = [
        f"{lock}: {requirement}"
        for lock, requirements in asked.items()
        for requirement in map(Requirement, requirements)
        if locked(lock).get(canonicalize_name(requirement.name), "0") not in requirement.specifier
    ]
    assert unmet == []


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: lock.parent.name)
def test_every_node_package_is_locked_by_hash_and_without_address(lock: Path) -> None:
    packages = {name: one for name, one in json.loads(lock.read_text("utf-8"))["packages"].items() if name}
    assert [name for name, one in packages.items() if "integrity" not in one or "resolved" in one] == []


def test_imports_go_from_the_edges_to_the_middle() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_check_decides_nothing_by_itself() -> None:
    branches = (ast.If, ast.IfExp, ast.Match, ast.Try)
    found = [
        f"{file.relative_to(PROJECT)}:{node.lineno}"
        for file in sorted(PROJECT.glob("smoke/test_*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, branches)
    ]
    assert found == []


def test_the_runbook_names_the_checks_that_there_are() -> None:
    """A check that asks for a kind of subject (a variable, a route) says which: `test_x[variable]`."""
    named = read_runbook().checks
    written = {
        file.stem.removeprefix("test_"): [
            node.name + "".join(f"[{kind}]" for argument in node.args.args if (kind := SUBJECTS.get(argument.arg)))
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        for file in PROJECT.glob("smoke/test_*.py")
    }
    assert {part: sorted(checks) for part, checks in named.items()} == {
        part: sorted(checks) for part, checks in written.items()
    }


def test_every_kind_of_finding_has_its_page_and_no_page_is_left_over() -> None:
    pages = {file.stem for file in (PROJECT / "docs/findings").glob("*.md")} - {"README"}
    assert pages == {*Cause, *Reason}


def test_no_fixture_is_forced_on_a_check(texts: dict[Path, str]) -> None:
    ours = {file: text for file, text in texts.items() if file.parts[0] in ("fixtures", "smoke", "conftest.py")}
    assert places(ours, re.compile(r"autouse")) == []


def test_the_root_conftest_only_names_the_fixtures_and_loads_them() -> None:
    _, *body = ast.parse((PROJECT / "conftest.py").read_text(encoding="utf-8")).body
    values = [ast.unparse(one.targets[0]) for one in body if isinstance(one, ast.Assign)]
    functions = [one.name for one in body if isinstance(one, ast.FunctionDef)]
    imports = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    assert (values, functions, len(body)) == (["FIXTURES"], ["pytest_configure"], len(imports) + 2)
