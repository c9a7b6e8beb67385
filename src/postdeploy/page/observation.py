"""Messages of the page's recorder as journal and screen. Pure, so that it is tested without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from postdeploy.model import Deployment
from postdeploy.page import flight
from postdeploy.page.app.answers import Answers, is_own_page
from postdeploy.page.journal import Exchange, Kind, action_leads_to, is_cancellation
from postdeploy.page.refusals import BlockedRequest, RefusedFile, refused_file
from postdeploy.page.replay import is_made_up, is_replayed
from postdeploy.page.results import failure_in, plain_error
from postdeploy.page.screen import Screen
from postdeploy.runbook.tables import Runbook
from postdeploy.system.gateway import by_the_framework

_REF = re.compile(r"\(ref: ([\w-]+)\)")


@dataclass(slots=True)
class Observation:
    """Everything that one page has shown since the recording began. `at` values are epoch milliseconds."""

    runbook: Runbook
    origin: str
    answered_actions: set[str] = field(default_factory=set)
    """Request ids of Server Actions that were answered to any page of this run."""
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    answers: Answers = field(init=False)
    """What the app's successful answers say."""
    screen: Screen = field(default_factory=Screen)
    moved_at: float = 0.0
    """When the page last changed, or a request last began or ended."""
    alive_at: float = 0.0
    """When the recorder last reported; it does so every second unless a script blocks the page."""
    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    """Errors that nothing caught, of the page's own scripts."""
    bystander_errors: list[str] = field(default_factory=list)
    """Those of others' scripts, the browser's own notices, and what the page recovers from by itself: never a cause."""
    bystander_lines: list[str] = field(default_factory=list)
    """What others' scripts write to the console as errors."""
    refused_files: list[RefusedFile] = field(default_factory=list)
    """Files of the build that the browser can't use although they arrived."""
    blocked: list[BlockedRequest] = field(default_factory=list)
    """What the page's own content security policy blocks."""
    alerts: dict[str, float] = field(default_factory=dict)
    """What the page said had failed, and when last: it may be gone again."""
    documents: int = 0
    builds: dict[str, tuple[float, Deployment]] = field(default_factory=dict)
    """Document → when it was loaded, and the build that it names."""
    left_behind: set[str] = field(default_factory=set)
    """The requests that an earlier check, or an earlier page, still waited for: what follows does not."""
    cut_short: bool = False
    """An answer was longer than the recorder reads: our own error."""
    crashed: bool = False
    """The process that shows the page is gone."""

    def __post_init__(self) -> None:
        self.answers = Answers(self.runbook)

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """Every request, in the order in which they began, without noise."""
        return tuple(one for _, one in self._in_order())

    def _in_order(self) -> list[tuple[str, Exchange]]:
        return sorted(self.exchanges.items(), key=lambda each: each[1].started)

    @property
    def pending(self) -> tuple[Exchange, ...]:
        """What the page still waits for."""
        return tuple(
            one
            for key, one in self._in_order()
            if one.pending and one.kind is not Kind.OTHER and key not in self.left_behind
        )

    def since(self, at: float) -> tuple[Exchange, ...]:
        """The journal since then, without what earlier checks or pages were still waiting for."""
        left = {key for key in self.left_behind if self.exchanges[key].pending}
        return tuple(one for key, one in self._in_order() if one.started >= at and key not in left)

    def leave_pending(self) -> tuple[Exchange, ...]:
        """What is awaited now belongs to what has been done so far, and not to what comes next. Returns it."""
        left = self.pending
        self.left_behind |= {key for key, one in self.exchanges.items() if one.pending}
        return left

    @property
    def shows_error(self) -> bool:
        """Whether the page shows an error, or asks to sign in."""
        return self.screen.error is not None or self.screen.form

    def is_noise(self, url: str) -> bool:
        """Whether this request is not the app's: another host, or a path that runbook.toml ignores."""
        split = urlsplit(url)
        if f"{split.scheme}://{split.netloc}" != self.origin:
            return True
        return any(re.search(pattern, split.path) for pattern in self.runbook.ignore.paths)

    def is_bystander(self, source: str | None) -> bool:
        """Whether this script is not the app's, by its address. An error that names no script counts as the app's."""
        if source is None:
            return False
        of_the_build = urlsplit(source).path.startswith(self.runbook.app.asset_prefix)
        return not of_the_build and self.is_noise(source)

    def _is_recovered(self, text: str) -> bool:
        return any(re.search(pattern, text) for pattern in self.runbook.ignore.recovered)

    @property
    def uncaught(self) -> list[str]:
        """The first line of each uncaught error, once, of the page's own scripts and of others'."""
        errors = [*self.page_errors, *self.bystander_errors]
        return list(dict.fromkeys(text.split("\n", 1)[0][:160] for text in errors if text))

    # What the page's own recorder says -----------------------------------------------------------------------------

    def take(self, message: dict[str, Any]) -> None:
        """One message of recorder.js."""
        kind = message.get("type")
        self.alive_at = max(self.alive_at, message["at"])
        if kind == "screen":
            self._look(message)
        elif kind == "document":
            self._new_document(message)
        elif kind == "build":
            self._name_build(message)
        elif kind == "console":
            self._complain(message)
        elif kind == "uncaught":
            harmless = self.is_bystander(message.get("source")) or self._is_recovered(message["text"])
            (self.bystander_errors if harmless else self.page_errors).append(message["text"])
        elif kind == "refused":
            self._refuse(refused_file(message))
        elif kind == "blocked":
            self.blocked.append(BlockedRequest(message["directive"], message["uri"]))
        elif kind == "request":
            self._ask(message)
        elif message.get("id") in self.exchanges:
            {"answer": self._answer, "body": self._body, "failure": self._fail}.get(str(kind), lambda _: None)(message)

    def _look(self, message: dict[str, Any]) -> None:
        screen = self.screen = self._without_quotes(Screen.read(message["screen"]))
        self.alerts.update(dict.fromkeys(screen.alerts, message["at"]))
        self.answers.look(screen.app)
        self.moved_at = max(self.moved_at, message["at"])

    def _without_quotes(self, screen: Screen) -> Screen:
        """People write about errors, too: what they wrote is none of the page's."""
        crash, banner = (said and not self.answers.quote(said) and said for said in (screen.crash, screen.banner))
        return replace(screen, crash=crash or None, banner=banner or None)

    def _new_document(self, message: dict[str, Any]) -> None:
        self.documents += 1
        self.refused_files.clear()
        self.blocked.clear()
        self.moved_at = max(self.moved_at, message["at"])
        for key, exchange in self.exchanges.items():
            if exchange.pending and exchange.kind in (Kind.ACTION, Kind.API, Kind.OTHER):
                failure = None if exchange.status else "the page was left"
                self.exchanges[key] = replace(exchange, failure=failure, cancelled=failure is not None, ms=0.0)

    def _name_build(self, message: dict[str, Any]) -> None:
        if self.is_noise(message["url"]):
            return
        loaded, known = self.builds.get(message["document"], (message["at"], Deployment(self.origin)))
        named = Deployment(
            self.origin, known.deployment_id or message["deployment"], known.build_id or message["build"]
        )
        self.builds[message["document"]] = loaded, named

    def builds_since(self, began: float) -> tuple[Deployment, ...]:
        """The builds that served what the page has shown since then: of the documents loaded since, and of the one before."""
        loaded = sorted(self.builds.values(), key=lambda each: each[0])
        before = [build for at, build in loaded if at < began][-1:]
        return tuple(dict.fromkeys([*before, *(build for at, build in loaded if at >= began)]))

    def _ask(self, message: dict[str, Any]) -> None:
        split = urlsplit(message["url"])
        signs_in = split.path == self.runbook.login.service_path
        if message.get("prefetch") or (self.is_noise(message["url"]) and not signs_in):
            return
        path = split.path + (f"?{split.query}" if split.query else "")
        kind = self._kind(message["action"], split.path, split.query)
        self.exchanges[message["id"]] = Exchange(kind, message["method"], path, message["at"], action=message["action"])
        self.moved_at = max(self.moved_at, message["at"])

    def _kind(self, action: str | None, path: str, query: str) -> Kind:
        if action:
            return Kind.ACTION
        if "_rsc=" in query:  # how the framework asks for a page from within a page: this one, or where a link leads
            return Kind.PAGE if is_own_page(path, self.runbook) else Kind.OTHER
        reads = any(path == read or path.startswith(read + "/") for read in self.runbook.app.reads)
        return Kind.API if reads else Kind.OTHER

    def _answer(self, message: dict[str, Any]) -> None:
        headers: dict[str, str] = message["headers"]
        exchange = self.exchanges[message["id"]]
        landed = urlsplit(message["url"]).path
        earlier = self.answered_actions | {
            one.request_id for one in self.exchanges.values() if one.kind is exchange.kind and one.request_id
        }
        self.exchanges[message["id"]] = replace(
            exchange,
            status=message["status"],
            content_type=headers.get("content-type", "").split(";")[0] or None,
            request_id=headers.get("x-vercel-id") or headers.get("x-request-id"),
            platform_error=headers.get("x-vercel-error"),
            mitigated="x-vercel-mitigated" in headers,
            superseded_action="x-nextjs-action-not-found" in headers,
            replayed=is_replayed(exchange.kind, headers, exchange.started, earlier, self.runbook.deployments.clock)
            or is_made_up(exchange.kind, headers, by_worker=message.get("worker", False)),
            of_the_framework=by_the_framework(headers),
            location=action_leads_to(headers) or (landed if landed != urlsplit(exchange.path).path else None),
            build=headers.get("x-nextjs-deployment-id"),
        )
        if exchange.kind is Kind.ACTION and "x-vercel-id" in headers:
            self.answered_actions.add(headers["x-vercel-id"])
        self.moved_at = max(self.moved_at, message["at"])

    def _fail(self, message: dict[str, Any]) -> None:
        exchange = self.exchanges[message["id"]]
        exchange = replace(exchange, ms=message["at"] - exchange.started)
        if exchange.status is None:  # else it was answered, and the framework cancelled the rest
            failure = str(message["error"])[:120]
            exchange = replace(exchange, failure=failure, cancelled=is_cancellation(failure))
        self.exchanges[message["id"]] = exchange
        self.moved_at = max(self.moved_at, message["at"])

    def _body(self, message: dict[str, Any]) -> None:
        exchange = self.exchanges[message["id"]]
        self.cut_short = self.cut_short or bool(message.get("cut"))
        answer = self._read(exchange, message["body"])
        failure = failure_in(answer, self.runbook.meaning) if exchange.kind is not Kind.PAGE else None
        ref = _REF.search(failure) if failure else None
        self.exchanges[message["id"]] = replace(
            exchange,
            ms=message["at"] - exchange.started,
            error=failure if failure is not None else plain_error(exchange.status, message["body"]),
            digest=answer.digests[0] if answer.digests else None,
            framework_error=answer.framework_error,
            ref=ref[1] if ref else None,
            build=answer.build_id or exchange.build,
            walled=exchange.status == 401 and "Protected deployment" in message["body"],
        )
        self.moved_at = max(self.moved_at, message["at"])
        if failure is None and exchange.status == 200:
            self.answers.learn(message["id"], exchange, answer)
            self.screen = self._without_quotes(self.screen)

    @staticmethod
    def _read(exchange: Exchange, body: str) -> flight.ActionAnswer:
        if exchange.kind is Kind.ACTION or exchange.content_type == flight.CONTENT_TYPE:
            return flight.read(body)
        try:
            value = json.loads(body)
            return flight.ActionAnswer(values=(value,), result=value)
        except ValueError:
            return flight.ActionAnswer()

    # What the browser says about the page ----------------------------------------------------------------------------

    def take_resource(self, key: str, exchange: Exchange, url: str) -> None:
        """A document, script or style sheet that the browser asked for, or its answer."""
        if not self.is_noise(url):
            self.exchanges[key] = exchange
            self.moved_at = max(self.moved_at, exchange.started + (exchange.ms or 0.0))

    def _refuse(self, file: RefusedFile) -> None:
        """A file of the build; one that was answered with an error is missing, which its request says."""
        of_the_build = urlsplit(file.url).path.startswith(self.runbook.app.asset_prefix)
        if of_the_build and not self.is_noise(file.url) and file not in self.refused_files:
            self.refused_files.append(file)

    def _complain(self, message: dict[str, Any]) -> None:
        text = message["text"]
        if not any(re.search(pattern, text) for pattern in self.runbook.ignore.console):
            (self.bystander_lines if self.is_bystander(message.get("source")) else self.console_errors).append(text)

    def crash(self) -> None:
        """The process that shows the page is gone, and the page with it."""
        self.crashed = True
        self.lose_page("the browser's renderer crashed")

    def lose_page(self, why: str) -> None:
        """The page is gone: nothing more will come from it."""
        self.screen = replace(self.screen, failed=why)
