"""The commands that look at production and act on it, run on a stand-in for Vercel."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from postdeploy.cli.main import app
from sandbox.alone import PlatformAlone


def address(platform: PlatformAlone) -> str:
    return f"http://{platform.deployments.domain}"


def ran(platform: PlatformAlone, *arguments: str, **environ: str) -> tuple[int, str]:
    environ = {"COLUMNS": "200", "XDG_STATE_HOME": str(Path.cwd() / "state"), **platform.environment(), **environ}
    result = CliRunner().invoke(app, list(arguments), env=environ)
    return result.exit_code, result.output


def rollback(platform: PlatformAlone, *arguments: str, **environ: str) -> tuple[int, str]:
    return ran(platform, "rollback", f"--base-url={address(platform)}", *arguments, **environ)


def deployments(platform: PlatformAlone, *arguments: str) -> tuple[int, str]:
    return ran(platform, "deployments", f"--base-url={address(platform)}", *arguments)


def writes(platform: PlatformAlone) -> list[str]:
    return [f"{one.method} {one.path}" for one in platform.platform.writes]
