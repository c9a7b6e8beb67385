"""The rows about what runbook.toml switches off with a reason: it is not measured, and the rest is judged as ever."""

from __future__ import annotations

from tests.faults.row import Row

_CRON = ("login", "inbox", "cron")
_WEBHOOKS = ("login", "inbox", "webhooks")
_OFF_CRON = '[cron.off]\n"/api/cron/availability" = "moved to a worker"\n'
_OFF_ENDPOINT = '[endpoints.clay]\noff = "the integration is paused"\n'
_OFF_ADMIN = '[endpoints.admin]\noff = "behind the office network"\n'
_OFF_VARIABLE = '[variables.AUTO_SEND_REVISION_DISABLED]\noff = "the canary is over"\n'


def _passes(fault: str, overlay: str, unmeasured: str, parts: tuple[str, ...], *, platform: bool = False) -> Row:
    recommendation = "keep-watching"  # parts are left out, as in every row that measures a few only
    return Row(
        fault,
        "PASS",
        None,
        recommendation,
        parts=parts,
        platform=platform,
        overlay=overlay,
        unmeasured=unmeasured,
        secrets=not platform,
        called=f"{fault}, and that is switched off",
    )


SWITCHED_OFF_ROWS = (
    _passes("cron-throws", _OFF_CRON, "cron route /api/cron/availability", _CRON),
    _passes("cron-open", _OFF_CRON, "cron route /api/cron/availability", _CRON),
    _passes("webhook-accepts-unsigned", _OFF_ENDPOINT, "endpoint clay", _WEBHOOKS),
    _passes("admin-open", _OFF_ADMIN, "endpoint admin", _WEBHOOKS),
    _passes(
        "env-lever-unsafe",
        _OFF_VARIABLE,
        "variable AUTO_SEND_REVISION_DISABLED",
        ("environment",),
        platform=True,
    ),
    Row(
        "webhook-accepts-unsigned",
        "FAIL",
        None,
        "investigate",
        "webhook",
        "POST /api/webhooks/clay answered 200 without credentials",
        parts=_WEBHOOKS,
        secrets=True,
        overlay=_OFF_ADMIN,
        unmeasured="endpoint admin",
        called="webhook-accepts-unsigned, and another endpoint is switched off",
    ),
    Row(
        "env-cron-secret-missing",
        "FAIL",
        None,
        "fix-environment",
        "environment",
        "CRON_SECRET",
        parts=("environment",),
        platform=True,
        overlay=_OFF_VARIABLE,
        unmeasured="variable AUTO_SEND_REVISION_DISABLED",
        called="env-cron-secret-missing, and another variable is switched off",
    ),
)
