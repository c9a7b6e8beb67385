"""The table of advice as data: a good deployment was live, another one came, and something is broken in it or around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox import Sandbox


@dataclass
class Scene:
    """A sandbox whose good deployment is live; `good` is its id."""

    sandbox: Sandbox
    good: str
    environment: dict[str, str] = field(default_factory=dict)
    """What the run is given."""
    when_tried: Callable[[], None] | None = None
    """What happens as soon as the trial begins."""

    def deploy(self, *faults: str, environment: dict[str, str | None] | None = None) -> None:
        """Another deployment goes live, with mistakes in its code or its environment that the good one lacks."""
        self.sandbox.clock.advance(60)
        self.sandbox.deploy("good", *faults, environment=environment)

    def wall(self) -> None:
        """Deployments' own hosts are behind the wall, and nobody has the secret."""
        self.sandbox.break_("own-hosts-walled")
        self.environment.pop("VERCEL_AUTOMATION_BYPASS_SECRET", None)


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """What happens, and the advice that it must lead to."""

    name: str
    happens: Callable[[Scene], None]
    recommendation: str
    will_help: str | None = None
    cause: str = ""
    """The cause of the first failing finding; empty: not asserted."""
    says: str = ""
    """What the evidence for or against must name."""
    target: bool = True
    """Whether the good deployment must be named as the target."""
    log: bool = False
    """Whether the log is judged, too."""
    options: tuple[str, ...] = ("--without=cron", "--without=webhooks", "--without=environment")
    record: bool = False
    """Whether a run has passed on the good deployment, and stands in the record."""


def only_here(*faults: str) -> Callable[[Scene], None]:
    """Mistakes of the new deployment's code."""
    return lambda scene: scene.deploy(*faults)


def here_and_there(fault: str) -> Callable[[Scene], None]:
    """The good deployment has it as well."""

    def happens(scene: Scene) -> None:
        scene.sandbox.break_(fault)
        scene.deploy(fault)

    return happens


def walled(*faults: str) -> Callable[[Scene], None]:
    """Mistakes of the new deployment; the good one can't be tried."""

    def happens(scene: Scene) -> None:
        scene.deploy(*faults)
        scene.wall()

    return happens


def around(fault: str, *more: str) -> Callable[[Scene], None]:
    """What both depend on is broken."""

    def happens(scene: Scene) -> None:
        scene.deploy(*more)
        scene.sandbox.break_(fault)

    return happens


def around_and_walled(fault: str) -> Callable[[Scene], None]:
    """What both depend on is broken, and the good one can't be tried."""

    def happens(scene: Scene) -> None:
        around(fault)(scene)
        scene.wall()

    return happens


def _behind_the_wall_with_the_secret(scene: Scene) -> None:
    scene.deploy("action-throws")
    scene.sandbox.break_("own-hosts-walled")


def _another_database(scene: Scene) -> None:
    scene.deploy(environment={**scene.sandbox.database_elsewhere("nothing")})


def _another_database_that_was_set(scene: Scene) -> None:
    scene.sandbox.clock.advance(60)
    scene.sandbox.change_variables("DATABASE_URL")
    _another_database(scene)


def _comes_and_goes(scene: Scene) -> None:
    around("database-down-before-load")(scene)
    scene.when_tried = scene.sandbox.restore_database


def _a_lost_script(scene: Scene) -> None:
    scene.deploy()
    scene.sandbox.break_("chunk-missing")


def _a_lost_script_walled(scene: Scene) -> None:
    _a_lost_script(scene)
    scene.wall()


def _another_schema(scene: Scene) -> None:
    scene.sandbox.clock.advance(60)
    scene.sandbox.deploy("schema-drift")


def _a_revoked_key(scene: Scene) -> None:
    scene.sandbox.clock.advance(60)
    scene.sandbox.deploy("revoked-key")


def _a_revoked_key_walled(scene: Scene) -> None:
    _a_revoked_key(scene)
    scene.wall()


def _schema_that_hits_both(scene: Scene) -> None:
    _another_schema(scene)
    scene.wall()


def _a_setting(scene: Scene) -> None:
    scene.deploy()
    scene.sandbox.break_("env-cron-secret-missing")


def _a_setting_and_a_crash(scene: Scene) -> None:
    scene.deploy("client-crash")
    scene.sandbox.break_("env-cron-secret-missing")


def _the_database_setting_is_missing(scene: Scene) -> None:
    scene.deploy(environment={"DATABASE_URL": None})


def _a_cron(scene: Scene) -> None:
    scene.deploy("cron-throws")


def _the_first_ever(scene: Scene) -> None:
    scene.deploy("client-crash")
    scene.sandbox.delete_former_deployments()


def _each_in_its_own_way(scene: Scene) -> None:
    scene.sandbox.break_("list-route-throws")
    scene.deploy("client-crash")


def _somebody_went_back(scene: Scene) -> None:
    scene.deploy("client-crash")
    scene.when_tried = lambda: scene.sandbox.promote(scene.good)


def _no_token(*faults: str, around: str = "") -> Callable[[Scene], None]:
    """Mistakes of the new deployment, or what both depend on is broken; Vercel can't be asked."""

    def happens(scene: Scene) -> None:
        scene.deploy(*faults)
        if around:
            scene.sandbox.break_(around)
        for name in ("VERCEL_TOKEN", "VERCEL_PROJECT_ID"):
            scene.environment.pop(name)

    return happens


ROWS = (
    AdviceRow("a Server Action throws, here alone", only_here("action-throws"), "roll-back", "yes", "server-actions"),
    AdviceRow("… behind the wall, with its secret", _behind_the_wall_with_the_secret, "roll-back", "yes"),
    AdviceRow(
        "… behind the wall, without", walled("action-throws"), "roll-back", "not proven", says="deployment protection"
    ),
    AdviceRow("… there as well", here_and_there("action-throws"), "hold", "no", says="also fails"),
    AdviceRow("the page crashes, here alone", only_here("client-crash"), "roll-back", "yes", "client-crash"),
    AdviceRow("… not tried", walled("client-crash"), "roll-back", "not proven", "client-crash"),
    AdviceRow("… there as well", here_and_there("client-crash"), "hold", "no"),
    AdviceRow("a script of the build is lost, here alone", _a_lost_script, "roll-back", "yes", "asset"),
    AdviceRow("… not tried", _a_lost_script_walled, "roll-back", "not proven", "asset"),
    AdviceRow("signed in, and not known, here alone", only_here("session-not-read"), "roll-back", "yes"),
    AdviceRow("the list's route throws, here alone", only_here("list-route-throws"), "roll-back", "yes", "list-route"),
    AdviceRow("… not tried", walled("list-route-throws"), "roll-back", "not proven", "list-route"),
    AdviceRow("… there as well", here_and_there("list-route-throws"), "hold", "no", "list-route"),
    AdviceRow("a blank page, here alone", only_here("blank-page"), "roll-back", "yes", "blank-page"),
    AdviceRow("conversations of others, here alone", only_here("server-foreign-rows"), "roll-back", "yes"),
    AdviceRow("the database is out", around("database-down-before-load"), "hold", "no", "database"),
    AdviceRow("… not tried", around_and_walled("database-down-before-load"), "hold", "not proven", "database"),
    AdviceRow("… and the page crashes as well", around("database-down-before-load", "client-crash"), "hold", "no"),
    AdviceRow(
        "the database came back meanwhile",
        _comes_and_goes,
        "investigate",
        "not proven",
        says="the failure is intermittent",
    ),
    AdviceRow("another database than the last good one's", _another_database, "roll-back", "yes"),
    AdviceRow("… as it was set since", _another_database_that_was_set, "fix-environment", None, says="DATABASE_URL"),
    AdviceRow("the auth service is out", around("auth-500"), "hold", "no", "auth-service"),
    AdviceRow("… not tried", around_and_walled("auth-500"), "hold", "not proven", "auth-service"),
    AdviceRow("no session is renewed", around("auth-rejects-refresh"), "hold", "no", "session-rejected"),
    AdviceRow(
        "the auth service's key in the build is a wrong one", _a_revoked_key, "fix-environment", None, "auth-settings"
    ),
    AdviceRow("… not tried", _a_revoked_key_walled, "fix-environment", None, "auth-settings"),
    AdviceRow(
        "a setting is missing",
        _a_setting,
        "fix-environment",
        None,
        "environment",
        target=False,
        options=("--without=cron", "--without=webhooks"),
    ),
    AdviceRow(
        "… and the page crashes, here alone",
        _a_setting_and_a_crash,
        "roll-back",
        "yes",
        options=("--without=cron", "--without=webhooks"),
    ),
    AdviceRow(
        "DATABASE_URL is missing at run time, and the log says so",
        _the_database_setting_is_missing,
        "fix-environment",
        None,
        says="the settings of its own build",
        log=True,
    ),
    AdviceRow("the code asks for a missing column, and the log says so", _another_schema, "roll-back", "yes", log=True),
    AdviceRow("… not tried", _schema_that_hits_both, "fix-forward", "not proven", log=True),
    AdviceRow(
        "a cron route throws",
        _a_cron,
        "investigate",
        None,
        "cron",
        target=False,
        options=("--without=webhooks", "--without=environment"),
    ),
    AdviceRow(
        "the first deployment ever",
        _the_first_ever,
        "fix-forward",
        "no",
        says="there is no rollback target",
        target=False,
    ),
    AdviceRow("both are broken, each in its own way", _each_in_its_own_way, "hold", "no", says="for another reason"),
    AdviceRow(
        "somebody went back meanwhile",
        _somebody_went_back,
        "investigate",
        None,
        says="another deployment serves now",
        target=False,
    ),
    AdviceRow(
        "nobody can be asked", _no_token("client-crash"), "roll-back", "not proven", says="VERCEL_TOKEN", target=False
    ),
    AdviceRow(
        "… about a list route that throws, and the database answers",
        _no_token("list-route-throws"),
        "roll-back",
        "not proven",
        target=False,
    ),
    AdviceRow(
        "… about wrong cards under a right list",
        _no_token("client-foreign-cards"),
        "roll-back",
        "not proven",
        target=False,
    ),
    AdviceRow(
        "… about another workspace's conversations",
        _no_token("server-foreign-rows"),
        "investigate",
        "not proven",
        target=False,
    ),
    AdviceRow("only a record knows, the page crashes", _no_token("client-crash"), "roll-back", "likely", record=True),
    AdviceRow(
        "… the list's route throws", _no_token("list-route-throws"), "roll-back", "likely", "list-route", record=True
    ),
    AdviceRow("… messages fail", _no_token("messages-fail"), "roll-back", "likely", "messages", record=True),
    AdviceRow("… the page stays blank", _no_token("blank-page"), "roll-back", "likely", "blank-page", record=True),
    AdviceRow(
        "… the database is out",
        _no_token(around="database-down-before-load"),
        "hold",
        "not proven",
        "database",
        record=True,
    ),
    AdviceRow(
        "… the database hangs", _no_token(around="database-silent"), "hold", "not proven", "database", record=True
    ),
    AdviceRow(
        "… every read fails",
        _no_token("list-route-throws", around="database-down-before-load"),
        "hold",
        "not proven",
        record=True,
    ),
    AdviceRow(
        "… not tried at the last-good deployment",
        walled("list-route-throws"),
        "roll-back",
        "likely",
        "list-route",
        says="deployment protection",
        record=True,
    ),
)
