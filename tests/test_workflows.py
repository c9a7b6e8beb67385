"""The workflows as GitHub reads them and as an attacker does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
WORKFLOWS = sorted(PROJECT.glob(".github/workflows/*.yml"))
POST_DEPLOY = PROJECT / ".github/workflows/post-deploy.yml"

pytestmark = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)


def said_by(tool: str, *arguments: str | Path) -> str:
    """What a tool of this environment complains of; empty when it is content."""
    result = subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return result.stdout + result.stderr if result.returncode else ""


def test_it_is_a_valid_workflow(workflow: Path) -> None:
    assert said_by("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow) == ""


def test_it_offers_no_way_in(workflow: Path) -> None:
    assert said_by("zizmor", "--offline", "--no-progress", workflow) == ""


def test_every_action_is_pinned_to_a_commit_and_says_its_version(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
