"""The rules of the house that no tool holds by itself. Each says in its failure where it is broken."""

from __future__ import annotations

import ast
import itertools
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
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
SENTENCES = {"summary", "sentence", "says", "note", "why", "what", "evidence", "headline", "story", "cure"}
"""Names of messages that we write for people."""
TEXT_METHODS = {
    *("startswith", "endswith", "partition", "rpartition", "split", "rsplit", "find", "index", "count"),
    *("removeprefix", "removesuffix"),
}
PATTERN_METHODS = {"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
CLOCKS = {"monotonic", "perf_counter", "process_time", "elapsed", "total_seconds"}
"""Names of what says how long something took."""
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
    of_run, report = metadata["project"]["dependencies"], metadata["project"]["optional-dependencies"]["report"]
    asked = {
        "run": of_run + groups["install"],  # it builds no Allure report
        "dev": [
            *of_run,
            *report,
            *(
                one
                for name, group in groups.items()
                if name not in ("fuzz", "mutants", "spark", "warehouse")
                for one in group
                if isinstance(one, str)
            ),
        ],
        "fuzz": groups["fuzz"],
        "mutants": groups["mutants"],
        "spark": groups["spark"],
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


def searched_sentences(source: str) -> list[str]:
    """Where code looks into one of our own sentences: facts decide, and a message is made from them, never the other way round."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if _looks_into_a_sentence(node)]


def _looks_into_a_sentence(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        method, owner = node.func.attr, node.func.value
        return (method in TEXT_METHODS and _is_sentence(owner)) or (
            method in PATTERN_METHODS and any(_is_sentence(argument) for argument in node.args)
        )
    if isinstance(node, ast.Compare) and any(isinstance(one, (ast.In, ast.NotIn)) for one in node.ops):
        return any(_is_sentence(one) for one in node.comparators)
    return False


def _is_sentence(node: ast.expr) -> bool:
    """A name or an attribute that holds a message for people, however it is reached."""
    if isinstance(node, ast.Call):
        inside = [node.func.value] if isinstance(node.func, ast.Attribute) else list(node.args)  # .lower(), str(…)
        return any(_is_sentence(one) for one in inside)
    return (isinstance(node, ast.Attribute) and node.attr in SENTENCES) or (
        isinstance(node, ast.Name) and node.id in SENTENCES
    )


def test_no_sentence_of_ours_is_searched_to_decide_something() -> None:
    found = [
        f"{file.relative_to(PROJECT)}: {each}"
        for folder in ("src", "fixtures", "smoke")
        for file in sorted((PROJECT / folder).rglob("*.py"))
        for each in searched_sentences(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('why.startswith("switched")', id="how it begins"),
        pytest.param("verdict.summary.endswith(why)", id="how it ends"),
        pytest.param('"no history" in news.note', id="what it holds"),
        pytest.param('"5xx" not in finding.sentence.lower()', id="in whatever letters"),
        pytest.param("BROKEN.search(result.summary)", id="by a pattern"),
        pytest.param('re.match("x", error.what)', id="by a pattern given at once"),
        pytest.param('what, _, cure = says.partition(". ")', id="taken apart"),
        pytest.param('str(found.evidence).count("page")', id="counted"),
    ],
)
def test_a_sentence_that_is_searched_is_found(source: str) -> None:
    assert len(searched_sentences(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        pytest.param('f"{finding.summary}. {error.cure}"', id="it is shown"),
        pytest.param("Outcome.FAILED in outcomes", id="a value in a collection"),
        pytest.param("part in verdict.coverage", id="a key"),
        pytest.param('entry.message.startswith("Error")', id="what the app logged"),
    ],
)
def test_what_is_no_search_in_a_sentence_is_left_alone(source: str) -> None:
    assert searched_sentences(source) == []


def _stopwatches(tree: ast.AST) -> list[int]:
    """The lines of assertions that something took less than a given time."""
    found = []
    for one in (each for node in ast.walk(tree) if isinstance(node, ast.Assert) for each in ast.walk(node.test)):
        if isinstance(one, ast.Compare):
            operands = [one.left, *one.comparators]
            for operator, (less, more) in zip(one.ops, itertools.pairwise(operands), strict=True):
                if isinstance(operator, ast.Gt | ast.GtE):
                    less, more = more, less  # noqa: PLW2901 - so that it reads as less < more
                names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(less)}
                if not isinstance(operator, ast.Eq | ast.NotEq) and names & CLOCKS:
                    found.append(one.lineno)
    return found


@pytest.mark.parametrize(
    ("assertion", "allowed"),
    [
        ("time.monotonic() - began < 5", False),
        ("0.3 <= time.perf_counter() - began < 5", False),
        ("5 > answer.elapsed.total_seconds()", False),
        ("time.monotonic() - began >= 0.3", True),
        ("len(asked) < 5", True),
    ],
)
def test_an_upper_time_limit_is_found(assertion: str, allowed: bool) -> None:
    assert (_stopwatches(ast.parse(f"assert {assertion}")) == []) is allowed


def test_no_test_has_a_stopwatch() -> None:
    """A busy machine fails it. Tests count work; `bench` and the fault matrices (`tests/faults`) measure time."""
    files = [file for file in (PROJECT / "tests").rglob("*.py") if "faults" not in file.relative_to(PROJECT).parts]
    found = {file: _stopwatches(ast.parse(file.read_text(encoding="utf-8"))) for file in files}
    assert [f"{file.relative_to(PROJECT)}:{line}" for file, lines in found.items() for line in lines] == []


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


def test_no_fixture_stands_twice(texts: dict[Path, str]) -> None:
    """The later one would replace the other, in the checks of both."""
    found = [
        name
        for file, text in texts.items()
        if file.parts[0] == "fixtures"
        for name in re.findall(r"@pytest\.fixture[^\n]*\ndef (\w+)\(", text)
    ]
    assert len(found) > 30
    assert [name for name, count in Counter(found).items() if count > 1] == []


def test_the_root_conftest_only_names_the_fixtures_and_loads_them() -> None:
    _, *body = ast.parse((PROJECT / "conftest.py").read_text(encoding="utf-8")).body
    values = [ast.unparse(one.targets[0]) for one in body if isinstance(one, ast.Assign)]
    functions = [one.name for one in body if isinstance(one, ast.FunctionDef)]
    imports = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    assert (values, functions, len(body)) == (["FIXTURES"], ["pytest_configure"], len(imports) + 2)
