"""What a person reads when something is wrong with the call: short, with the cure, the right exit code, no stack trace."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[1]
NOBODY = "http://postdeploy.invalid"


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SMOKE_", "PYTEST_", "VERCEL_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["-m", "smoke"], 4, "Give --base-url", id="no base URL"),
        pytest.param(["-m", "smoke", "--base-url=app.example.com"], 4, "is not a web address", id="no address"),
        pytest.param(["-m", "smok", f"--base-url={NOBODY}"], 4, "smok", id="an unknown mark"),
        pytest.param(["smoke"], 4, "pytest -m smoke --base-url", id="checks without -m"),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "--without", "nothing"], 4, "no such part", id="an unknown part"
        ),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "--runbook", "none.toml"], 4, "doctor --init", id="no such runbook"
        ),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "--budget-factor", "0"], 4, "--budget-factor", id="no budget"
        ),
        pytest.param(["-m", "smoke", f"--base-url={NOBODY}"], 10, "has no address (DNS)", id="no such host"),
        pytest.param(["-m", "smoke", "--base-url=http://127.0.0.1:1"], 1, "refused", id="nobody listens"),
        pytest.param(
            ["-m", "smoke", f"--base-url={NOBODY}", "-k", "nothing_like_this"], 5, "deselected", id="nothing selected"
        ),
    ],
)
def test_bad_input(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    exit_code, output = run(*arguments, f"--reports={tmp_path}")
    assert (exit_code, told in output, "Traceback" in output) == (code, True, False), output


def test_an_earlier_verdict_is_replaced_even_if_the_call_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "verdict.json").write_text('{"decision":"PASS"}')
    run("-m", "smoke", f"--reports={tmp_path}")
    verdict = msgspec.json.decode((tmp_path / "verdict.json").read_bytes())
    assert (verdict["decision"], verdict["summary"]) == ("INCONCLUSIVE", "the run did not finish")


def test_listing_the_checks_touches_nothing(tmp_path: Path) -> None:
    code, output = run(
        "-m", "smoke", f"--base-url={NOBODY}", "--collect-only", "-q", f"--reports={tmp_path / 'reports'}"
    )
    assert code == 0, output
    assert "test_login_with_the_form_works" in output
    assert not (tmp_path / "reports" / "verdict.json").exists()
