"""The first moment of a run that is asked to verify: the reports folder is its own, and no earlier verdict stands there."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shlex
import tempfile
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from postdeploy.model import Blocked, Decision
from postdeploy.plugin.interruption import Interruption, end_with
from postdeploy.plugin.options import PARENT
from postdeploy.run.options import mode_of
from postdeploy.system import exclusive, times


@dataclass
class Claim:
    """What one run holds from its first moment to its end."""

    reports: Path
    url: str | None
    """The address that it is asked to verify; None: it will be a usage error."""
    verifies: bool
    """Whether its verdict is about a deployment; else it proves a rollback, and the incident note continues."""
    shows: bool
    """Whether a person typed `--help` or `--version`."""
    in_one_process: bool = True
    """Whether its checks run in this process, and not in workers (pytest-xdist)."""
    reads_log: bool = False
    """Whether a log is named."""
    run_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    interruption: Interruption = field(default_factory=Interruption)
    refused: Blocked | None = None
    """Why the run can't begin."""
    decision: Decision | None = None
    """What its complete verdict says, once that is written."""
    _lock: int | None = None

    def begin(self) -> None:
        """Take the folder, and set an earlier verdict aside: whatever happens next, it is not about this run."""
        from postdeploy.plugin.unfinished import stands, write_unfinished
        from postdeploy.report import note_file
        from postdeploy.report.writing import LOCK

        try:
            self.reports.mkdir(parents=True, exist_ok=True)
            self._lock = exclusive.hold(self.reports / LOCK, f"process {os.getpid()}, since {times.iso(self.started)}")
            write_unfinished(self.reports, self.run_id, self.started, self.url or "")
            if self.verifies:
                note_file.remove(self.reports)
            with tempfile.TemporaryFile(buffering=0) as file:  # where pytest captures the output, or ends with 1
                file.write(b"x")
        except exclusive.Held as held:
            self.refused = Blocked(
                f"another run writes its verdict to {self.reports} ({held}). Nothing was done",
                "Wait for its end, or give this run a folder of its own: --reports=DIR",
            )
        except OSError as error:
            earlier = " The verdict.json there is not about this run." if stands(self.reports) else ""
            self.refused = Blocked(
                f"nothing can be written to {self.reports}, or to the temporary folder: {error.strerror or error}."
                f"{earlier} Nothing was verified",
                "Make room, or make the folder writable, or give another one: --reports=DIR",
            )

    def end(self) -> None:
        """Another run may have the folder."""
        self.interruption.stop()
        if self._lock is not None:
            exclusive.release(self._lock)


def claimed(config: pytest.Config, marks: frozenset[str]) -> Claim | None:
    """The claim of a run with these marks; a signal ends it from now on. None: it only shows something, and no deployment is named.

    Pytest has not read the options of plugins yet: a usage error in one of them must not let an earlier verdict stand, either.
    """
    typed = list(map(str, config.invocation_params.args))
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, fromfile_prefix_chars="@")
    for name in ("--base-url", "--reports", "--logs"):
        parser.add_argument(name, nargs="?")
    parser.add_argument("-n", "--numprocesses", dest="workers", nargs="?")
    environment = shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    given, _ = parser.parse_known_args([*config.getini("addopts"), *environment, *typed])
    url = given.base_url or os.environ.get("PYTEST_BASE_URL")
    known = config.known_args_namespace
    if not url and (known.help or known.version > 1):
        return None
    folder = config.invocation_params.dir
    made = Claim(
        reports=folder / given.reports if given.reports else config.rootpath / "reports",
        url=url,
        verifies=mode_of(marks).verifies,
        shows=any(one in typed for one in ("-h", "--help", "-V", "--version")),
        in_one_process=not given.workers,
        reads_log=bool(given.logs),
    )
    if os.environ.get(PARENT) == str(os.getppid()):
        end_with(os.getppid())
    else:
        made.interruption.begin()
    return made


def set_aside(config: pytest.Config, marks: frozenset[str]) -> None:
    """Of a call that is a usage error before its run has begun: an earlier verdict is replaced."""
    made = claimed(config, marks)
    if made:
        made.begin()
        made.end()
