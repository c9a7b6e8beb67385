"""How a run's process ends: 0 and 1 only by a verdict of its own that is written, and nothing of ours is a FAIL."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Generator
from typing import NoReturn

import pytest

from postdeploy.model import Blocked, Decision
from postdeploy.plugin.claim import Claim
from postdeploy.plugin.unfinished import is_written
from postdeploy.record.document import VERDICT
from postdeploy.redaction import Redactor
from postdeploy.report import github
from postdeploy.system.exit_codes import ExitCode

_NOT_A_VERDICT = tuple(code for code in ExitCode if code not in (ExitCode.PASSED, ExitCode.FAILED))


def refuse(refused: Blocked) -> NoReturn:
    """In place of the run: it can't begin. At once, because pytest itself may fail for the same reason, and end with 1."""
    say(f"{refused.what}.\n{refused.cure}")
    github.publish_refusal()
    sys.exit(ExitCode.INCONCLUSIVE)


def guarded(config: pytest.Config, claim: Claim) -> Generator[None, int | None, int]:
    """Around everything that pytest does after it has read the options, its own end included. Returns the exit code."""
    code: int = ExitCode.INTERNAL_ERROR
    if getattr(config.option, "looponfail", False):
        claim.end()
        raise pytest.UsageError("-f repeats a run without end, and a verdict is about one. Leave it out.")
    try:
        code = int((yield) or 0)
    except pytest.UsageError:
        claim.end()
        raise
    except BrokenPipeError:  # the reader closed the pipe: the verdict stands all the same
        code = ExitCode.PASSED
    except BaseException as error:  # noqa: BLE001 - a traceback would end with 1, which means FAIL
        _say_own_error(error)
    gc.freeze()  # the process ends: pytest and Python would each search all that it loaded for garbage, which takes 0.1 s
    try:
        config._ensure_unconfigure()  # noqa: SLF001 - pytest itself would do it where an error ends with 1
    except BaseException as error:  # noqa: BLE001
        _say_own_error(error)
    if claim.decision is Decision.PASS and not is_written(claim.reports, claim.run_id, claim.decision):
        claim.decision = Decision.INCONCLUSIVE
        code = ExitCode.INCONCLUSIVE
        say(
            f"{claim.reports / VERDICT} does not hold this run's PASS, so it counts for nothing: something else wrote there."
        )
    claim.end()
    found = exit_code(code, claim)
    if found == ExitCode.INCONCLUSIVE and found != code and claim.decision is None:
        say("nothing was judged, so nothing is proven. Run it without options that only list or show something.")
    _flush()
    return found


def exit_code(given: int, claim: Claim) -> int:
    """What the process ends with. `given`: what pytest would end with, or a plugin that had the last word."""
    if claim.decision in (Decision.PASS, Decision.FAIL):
        return ExitCode.of(claim.decision)
    if given in _NOT_A_VERDICT:
        return given
    shown = given == ExitCode.PASSED and (claim.shows or not claim.url)
    return ExitCode.PASSED if shown else ExitCode.INCONCLUSIVE


def say(text: str) -> None:
    """Show it, unless standard error is closed."""
    with contextlib.suppress(OSError, ValueError):
        print(f"smoke: {text}", file=sys.stderr, flush=True)


def _say_own_error(error: BaseException) -> None:
    if not isinstance(error, BrokenPipeError):
        say(f"our own error, {type(error).__name__}: {Redactor()(str(error))}. It says nothing about the deployment.")


def _flush() -> None:
    """What is left to write must not turn the exit code into Python's own 1, or 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
