"""The rows about the environment, the cron routes, the webhooks and the admin routes."""

from __future__ import annotations

from tests.faults.row import Row

VARIABLES = (
    "NEXT_PUBLIC_SUPABASE_URL",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY",
    "NEXT_PUBLIC_APP_URL",
    "DATABASE_URL",
    "DIRECT_URL",
    "OPENAI_API_KEY",
    "CRON_SECRET",
    "WORKSPACE_PROVISIONING_SECRET",
    "AUTO_SEND_DISABLED",
    "AUTO_SEND_REVISION_DISABLED",
    "SERVER_ACTIONS_ALLOWED_ORIGINS",
)
MISTAKES = {
    "missing": "is missing in Production",
    "empty": "is empty",
    "newline": "a line break",
    "preview-only": "is set for Preview only",
    "malformed": "",
}
_SAFE_WHEN_UNSET = {("AUTO_SEND_DISABLED", mistake) for mistake in ("missing", "empty", "preview-only")}
_ENVIRONMENT = ("environment",)
_WEBHOOKS = ("webhooks",)
_CRON = ("login", "inbox", "cron")


def fault_of(name: str, mistake: str) -> str:
    return f"env-{name.lower().replace('_', '-')}-{mistake}"


def _variable(name: str, mistake: str) -> Row:
    if (name, mistake) in _SAFE_WHEN_UNSET:
        return Row(fault_of(name, mistake), "PASS", None, "keep-watching", parts=_ENVIRONMENT, platform=True)
    return _wrong(fault_of(name, mistake), name, MISTAKES[mistake] and f"{name} {MISTAKES[mistake]}")


def _wrong(fault: str, name: str, says: str = "") -> Row:
    check = f"test_the_variable_is_right_in_production[{name}]"
    says = says if "line break" not in says else f"{name} begins or ends with a space or a line break"
    return Row(
        fault,
        "FAIL",
        None,
        "fix-environment",
        "environment",
        says or name,
        check=check,
        parts=_ENVIRONMENT,
        platform=True,
    )


def _unread(fault: str, reason: str, says: str) -> Row:
    return Row(fault, "INCONCLUSIVE", reason, "measure-again", says=says, parts=_ENVIRONMENT, platform=True)


def _cron(fault: str, advice: str, cause: str, route: str, says: str, *, jobs: int = 0) -> Row:
    check = f"test_the_cron_route_rejects_calls_without_the_secret[/api/cron/{route}]"
    return Row(fault, "FAIL", None, advice, cause, says, check=check, parts=_CRON, jobs=jobs)


def _endpoint(fault: str, name: str, says: str) -> Row:
    check = f"test_the_endpoint_rejects_missing_and_forged_credentials[{name}]"
    return Row(
        fault,
        "FAIL",
        None,
        "investigate",
        "webhook",
        says,
        check=check,
        parts=("login", "inbox", "webhooks"),
        secrets=True,
    )


READINESS_ROWS = (
    *(_variable(name, mistake) for mistake in MISTAKES for name in VARIABLES),
    _wrong(
        "env-lever-unsafe", "AUTO_SEND_REVISION_DISABLED", "AUTO_SEND_REVISION_DISABLED does not have its safe value"
    ),
    _wrong("env-auto-send-off", "AUTO_SEND_DISABLED", "AUTO_SEND_DISABLED does not have its safe value"),
    _wrong(
        "env-origins-any",
        "SERVER_ACTIONS_ALLOWED_ORIGINS",
        "SERVER_ACTIONS_ALLOWED_ORIGINS allows sites that are not yours",
    ),
    Row(
        "env-public-secret",
        "FAIL",
        None,
        "fix-environment",
        "exposed-key",
        "NEXT_PUBLIC_CRON_SECRET",
        check="test_no_secret_has_a_public_name",
        parts=_ENVIRONMENT,
        platform=True,
    ),
    Row("env-sensitive", "PASS", None, "keep-watching", parts=_ENVIRONMENT, platform=True),
    Row(
        "env-changed-after-build",
        "PASS",
        None,
        "keep-watching",
        warns=(
            "DATABASE_URL was changed after the running build: it takes effect with the next deployment",
            "NEXT_PUBLIC_APP_URL was changed after the running build: redeploy to build it in",
        ),
        parts=_ENVIRONMENT,
        platform=True,
    ),
    _unread("env-hidden", "unproven", "CRON_SECRET was not found"),
    _unread("env-api-401", "blocked", "401"),
    _unread("env-api-403", "blocked", "403"),
    _unread("env-api-429", "blocked", "429"),
    _unread("env-api-500", "blocked", "500"),
    Row(
        "service-role-key-in-bundle",
        "FAIL",
        None,
        "fix-environment",
        says="NEXT_PUBLIC_SUPABASE_ANON_KEY is the service-role key",
        check="test_the_browser_gets_no_secret_key",
        parts=_ENVIRONMENT,
        platform=True,
    ),
    Row(
        "origins-too-wide",
        "FAIL",
        None,
        "fix-environment",
        "environment",
        "SERVER_ACTIONS_ALLOWED_ORIGINS",
        check="test_server_actions_refuse_a_foreign_origin",
        parts=_ENVIRONMENT,
        platform=True,
    ),
    Row(
        "origins-too-few",
        "FAIL",
        None,
        "fix-environment",
        "environment",
        "SERVER_ACTIONS_ALLOWED_ORIGINS does not cover app.localhost",
        check="test_server_actions_accept_every_production_domain",
        parts=_ENVIRONMENT,
        platform=True,
    ),
    _cron(
        "cron-secret-unset",
        "fix-environment",
        "environment",
        "followups",
        "CRON_SECRET is not set in the running deployment",
    ),
    _cron("cron-open", "investigate", "cron", "availability", "a job may have run", jobs=1),
    _cron("cron-throws", "investigate", "cron", "availability", "GET /api/cron/availability answered 500"),
    _cron("cron-bearer-undefined", "investigate", "cron", "calendar-health", "with “undefined” for the secret", jobs=1),
    _cron("cron-route-missing", "investigate", "cron", "availability", "GET /api/cron/availability answered 404"),
    Row("cron-walled", "INCONCLUSIVE", "blocked", "measure-again", says="/api/cron/followups", parts=_CRON),
    Row(
        "probes-challenged",
        "INCONCLUSIVE",
        "blocked",
        "measure-again",
        says="challenged a probe",
        parts=("login", "inbox", "cron", "webhooks"),
    ),
    _endpoint("webhook-accepts-unsigned", "clay", "POST /api/webhooks/clay answered 200 without credentials"),
    _endpoint("webhook-accepts-altered", "clay", "POST /api/webhooks/clay answered 200 with an altered body"),
    _endpoint("admin-open", "admin", "POST /api/admin/workspaces answered 400 without credentials"),
    Row(
        "webhook-accepts-stale",
        "FAIL",
        None,
        "investigate",
        "webhook",
        "answered 200 with an old signature",
        check="test_an_old_event_is_refused[slack]",
        parts=("login", "inbox", "nightly"),
        secrets=True,
        options=("-m", "smoke or nightly"),
    ),
    Row(
        "webhook-replay-inserts-twice",
        "FAIL",
        None,
        "investigate",
        "webhook",
        "is shown 2 times",
        check="test_a_genuine_event_is_received_once",
        parts=("login", "inbox", "event"),
        secrets=True,
        event=True,
    ),
    Row(
        "webhook-chokes-on-nonsense",
        "PASS",
        warned="POST /api/webhooks/email answered 500 with malformed input: known",
        parts=("login", "inbox", "webhooks"),
    ),
)
