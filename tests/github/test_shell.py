"""The shell of docs/pipelines.md, as far as it is shell, with a `postdeploy` that only ends as a verdict would."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.github.runner import PROJECT

PAGE = (PROJECT / "docs/pipelines.md").read_text(encoding="utf-8")
BASH = shutil.which("bash") or "bash"


def block(heading: str) -> str:
    """The first indented block below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.search(r"(?:^    .*\n|^\n(?=    ))+", section, re.MULTILINE)
    assert found
    return textwrap.dedent(found[0])


def ended(folder: Path, script: str, code: int) -> tuple[int, list[str]]:
    """How a script ends where the verification ends with this code, and what it asked of us."""
    program = folder / "postdeploy"
    program.write_text(f'#!{BASH}\necho "$@" >> {folder}/asked\n[ "$1" = smoke ] && exit {code}\nexit 0\n')
    program.chmod(0o755)
    shutil.copy(program, folder / "pip")
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "SMOKE_BASE_URL": "https://app.example.com/a b"}
    done = subprocess.run([BASH, "-e", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)
    return done.returncode, (folder / "asked").read_text().splitlines()


@pytest.mark.parametrize("code", [0, 1, 4, 10])
def test_a_shell_ends_as_the_verdict_does_and_tells_it(tmp_path: Path, code: int) -> None:
    assert ended(tmp_path, block("Any shell"), code) == (code, ["smoke https://app.example.com/a b", "notify"])


@pytest.mark.parametrize("code", [0, 1, 10])
def test_a_job_at_gitlab_ends_as_the_verdict_does(tmp_path: Path, code: int) -> None:
    job = YAML(typ="safe").load(block("GitLab CI"))["verify"]
    came, asked = ended(tmp_path, "\n".join(job["script"]), code)
    assert (came, asked[-1]) == (code, "smoke https://app.example.com/a b --junitxml=reports/junit.xml")
    assert ended(tmp_path, "\n".join(job["after_script"]), code)[0] == 0
    assert job["allow_failure"] == {"exit_codes": [10]}


def test_every_page_pins_a_whole_commit() -> None:
    pages = [PROJECT / "README.md", *PROJECT.glob("docs/*.md"), *PROJECT.glob("docs/examples/*.yml")]
    used = [one for page in pages for one in re.findall(r"uses: (acme/\S+)", page.read_text(encoding="utf-8"))]
    assert len(used) > 4
    assert [one for one in used if not re.fullmatch(r"acme/postdeploy[\w./-]*@[0-9a-f]{40}", one.rstrip("`."))] == []
