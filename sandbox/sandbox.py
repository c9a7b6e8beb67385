"""The sandbox: a whole deployment on loopback, started and stopped as one."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, cast

from filelock import FileLock, Timeout

from sandbox.attached import Attached, NotRunningError
from sandbox.control import Control
from sandbox.database import CALENDLY_SIGNING_KEY
from sandbox.edge.barriers import ChallengeForProbes
from sandbox.edge.watches import InboxServed
from sandbox.environment import database
from sandbox.faults import FAULTS
from sandbox.gateway import Open
from sandbox.platform.exports import export
from sandbox.progress import say
from sandbox.revision import Revision
from sandbox.services import ADMIN_EMAIL, SMOKE_EMAIL, Services, prepare, started
from sandbox.shapes import Shape
from sandbox.state import LOCK, RUNNING, Running, Settings
from sandbox.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import TracebackType

    from sandbox.builds import Variant
    from sandbox.clock import Clock
    from sandbox.deployments import Listed
    from sandbox.logs import LogFaults, Logs, Plan
    from sandbox.platform import Acts, Platform
    from sandbox.platform.exports import Format
    from sandbox.visitor import Visitor


LOCALHOST = Path(__file__).with_name("localhost.cjs")


class AlreadyRunningError(Exception):
    """Another sandbox is up. There can be only one: the builds have its auth service's port in them."""


class Sandbox:
    """A running sandbox. Leaving it stops it; nothing is left running, however the process ends."""

    def __init__(self, services: Services, settings: Settings, stack: contextlib.ExitStack) -> None:
        self.active: list[str] = []
        """The faults that are switched on."""
        self.asked_to_stop = threading.Event()
        """Set when another process wants this one to stop."""
        self._services = services
        self._settings = settings
        self._stack = stack
        self._lock = threading.Lock()

    @classmethod
    def start(cls, progress: Callable[[str], None] = say) -> Sandbox:
        """Start a healthy sandbox: some seconds, the first time a minute or two. Raises `AlreadyRunningError`."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(_only_one(progress))
            settings = Settings.load(progress)
            services = stack.enter_context(started(settings, progress))
            sandbox = cls(services, settings, stack)
            sandbox._announce()
            sandbox._stack = stack.pop_all()
        return sandbox

    @staticmethod
    def prepare(progress: Callable[[str], None] = say) -> None:
        """Install and build what a start needs: a minute or so, once. Raises `AlreadyRunningError`."""
        with _only_one(progress):
            prepare(Settings.load(progress), progress)

    @staticmethod
    def attach() -> Attached:
        """The sandbox that another process keeps up; raises `attached.NotRunningError` if there is none."""
        return Attached.find()

    @property
    def url(self) -> str:
        """The production domain, for a browser."""
        return self._services.url

    @property
    def email(self) -> str:
        """The smoke user's address."""
        return SMOKE_EMAIL

    @property
    def password(self) -> str:
        """The smoke user's password, as people think it is."""
        return self._settings.password

    @property
    def sign_ins(self) -> int:
        """The number of sign-ins so far."""
        return self._services.switches.auth_service.sign_ins

    @property
    def renewals(self) -> int:
        """The number of renewed sessions so far."""
        return self._services.switches.auth_service.renewals

    @property
    def jobs(self) -> int:
        """How often a scheduled job has run so far, for whatever reason."""
        return self._services.switches.store.count("CronRun")

    @property
    def challenged(self) -> int:
        """How many requests the edge has taken for a bot's, since that was switched on."""
        barrier = self._services.switches.edge.barrier
        return barrier.challenged if isinstance(barrier, ChallengeForProbes) else 0

    def tables(self) -> dict[str, list[str]]:
        """Every row of every table, to see what a run has changed."""
        return self._services.switches.store.rows()

    def app_secrets(self) -> dict[str, str]:
        """What the app shares with those who send it events."""
        values = self._services.switches.variables.healthy
        return {
            name: value for name, value in values.items() if name.endswith(("_WEBHOOK_SECRET", "_SIGNING_SECRET"))
        } | {"CALENDLY_SIGNING_KEY": CALENDLY_SIGNING_KEY}

    def variables(self) -> dict[str, str]:
        """The production environment, as the platform keeps it."""
        return {each.key: each.value for each in self._services.switches.variables.environment.variables.values()}

    @property
    def visitor(self) -> Visitor:
        """The smoke user without a browser."""
        return self._services.switches.visitor

    @property
    def logs(self) -> Logs:
        """The platform's logs: the truth, what is offered of it (`plan`) and what goes wrong on the way (`faults`)."""
        return self._services.switches.logs

    @property
    def clock(self) -> Clock:
        """The platform's clock."""
        return self.logs.clock

    @property
    def platform(self) -> Platform:
        """The platform: how it acts (`disturb_acts`), the writes it received (`writes`), what happens in between (`promotions`)."""
        return self._services.platform

    @property
    def current_deployment(self) -> str:
        """The id of the deployment that serves the production domain."""
        production = self.platform.deployments.production
        return production.id if production else ""

    def deployments(self) -> list[Listed]:
        """All deployments, newest first."""
        return self.platform.deployments.listed()

    def url_of(self, deployment_id: str) -> str:
        """A deployment's own address, for a browser."""
        return next(each.url for each in self.deployments() if each.id == deployment_id)

    def disturb_logs(self, faults: LogFaults) -> None:
        """Disturb the way from the logs to who reads them; `heal` ends it."""
        self._services.switches.disturb_logs(faults)

    def offer_logs(self, plan: Plan) -> None:
        """Change what the platform offers of its logs; `heal` puts it back."""
        self.logs.plan = plan

    def advance(self, seconds: float) -> None:
        """Move the platform's clock forwards or backwards. Not undone by `heal`: time is not."""
        self.clock.advance(seconds)

    def export_logs(self, kind: Format) -> bytes:
        """The logs as a file."""
        return export(self.logs, self._services.project, kind)

    def deploy(
        self,
        variant: Variant = "good",
        *faults: str,
        environment: Mapping[str, str | None] | None = None,
        staged: bool = False,
    ) -> str:
        """Make a new deployment of a variant; `heal` removes it.

        Args:
            variant: what was built.
            faults: mistakes in its code, which no other deployment has.
            environment: how its environment differs from the healthy one; None: unset.
            staged: whether it waits at its own host, whatever the project says.

        Returns:
            Its id. It is live if the project assigns its domains automatically; all others go on as they were.
        """
        with self._lock:
            return self._services.switches.deploy(variant, faults, environment or {}, staged=staged).id

    def database_elsewhere(self, who: Literal["nothing", "impostor"]) -> dict[str, str]:
        """The environment of a deployment whose database is not where it should be: nothing listens there, or every client is refused."""
        port = 1 if who == "nothing" else self._services.impostor_port
        return database(self._services.switches.variables.healthy["DIRECT_URL"], port)

    def change_variables(self, *names: str) -> None:
        """Change variables of Production just now: later builds see it."""
        self._services.switches.change_variables(*names)

    def restore_database(self) -> None:
        """Let the way to the database be open again, and everything else as it is."""
        self._services.switches.database(Open())

    def delete_former_deployments(self) -> None:
        """Let only the live deployment be left, as after the first deploy ever."""
        deployments = self.platform.deployments
        for each in [one for one in deployments.newest_first if one != deployments.production]:
            deployments.delete(each, "by hand")

    def stage(self, variant: Variant) -> str:
        """Build and serve a variant at its own host only; returns its deployment's id."""
        with self._lock:
            return self._services.switches.stage(variant)

    def promote(self, variant_or_id: Variant | str) -> None:
        """Let a variant, or a deployment, serve the production domain, by the platform's clock from now on."""
        with self._lock:
            if variant_or_id.startswith("dpl_"):
                self._services.switches.promote(variant_or_id)
            else:
                self._services.switches.build(cast("Variant", variant_or_id))

    def roll(self, deployment_id: str) -> None:
        """Begin a rolling release of a deployment; `heal`, a rollback or the platform's API ends it."""
        self._services.switches.roll(deployment_id)

    def once_the_inbox_is_served(self, act: Callable[[], None]) -> None:
        """Do something in the middle of a run: when the next list of conversations has been delivered. `heal` forgets it."""
        self._services.switches.edge.watch = InboxServed(lambda: asyncio.to_thread(act))

    def disturb_acts(self, acts: Acts) -> None:
        """Change how the platform reacts to a promotion or rollback; `heal` restores it."""
        self.platform.acts = acts

    def traffic(self) -> Traffic:
        """People who use the app, as it is served now."""
        return Traffic(self.url, self.visitor, self._settings.cron_secret)

    def environment(self) -> dict[str, str]:
        """What a run needs to sign in, at any deployment's own host, too."""
        return {
            "SANDBOX_URL": self.url,
            "SMOKE_EMAIL": self.email,
            "SMOKE_PASSWORD": self.password,
            "NODE_OPTIONS": f'--require "{LOCALHOST}"',
        }

    def platform_environment(self) -> dict[str, str]:
        """What a run needs to ask the platform, too."""
        project = self._services.project
        return {
            "VERCEL_API_URL": self._services.platform_url,
            "VERCEL_TOKEN": self._settings.platform_token,
            "VERCEL_TEAM_ID": project.team.id,
            "VERCEL_PROJECT_ID": project.id,
            "VERCEL_AUTOMATION_BYPASS_SECRET": self._settings.bypass_secret,
        }

    def admin_environment(self) -> dict[str, str]:
        """What a run needs to look at the admin page."""
        return {"CANARY_ADMIN_EMAIL": ADMIN_EMAIL, "CANARY_ADMIN_PASSWORD": self._settings.admin_password}

    def release_revision(self) -> None:
        """Build with the kill switch off; `heal` switches it on again."""
        switches = self._services.switches
        switches.variables.set("AUTO_SEND_REVISION_DISABLED", "0")
        switches.environment(AUTO_SEND_REVISION_DISABLED="0")

    def spoil_the_canary(self, mistake: Literal["admin-snapshot-stale", "kill-switch-ignored"]) -> None:
        """Let the app make a mistake that only the canary shows."""
        self._services.switches.app(mistake)

    def revision(self) -> Revision:
        """The worker of auto-send revision, on the app's own database."""
        return Revision(self._services.switches.store)

    def end_all_sessions(self) -> None:
        """Sign the smoke user out everywhere, as another program with this user would."""
        self._services.switches.auth_service.end_all_sessions(SMOKE_EMAIL)

    def let_tokens_last(self, seconds: int) -> None:
        """Issue access tokens that are valid for so long; `heal` makes it an hour again."""
        self._services.switches.auth_service.lifetime = seconds

    def break_(self, name: str) -> None:
        """Switch a fault on, in addition to others; returns when the next request meets it."""
        if name not in FAULTS:
            raise ValueError(f"sandbox: no fault is called {name}. There are: {', '.join(FAULTS)}")
        with self._lock:
            FAULTS[name].switch(self._services.switches)
            self.active.append(name)

    def become(self, app: str, *oddities: str) -> None:
        """Be the Master Inbox ("inbox") or the other app ("desk"), healthy, with these oddities; `heal` leaves it so.

        Raises `ValueError` for an app or an oddity that there is not.
        """
        shape = Shape.of(app, oddities)
        with self._lock:
            self._services.switches.become(shape)
            self.active.clear()

    @property
    def shape(self) -> Shape:
        """What people get, if nothing is broken."""
        return self._services.switches.shape

    def heal(self) -> None:
        """Switch all faults off; returns when the inbox is served again."""
        with self._lock:
            self._services.switches.restore()
            self.active.clear()

    def redeploy(self) -> None:
        """Promote another deployment: same source, new build, new action ids. `heal` promotes the first one again."""
        self.break_("redeployed-before-run")

    def stop(self) -> None:
        """Stop everything."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _announce(self) -> None:
        """Let other processes find and switch this sandbox, as long as it is up."""
        loop = self._services.loop
        control = Control(self)
        site = loop.run(control.serve())
        self._stack.callback(lambda: loop.run(site.close()))
        Running(
            pid=os.getpid(),
            url=self.url,
            control_url=f"http://localhost:{site.port}",
            control_token=control.token,
            environment=self.environment(),
            platform_environment=self.platform_environment(),
        ).announce()
        self._stack.callback(RUNNING.unlink, missing_ok=True)


@contextlib.contextmanager
def _only_one(progress: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the one sandbox there can be; wait for one that is just starting or stopping."""
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(LOCK)
    waiting = False
    while not lock.is_locked:
        try:
            lock.acquire(timeout=1 if waiting else 0)
        except Timeout:
            with contextlib.suppress(NotRunningError), Attached.find() as other:
                raise AlreadyRunningError(
                    f"sandbox: one is up at {other.url}. Use it (python -m sandbox run -- COMMAND), "
                    "or stop it (python -m sandbox down)."
                ) from None
            if not waiting:
                progress("sandbox: another one is starting or stopping; waiting for it")
            waiting = True
    try:
        yield
    finally:
        lock.release()
