"""The Python packages: exactly those of the lock, each checked against its hash, then the project itself in place.

uv installs them, itself one of the lock: a fifth of pip's time. Where it can't (no wheel of it for this machine, an index
that only pip's configuration names), pip does, and says why if it can't, either.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib

from environment import PROJECT, PYTHON, VENV, SetupError

LOCK = PROJECT / "requirements" / "dev.txt"
_STAMP = VENV / "installed"
_LOG = VENV / "install.log"
_UV = re.compile(r"^uv==.*\n(?:    --hash=.*\n)+", re.MULTILINE)
"""uv itself in the lock."""
_INDEX = re.compile(r"^[\w:]+\.index-url='(.+)'$", re.MULTILINE)
_LAST_LINES = 15
_TRUST = """\
Behind a proxy with a certificate of its own: export SSL_CERT_FILE=/path/to/authorities.pem, with that authority in it."""


def install() -> None:
    """Install what changed since the last time; nothing, when nothing did."""
    wanted = hashlib.sha256(LOCK.read_bytes() + _metadata()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text(encoding="utf-8") == wanted:
        return
    _STAMP.unlink(missing_ok=True)
    count = len(re.findall(r"^[\w.\[\]-]+==", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE))
    print(f"setup: installing {count} Python packages (up to a minute, once)", flush=True)
    began = time.monotonic()
    if not _by_uv():
        _pip("--require-hashes", "--requirement", str(LOCK), total=count)
    # pip refuses an editable install together with hashes; the lock holds the build backend too.
    _pip("--no-deps", "--no-build-isolation", "--editable", str(PROJECT), total=1)
    _STAMP.write_text(wanted, encoding="utf-8")
    print(f"setup: installed in {time.monotonic() - began:.0f} s", flush=True)


def _by_uv() -> bool:
    """Whether uv installed all of the lock."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as alone:
        alone.writelines(_UV.findall(LOCK.read_text(encoding="utf-8")))
        alone.flush()
        got = [str(PYTHON), "-m", "pip", "install", "--no-input", "--require-hashes", "--requirement", alone.name]
        if subprocess.run(got, capture_output=True, env=_trusting(), check=False).returncode:
            return False
    watched = sys.stdout.isatty()
    command = [str(VENV / "bin" / "uv"), "pip", "install", "--require-hashes", "--requirement", str(LOCK)]
    environment = {"UV_SYSTEM_CERTS": "true", **_index(), **os.environ, "VIRTUAL_ENV": str(VENV)}
    done = subprocess.run(command, stderr=None if watched else subprocess.DEVNULL, env=environment, check=False)
    return done.returncode == 0


def _index() -> dict[str, str]:
    """The index that pip is configured for, in uv's words."""
    command = [str(PYTHON), "-m", "pip", "config", "list"]
    configured = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = _INDEX.findall(configured)
    return {"UV_DEFAULT_INDEX": found[-1]} if found else {}


def _metadata() -> bytes:
    """What an installation depends on: the settings of linters and tests are none of it."""
    tables = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return json.dumps([tables["build-system"], tables["project"], tables["tool"]["hatch"]], sort_keys=True).encode()


def _pip(*arguments: str, total: int) -> None:
    """Run pip, show one moving line where someone watches, and its last lines when it failed."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *arguments]
    watched = sys.stdout.isatty()
    seen = 0
    lines: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_trusting()) as pip:
        for line in pip.stdout or ():
            lines.append(line)
            if line.startswith(("Collecting", "Requirement already satisfied")):
                seen += 1
                if watched:
                    print(f"\r\033[K  {seen}/{total}  {line.split()[1].partition('==')[0]}", end="", flush=True)
            elif watched and line.startswith("Installing collected packages"):
                print("\r\033[K  writing them to .venv", end="", flush=True)
    if watched:
        print("\r\033[K", end="", flush=True)
    _LOG.write_text("".join(lines), encoding="utf-8")
    if pip.returncode:
        last = "".join(lines[-_LAST_LINES:]).rstrip()
        cure = f"\n{_TRUST}" if any("CERTIFICATE_VERIFY_FAILED" in line for line in lines) else ""
        raise SetupError(f"pip failed. The log is {_LOG.relative_to(PROJECT)}; its last lines:\n{last}{cure}")


def _trusting() -> dict[str, str]:
    """The environment, with whose certificates to believe in pip's own words: the pip of older Pythons reads no others."""
    file = os.environ.get("SSL_CERT_FILE")
    return {"PIP_CERT": file, **os.environ} if file else dict(os.environ)
