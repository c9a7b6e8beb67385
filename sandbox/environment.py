"""The production environment of the sandbox's project: what its app reads, and what the platform keeps for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sandbox.builds import BuildSettings
    from sandbox.state import Settings

SECRETS = (
    "OPENAI_API_KEY",
    "WORKSPACE_PROVISIONING_SECRET",
    "UNIPILE_WEBHOOK_SECRET",
    "CLAY_WEBHOOK_SECRET",
    "SLACK_SIGNING_SECRET",
    "INSTANTLY_WEBHOOK_SECRET",
    "SMARTLEAD_WEBHOOK_SECRET",
)
"""What the app and its senders share. The sandbox calls none of the services behind them."""


def production(settings: Settings, build: BuildSettings, database_url: str, port: int) -> dict[str, str]:
    """Every variable of a healthy production environment; the database is reached at a port of the gateway."""
    return (
        database(database_url, port)
        | {
            "NEXT_PUBLIC_SUPABASE_URL": build.auth_url,
            "NEXT_PUBLIC_SUPABASE_ANON_KEY": build.anon_key,
            "NEXT_PUBLIC_APP_URL": build.app_url,
            "SERVER_ACTIONS_ALLOWED_ORIGINS": build.origins,
            "AUTO_SEND_DISABLED": "0",
            "AUTO_SEND_REVISION_DISABLED": "1",
            "INBOX_READ_API_V1": "1",
            "CRON_SECRET": settings.cron_secret,
        }
        | {name: settings.secret(name) for name in SECRETS}
    )


def database(database_url: str, port: int) -> dict[str, str]:
    """The two variables by which the app reaches a database at a port of this machine."""
    address = urlsplit(database_url)
    credentials, at, _ = address.netloc.rpartition("@")
    direct = address._replace(netloc=f"{credentials}{at}127.0.0.1:{port}").geturl()
    return {"DATABASE_URL": f"{direct}{'&' if address.query else '?'}pgbouncer=true", "DIRECT_URL": direct}


def at_run_time(variables: dict[str, str]) -> dict[str, str]:
    """The same as a server of the sandbox gets it: what the build inlines comes with the build."""
    inlined = ("NEXT_PUBLIC_", "SERVER_ACTIONS_")
    return {name: value for name, value in variables.items() if not name.startswith(inlined)}
