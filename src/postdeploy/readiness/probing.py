"""All HTTP requests of the readiness parts, in threads while the browser works. One process of a run makes them for all.

The variables of the environment are the exception: their values never pass between processes, so each process that needs them
asks the platform itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout

from postdeploy.model import Blocked, Diagnosis, Unproven
from postdeploy.production.state import PRODUCTION_STATE
from postdeploy.readiness import endpoints, inventory, served
from postdeploy.readiness.audit import Inventory
from postdeploy.readiness.cron import CronRecord, RouteRecord, probe_crons
from postdeploy.readiness.endpoints import EndpointRecord
from postdeploy.readiness.prober import MOST_AT_ONCE, Probe, Prober, Reply
from postdeploy.readiness.served import Bundle
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.system.obstacles import Need, Obstacles
from postdeploy.system.store import Key, Store
from postdeploy.target.preflight import Target

T = TypeVar("T")
_LOOK = 0.05
DATABASE_UP = Key("database-up", bool)
"""Put when the browser has shown the database up."""


@dataclass(slots=True)
class ServedRecord:
    """How the app answered calls from its domains and from a foreign origin, and what its own address serves."""

    domains: tuple[tuple[str, Reply], ...] = ()
    foreign: Reply | None = None
    app_url: Diagnosis | None = None
    app_url_reply: Reply | None = None
    blocked: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ProbeResult(Generic[T]):
    """The result of one group of probes, for the checks of every process."""

    record: T | None = None
    failure: str = ""
    """Our own error, in place of the record."""


_CRONS = Key("probes-cron", ProbeResult[CronRecord])
_WEBHOOKS = Key("probes-webhooks", ProbeResult[dict[str, EndpointRecord]])
_SERVED = Key("probes-served", ProbeResult[ServedRecord])


@dataclass(eq=False)
class ReadinessProbes:
    """The probes of one run, as this process sees them."""

    runbook: Runbook
    environment: Environment
    target: Target
    store: Store
    subjects: Mapping[str, tuple[str, ...]]
    folder: Path
    """The folder of the runbook's relative paths."""
    _lock: FileLock | None = None
    _inventory: Future[Inventory] = field(default_factory=Future)
    _bundle: Future[Bundle] = field(default_factory=Future)
    _prober: Prober | None = None
    _started: frozenset[str] | None = None
    """The parts that were started; None: none was asked for yet."""
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self, parts: Collection[str]) -> None:
        """Start what the checks of these parts need. The first process to come does it for all."""
        if self._started is not None:
            return
        self._started = frozenset(parts)
        if "environment" in parts:
            self._in_thread(lambda: _settle(self._inventory, self._read_inventory))
            self._in_thread(lambda: _settle(self._bundle, self._read_bundle))
        if not {"environment", "cron", "webhooks"} & set(parts):
            return
        self._lock = self.store.lock("probing")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return
        self._prober = prober = self._new_prober()
        if "webhooks" in parts:
            self._in_thread(lambda: self._publish(_WEBHOOKS, lambda: self._webhooks(prober)))
        if "environment" in parts:
            self._in_thread(lambda: self._publish(_SERVED, lambda: self._served(prober)))
        if "cron" in parts:
            self._in_thread(lambda: self._publish(_CRONS, lambda: self._crons(prober)))

    @property
    def finished(self) -> bool:
        """Whether all that this process has started is answered, or given up."""
        return self._started is not None and not any(one.is_alive() for one in self._threads)

    def inventory(self) -> Inventory:
        """The variables of Production.

        Raises:
            PlatformError: the platform does not answer.
        """
        self._require_start("environment")
        return self._inventory.result()

    def bundle(self) -> Bundle:
        """What the served scripts contain.

        Raises:
            httpx.HTTPError: they can't be read.
        """
        self._require_start("environment")
        return self._bundle.result()

    def crons(self) -> CronRecord:
        """What the cron routes answered."""
        return self._record(_CRONS, "cron")

    def webhooks(self) -> dict[str, EndpointRecord]:
        """What the endpoints answered, by name."""
        return self._record(_WEBHOOKS, "webhooks")

    def served(self) -> ServedRecord:
        """How the app answered calls from its domains and from a foreign origin."""
        return self._record(_SERVED, "environment")

    def database_down(self) -> str | None:
        """Why the database is not known to be up, once the browser has looked; None: it is up."""
        obstacles = Obstacles(self.store)
        while not self.store.get(DATABASE_UP):
            if down := obstacles.first(Need.DATABASE, Need.TARGET, Need.SIGN_IN, Need.INBOX, Need.WORKSPACES):
                return down
            time.sleep(_LOOK)
        return None

    def replayed(self, name: str) -> EndpointRecord:
        """What an endpoint answers to an old request; sent now, by this process."""
        endpoint, secret = self.runbook.endpoints[name], self.environment.shared[self.runbook.endpoints[name].secret]
        old = endpoints.replays(endpoint, self.runbook.webhooks, secret, endpoints.seconds())
        return endpoints.probe_endpoint(self._own_prober().ask, old, endpoints.refused_with(endpoint))

    def send(self, probe: Probe) -> Reply:
        """One request for a check that makes its own requests.

        Raises:
            Blocked: the platform challenged it.
        """
        return self._own_prober().ask(probe)

    def _own_prober(self) -> Prober:
        if self._prober is None:
            self._prober = self._new_prober()
        return self._prober

    def _new_prober(self) -> Prober:
        nonce = self.store.directory.name.rpartition("-")[2]
        cookies = dict(self.target.cookies)
        prober = Prober(self.target.base_url, nonce, self.runbook.budgets.answer, cookies)
        prober.sent, prober.forgive = self.target.sent, self.target.forgive
        return prober

    # In threads ------------------------------------------------------------------------------------------------------

    def _in_thread(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="probes", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _read_inventory(self) -> Inventory:
        access = inventory.access_of(self.environment)
        return inventory.read(self.runbook, access, self.target.base_url, self.folder)

    def _read_bundle(self) -> Bundle:
        return served.read_served(self.target, self.runbook.app.login_path)

    def _publish(self, key: Key[ProbeResult[T]], work: Callable[[], T]) -> None:
        """The result, for the checks of every process; or our own error, so that no check waits for ever."""
        try:
            self.store.put(key, ProbeResult(work()))
        except Exception as error:  # noqa: BLE001 - raised by the check that asks
            self.store.put(key, ProbeResult(failure=f"{type(error).__name__}: {error}"))

    def _record(self, key: Key[ProbeResult[T]], part: str) -> T:
        self._require_start(part)
        seconds = self.runbook.budgets.run
        found = self.store.wait(key, seconds)
        if found is None:
            raise Unproven(f"the HTTP probes did not finish within {seconds:g} s ({key.name})")
        if found.record is None:
            raise RuntimeError(found.failure)
        return found.record

    def _require_start(self, part: str) -> None:
        if part not in (self._started or ()):
            raise Unproven(
                f"no check of the part {part} is in this run, so its probes were not sent: name this check in checks.{part}"
            )

    def _webhooks(self, prober: Prober) -> dict[str, EndpointRecord]:
        now = endpoints.seconds()
        names = self.subjects["endpoint"] + self.subjects["open_endpoint"]
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            return dict(zip(names, pool.map(lambda name: self._endpoint(prober, name, now), names), strict=True))

    def _endpoint(self, prober: Prober, name: str, now: int) -> EndpointRecord:
        endpoint, webhooks = self.runbook.endpoints[name], self.runbook.webhooks
        if endpoint.scheme == "open":
            return endpoints.probe_endpoint(
                prober.ask, endpoints.malformed_requests(endpoint, webhooks), (), open_=endpoint
            )
        secret = self.environment.shared.get(endpoint.secret)
        forged = endpoints.forged_requests(endpoint, webhooks, secret, now)
        return endpoints.probe_endpoint(prober.ask, forged, endpoints.refused_with(endpoint))

    def _crons(self, prober: Prober) -> CronRecord:
        """Only once the browser has shown the database up: calling a route while it is down may do harm."""
        routes = self.subjects["cron_route"]
        down = self.database_down()
        if down:
            why = f"the database is not known to be up ({down})"
            skipped = {route: RouteRecord(skipped=why) for route in routes}
            return CronRecord(skipped, {route: RouteRecord(skipped=why) for route in self.runbook.cron.safe})
        return probe_crons(prober.ask, self.runbook.cron, routes, self.environment.shared.get("CRON_SECRET"))

    def _served(self, prober: Prober) -> ServedRecord:
        try:
            known = self._inventory.result()
        except Exception:  # noqa: BLE001 - the checks of the variables report it
            known = Inventory(domains=(self.target.base_url.partition("://")[2],))
        try:
            return self._ask_from_all_origins(prober, known)
        except Blocked as error:
            return ServedRecord(blocked=(error.what, error.cure))

    def _ask_from_all_origins(self, prober: Prober, known: Inventory) -> ServedRecord:
        login = self.runbook.app.login_path
        scheme = "http" if known.loopback else "https"
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            foreign = pool.submit(prober.ask, served.call_from(self.runbook.environment.foreign_origin, login))
            url = (known.value("NEXT_PUBLIC_APP_URL") or "").strip().rstrip("/")
            page = (
                pool.submit(prober.ask, Probe(f"{url}{login}", tries="at NEXT_PUBLIC_APP_URL"), keep=True)
                if url
                else None
            )
            calls = [served.call_from(f"{scheme}://{domain}", login) for domain in known.domains]
            replies = tuple(zip(known.domains, pool.map(prober.ask, calls), strict=True))
            found = page.result() if page else None
        production = self.store.get(PRODUCTION_STATE)
        live = production.in_production if production else ()
        wrong = served.served_elsewhere(url, found, self.target.identity(), live) if found else None
        return ServedRecord(replies, foreign.result(), wrong, replace(found, text="") if found else None)


def _settle(future: Future[T], work: Callable[[], T]) -> None:
    """Give the future the result, or the error, which the check that asks raises."""
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001
        future.set_exception(error)
