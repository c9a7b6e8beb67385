"""runbook.toml + .env + environment → values, validated once. Every error names file, key and cure."""

from __future__ import annotations

import difflib
import io
import json
import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

import msgspec
import re2
from dotenv import dotenv_values
from dotenv.parser import parse_stream

from postdeploy.redaction import Secret
from postdeploy.runbook.deployment_tables import Deployments, Earlier, Rollback, Trial
from postdeploy.runbook.log_tables import DERIVED, Amount, Known, Logs, OwnSignal, Table, Threshold
from postdeploy.runbook.log_tables import Meaning as LineMeaning
from postdeploy.runbook.readiness_tables import Cron, Endpoint, EnvironmentSource, TestEvent, Variable, Webhooks

SCHEMA = 1
PartState = Literal["required", "configured", "optional", "off"]


_BESIDE = ("secret", "lever")
"""The shapes of variables that no page and no read of the inbox needs."""
_NO_SUBJECTS: Mapping[str, Collection[str]] = {}


class UsageError(Exception):
    """The input can't be used as it is. The message says where, what and the cure."""


class App(Table, frozen=True):
    """Where things are in the app."""

    login_path: str
    inbox_path: str
    list_path: str
    reads: tuple[str, ...]
    asset_prefix: str
    client_retries: int
    most_requests: int


class Budgets(Table, frozen=True):
    """Seconds, as runbook.toml explains them."""

    answer: float
    settle: float
    quiet: float
    hold: float
    interact: float
    preflight: float
    second_look: float
    close: float
    run: float
    slow: float
    auth_wait: float

    def times(self, factor: float) -> Budgets:
        """All budgets multiplied, except the app's own time-out, which no loaded runner changes."""
        scaled = {name: getattr(self, name) * factor for name in self.__struct_fields__ if name != "auth_wait"}
        return msgspec.structs.replace(self, **scaled)


class SmokeUser(Table, frozen=True):
    """What the smoke user may see."""

    allow_foreign: bool
    session_cookie: str


class Workspace(Table, frozen=True):
    """A workspace the smoke user is expected to see."""

    name: str
    people: tuple[str, ...] = ()
    empty: bool = False


class LoginForm(Table, frozen=True):
    """Playwright selectors of the login page."""

    email: str
    password: str
    submit: str
    captcha: tuple[str, ...]
    mfa: tuple[str, ...]


class InboxPage(Table, frozen=True):
    """CSS selectors and texts of the Master Inbox."""

    workspace_selector: str
    workspace_search: str
    workspace_option: str
    workspace_prefix: str
    workspace_all: str
    all_workspaces: str
    card: str
    card_person: str
    error_panel: str
    error_boundary: str
    banner_mark: str
    toast: str
    empty_text: str
    banner_texts: tuple[str, ...]
    banner_buttons: tuple[str, ...]
    crash_texts: tuple[str, ...]


class Meaning(Table, frozen=True):
    """What an error shown to people tells about its cause."""

    database_texts: tuple[str, ...]
    auth_texts: tuple[str, ...]
    saturation_texts: tuple[str, ...]


class Ignore(Table, frozen=True):
    """Regular expressions of noise."""

    paths: tuple[str, ...]
    console: tuple[str, ...]


class Screenshot(Table, frozen=True):
    """What stays readable in a screenshot."""

    readable: tuple[str, ...]


class Writes(Table, frozen=True):
    """What looking at the app leaves behind in it."""

    sign_in: str
    conversation: str
    cron: str
    event: str


class Runbook(Table, frozen=True):
    """The whole runbook."""

    schema: int
    app: App
    parts: dict[str, PartState]
    checks: dict[str, tuple[str, ...]]
    budgets: Budgets
    smoke_user: SmokeUser
    login: LoginForm
    inbox: InboxPage
    meaning: Meaning
    ignore: Ignore
    screenshot: Screenshot
    writes: Writes
    environment: EnvironmentSource
    variables: dict[str, Variable]
    cron: Cron
    webhooks: Webhooks
    endpoints: dict[str, Endpoint]
    test_event: TestEvent
    logs: Logs
    threshold: Threshold
    amounts: dict[str, Amount]
    signals: dict[str, LineMeaning]
    record: Earlier
    deployments: Deployments
    trial: Trial
    rollback: Rollback
    workspace: tuple[Workspace, ...] = ()
    signal: tuple[OwnSignal, ...] = ()
    known: tuple[Known, ...] = ()

    def required_checks(
        self, without: Collection[str] = (), subjects: Mapping[str, Collection[str]] = _NO_SUBJECTS
    ) -> dict[str, str]:
        """Check name → part, for every part that is required, or required once it is configured, and not left out.

        A check that is made once for each of several `subjects` counts as often as there are any.
        """
        return {
            name: part
            for part, checks in self.checks.items()
            for check in checks
            if self.parts.get(part) in ("required", "configured") and part not in without
            for name in _each(check, subjects)
        }

    def part_of(self, check: str) -> str | None:
        """The part that a check belongs to, or None if runbook.toml does not name the check."""
        function = _function(check)
        return next((part for part, checks in self.checks.items() if function in map(_function, checks)), None)

    @property
    def beside_the_inbox(self) -> frozenset[str]:
        """Variables that the inbox does without: secrets of those who call, and levers."""
        return frozenset(name for name, one in self.variables.items() if one.shape in _BESIDE)

    @property
    def check_order(self) -> dict[str, int]:
        """Function name of a check → its place in a run."""
        names = [_function(check) for checks in self.checks.values() for check in checks]
        return {name: place for place, name in enumerate(names)}


def _function(check: str) -> str:
    return check.partition("[")[0]


def _each(check: str, subjects: Mapping[str, Collection[str]]) -> list[str]:
    """The names of a check's results: `test_x[variable]` has one for each variable."""
    function, _, kind = check.rstrip("]").partition("[")
    return [f"{function}[{subject}]" for subject in subjects.get(kind, ())] if kind else [function]


def builtin_path() -> Path:
    """The runbook that comes with the project: in a checkout the one at its root, else the packaged copy."""
    checkout = Path(__file__).parents[3] / "runbook.toml"
    if checkout.is_file():
        return checkout
    return Path(str(resources.files("postdeploy") / "runbook.toml"))


def read_runbook(path: Path | None = None) -> Runbook:
    """The built-in runbook, overlaid by `path` table by table.

    Raises:
        UsageError: a file is missing or malformed, a key is unknown or of the wrong type.
    """
    builtin = builtin_path()
    tables = _tables(builtin)
    source = builtin
    if path is not None and path.resolve() != builtin.resolve():
        overlay = _tables(path)
        if "schema" not in overlay:
            raise UsageError(f"{path}: the key schema is missing. Add as first line: schema = {SCHEMA}")
        tables = _overlaid(tables, overlay)
        source = path
    if tables.get("schema") != SCHEMA:
        raise UsageError(
            f"{source}: schema = {tables.get('schema')!r} is not known here. This version reads schema = {SCHEMA}."
        )
    unknown = next(_unknown_keys(tables, Runbook, ""), None)
    if unknown:
        raise UsageError(f"{source}: {unknown}")
    try:
        runbook = msgspec.convert(tables, Runbook)
    except msgspec.ValidationError as error:
        raise UsageError(f"{source}: {_readable(error)}") from None
    runbook = msgspec.structs.replace(runbook, workspace=tuple(_as_shown(each) for each in runbook.workspace))
    _check_patterns(runbook, source)
    _check_amounts(runbook, source)
    _check_log_tables(runbook, source)
    return runbook


def _as_shown(workspace: Workspace) -> Workspace:
    """With its name as a page shows it: every run of white space is one space."""
    return msgspec.structs.replace(workspace, name=" ".join(workspace.name.split()))


def _tables(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"runbook {path} can't be read: {error.strerror}. Give --runbook FILE, or write one with: postdeploy doctor --init"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text. Save it as UTF-8.") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML: {error}. Correct that line.") from None


def _overlaid(base: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """`base` with the keys of `overlay`; tables are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in overlay.items():
        known = merged.get(key)
        merged[key] = _overlaid(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _unknown_keys(value: object, kind: Any, where: str) -> Iterator[str]:
    """Each key that `kind` does not have, as a sentence that names the nearest one."""
    if get_origin(kind) is tuple and isinstance(value, list):
        for item in value:
            yield from _unknown_keys(item, get_args(kind)[0], f"{where}[]")
        return
    if not (isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return
    fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, item in value.items():
        if key not in fields:
            nearest = difflib.get_close_matches(key, fields, n=1, cutoff=0.0)
            yield f"unknown key {where + '.' if where else ''}{key}. Did you mean {nearest[0]}?"
        else:
            yield from _unknown_keys(item, fields[key], f"{where}.{key}" if where else key)


def _readable(error: msgspec.ValidationError) -> str:
    what, _, where = str(error).partition(" - at ")
    key = where.strip("`").removeprefix("$.")
    return (
        f"{key}: {what}. Correct this key."
        if key and key != "$"
        else f"{what}. Add it; the runbook.toml of the project shows how."
    )


def _check_patterns(runbook: Runbook, source: Path) -> None:
    patterns = {
        "smoke_user.session_cookie": (runbook.smoke_user.session_cookie,),
        "ignore.paths": runbook.ignore.paths,
        "ignore.console": runbook.ignore.console,
        "logs.assets": runbook.logs.assets,
        "logs.not_pages": runbook.logs.not_pages,
    }
    for key, values in patterns.items():
        for value in values:
            try:
                re.compile(value)
            except re.error as error:
                raise UsageError(f"{source}: {key}: {value!r} is not a regular expression: {error}.") from None
    options = re2.Options()
    options.log_errors = False
    for key, value in _patterns_of_lines(runbook):
        try:
            re2.compile(value, options=options)
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
            raise UsageError(f"{source}: {key}: {value!r} is not a regular expression (RE2): {reason}.") from None


def _patterns_of_lines(runbook: Runbook) -> Iterator[tuple[str, str]]:
    """What is looked for in log lines: by RE2, so that no pattern can hang the run."""
    for name, meaning in runbook.signals.items():
        yield from ((f"signals.{name}", pattern) for pattern in (*meaning.any, *meaning.unless))
    for own in runbook.signal:
        yield f"signal {own.name}", own.pattern
    for known in runbook.known:
        yield f"known ({known.owner})", known.pattern


def _check_log_tables(runbook: Runbook, source: Path) -> None:
    for table in (runbook.logs, runbook.threshold, runbook.deployments, runbook.trial, runbook.rollback):
        for name in table.__struct_fields__:
            value = getattr(table, name)
            if isinstance(value, int | float) and value < 0:
                raise UsageError(f"{source}: {type(table).__name__.lower()}.{name} must not be negative.")
    if not 0 < runbook.threshold.window <= 24 * 3600:
        raise UsageError(f"{source}: threshold.window must be more than 0 and at most 86400 seconds.")
    taken = set(runbook.signals) | DERIVED
    for own in runbook.signal:
        if own.name in taken:
            raise UsageError(f"{source}: the name of [[signal]] {own.name!r} is taken. Give it another one.")
        taken.add(own.name)


def _check_amounts(runbook: Runbook, source: Path) -> None:
    for name in runbook.budgets.__struct_fields__:
        if not 0 < getattr(runbook.budgets, name) <= 3600:
            raise UsageError(f"{source}: budgets.{name} must be more than 0 and at most 3600 seconds.")
    unknown = sorted(set(runbook.checks) - set(runbook.parts))
    if unknown:
        raise UsageError(
            f"{source}: [checks] names the part {unknown[0]!r}, which [parts] does not have. Add it there."
        )
    names = [workspace.name for workspace in runbook.workspace]
    if len(set(names)) < len(names):
        raise UsageError(f"{source}: two [[workspace]] tables have the same name. Name each once.")


class User(msgspec.Struct, frozen=True):
    """Who signs in."""

    email: Secret
    password: Secret


class Platform(msgspec.Struct, frozen=True):
    """How the platform is asked."""

    token: Secret
    project: str
    team: str | None
    api: str | None
    """Another address of its API, where something stands in for it."""
    acting: Secret | None = None
    """The token of whoever acts (VERCEL_ROLLBACK_TOKEN), where it is not the one that reads."""


class Environment(msgspec.Struct, frozen=True):
    """What the environment and .env say; the environment wins, an empty value counts as missing."""

    user: User | None
    missing: tuple[str, ...]
    bypass: Secret | None
    secrets: tuple[Secret, ...]
    platform: Platform | None
    platform_missing: tuple[str, ...]
    shared: dict[str, Secret]
    """What the app shares with those who call it: CRON_SECRET, and the secrets that [endpoints] name. Mostly nothing."""
    configured: tuple[str, ...]
    """Names (never values) of the known variables that are set."""


_KNOWN = (
    "SMOKE_EMAIL",
    "SMOKE_PASSWORD",
    "VERCEL_TOKEN",
    "VERCEL_TEAM_ID",
    "VERCEL_PROJECT_ID",
    "VERCEL_API_URL",
    "VERCEL_AUTOMATION_BYPASS_SECRET",
    "CRON_SECRET",
    "VERCEL_ROLLBACK_TOKEN",
)
_PUBLIC = frozenset({"VERCEL_TEAM_ID", "VERCEL_PROJECT_ID", "VERCEL_API_URL"})
_SHARED = ("CRON_SECRET",)


def read_environment(
    dotenv: Path, environ: Mapping[str, str] = os.environ, shared: Collection[str] = ()
) -> Environment:
    """The known variables out of `environ` and the file `dotenv` (which may be absent).

    `shared`: the names of further secrets, as a runbook's endpoints give them.

    Raises:
        UsageError: a line of the file can't be parsed; names the line, never its content.
    """
    known = dict.fromkeys([*_KNOWN, *shared])
    values = {name: value for name, value in _dotenv(dotenv).items() if value}
    values.update({name: environ[name] for name in known if environ.get(name)})
    email, password = values.get("SMOKE_EMAIL"), values.get("SMOKE_PASSWORD")
    bypass = values.get("VERCEL_AUTOMATION_BYPASS_SECRET")
    token, project = values.get("VERCEL_TOKEN"), values.get("VERCEL_PROJECT_ID")
    acting = values.get("VERCEL_ROLLBACK_TOKEN")
    return Environment(
        user=User(Secret(email), Secret(password)) if email and password else None,
        missing=tuple(name for name in ("SMOKE_EMAIL", "SMOKE_PASSWORD") if not values.get(name)),
        bypass=Secret(bypass) if bypass else None,
        secrets=tuple(Secret(values[name]) for name in known if name in values and name not in _PUBLIC),
        platform=Platform(
            Secret(token),
            project,
            values.get("VERCEL_TEAM_ID"),
            values.get("VERCEL_API_URL"),
            Secret(acting) if acting else None,
        )
        if token and project
        else None,
        platform_missing=tuple(name for name in ("VERCEL_TOKEN", "VERCEL_PROJECT_ID") if not values.get(name)),
        shared={name: Secret(values[name]) for name in (*_SHARED, *shared) if name in values},
        configured=tuple(name for name in _KNOWN if name in values),
    )


def read_session(path: Path, runbook: Runbook, base_url: str) -> dict[str, Any]:
    """A storage state as Playwright saves it (`context.storage_state(path=…)`), with a session for this deployment.

    Raises:
        UsageError: it can't be read, or holds no session cookie for the host.
    """
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        cookies = [(str(cookie["name"]), str(cookie["domain"]).lstrip(".")) for cookie in state["cookies"]]
    except OSError as error:
        raise UsageError(f"--session {path} can't be read: {error.strerror}. Leave it out to sign in anew.") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            f"--session {path} is no storage state. Save one by Playwright's context.storage_state(path=…)."
        ) from None
    host = urlsplit(base_url).hostname or ""
    pattern = re.compile(runbook.smoke_user.session_cookie)
    if not any(pattern.search(name) and f".{host}".endswith(f".{domain}") for name, domain in cookies):
        raise UsageError(f"--session {path} holds no session for {host}. Leave it out to sign in anew.")
    return dict(state)


def _dotenv(path: Path) -> dict[str, str | None]:
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path}: can't be read as UTF-8 text. Correct or remove the file.") from None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error:
            text_before = binding.original.string[
                : len(binding.original.string) - len(binding.original.string.lstrip())
            ]
            line = binding.original.line + text_before.count("\n")
            raise UsageError(f"{path}, line {line}: not NAME=value. Correct or remove that line.")
    return dict(dotenv_values(stream=io.StringIO(text), interpolate=False))
