"""The platform's endpoints and what every request to them goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.logs import Logs
from sandbox.platform import aliases, events, request_logs, runtime_logs
from sandbox.platform import deployments as views
from sandbox.platform.act_routes import FAILED, ActRoutes
from sandbox.platform.acts import Acts, Write
from sandbox.platform.check_routes import CheckRoutes, Checks
from sandbox.platform.environment import Environment, EnvironmentRoutes
from sandbox.platform.errors import NO_ROUTE, NOT_A_MEMBER, PlatformError, bad_request, not_found
from sandbox.platform.log_access import admit
from sandbox.platform.promotions import Promotions
from sandbox.platform.rolling_routes import RollingRoutes
from sandbox.platform.tokens import authenticate, is_anonymous

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from sandbox.deployments import Deployment, Deployments
    from sandbox.logs.plan import History
    from sandbox.platform.projects import Project
    from sandbox.platform.tokens import Account


class Platform:
    """One account, its team, the team's project and the project's deployments, behind the Vercel API."""

    def __init__(self, account: Account, project: Project, deployments: Deployments, logs: Logs | None = None) -> None:
        self.account = account
        self.project = project
        self.team = project.team
        self.deployments = deployments
        self.environment = Environment()
        self.logs = logs or Logs(deployments.clock)
        self.promotions = Promotions(deployments, account)
        self.checks = Checks()
        self.writes: list[Write] = []
        """The writes it received, in order."""
        self.unreadable_states = 0
        """So many questions for the state are answered 500 from now on."""

    @property
    def acts(self) -> Acts:
        """How it reacts to a promotion or rollback."""
        return self.promotions.acts

    @acts.setter
    def acts(self, acts: Acts) -> None:
        self.promotions.acts = acts

    def restore(self) -> None:
        """Forget every promotion and rollback."""
        self.promotions.restore()
        self.checks = Checks()
        self.writes.clear()
        self.unreadable_states = 0

    @property
    def rebuilds(self) -> int:
        """How often it was asked to build a deployment (again)."""
        return sum(write.path == "/v13/deployments" for write in self.writes)

    def application(self) -> web.Application:
        """The platform as an aiohttp application."""
        application = web.Application(middlewares=[_refusals, self._remember, self._unreadable])
        application.add_routes(
            [
                web.get("/v2/user", self._user),
                web.get("/teams/{team}", self._team),
                web.get("/v2/teams/{team}", self._team),
                web.get("/v9/projects/{project}", self._project),
                web.get("/v6/deployments", self._list),
                web.get("/v7/deployments", self._list),
                web.get("/v13/deployments/{deployment}", self._deployment),
                web.get("/v11/deployments/{deployment}/builds", self._builds),
                web.get("/v4/aliases/{alias}", self._alias),
                web.get("/projects/{project}/production-deployment", self._production),
                web.get("/v1/projects/{project}/deployments/{deployment}/runtime-logs", self._runtime_logs),
                web.get("/api/logs/request-logs", self._request_logs),
                web.post("/v1/observability/events", self._events),
            ]
        )
        application.add_routes(EnvironmentRoutes(self, self.environment).routes())
        application.add_routes(ActRoutes(self, self.promotions).routes())
        application.add_routes(RollingRoutes(self).routes())
        application.add_routes(CheckRoutes(self).routes())
        application.on_response_prepare.append(self._date)
        return application

    async def _user(self, request: web.Request) -> web.Response:
        authenticate(request, self.account)
        return web.json_response({"user": self.account.public()})

    async def _team(self, request: web.Request) -> web.Response:
        authenticate(request, self.account)
        if not self.team.named(request.match_info["team"]):
            raise NOT_A_MEMBER
        return web.json_response(self.team.public())

    async def _project(self, request: web.Request) -> web.Response:
        self.require_project(request, request.match_info["project"])
        return web.json_response(self.shown_project())

    def shown_project(self) -> dict[str, object]:
        """The project as it is now."""
        return self.project.public(self.deployments, self.promotions)

    def shown_deployment(self, deployment: Deployment) -> dict[str, object]:
        """A deployment as the team sees it."""
        return views.shown(deployment, self.deployments, self.project, self.account)

    async def _list(self, request: web.Request) -> web.Response:
        self.require_project(request, request.query.get("projectId", self.project.id))
        entries = [self._listed(each) for each in self.deployments.newest_first]
        return web.json_response(views.page(entries, request.query))

    async def _deployment(self, request: web.Request) -> web.Response:
        """One deployment by its id, its host or a domain; a client of another team sees less of it."""
        found = self._found(request.match_info["deployment"])
        if is_anonymous(request):
            if found is None:
                raise not_found("Deployment")
            return web.json_response(views.anonymous(found, self.deployments))
        authenticate(request, self.account)
        self.team.require(request, "Deployment")
        if found is None:
            raise not_found("Deployment")
        return web.json_response(self.shown_deployment(found))

    async def _builds(self, request: web.Request) -> web.Response:
        """The builds of a deployment; the command asks for them and can do without."""
        authenticate(request, self.account)
        self.team.require(request, "Deployment")
        if self._found(request.match_info["deployment"]) is None:
            raise not_found("Deployment")
        return web.json_response({"builds": []})

    def _found(self, name: str) -> Deployment | None:
        found = self.deployments.find(name)
        return None if found is None or found.deleted else found

    async def _alias(self, request: web.Request) -> web.Response:
        authenticate(request, self.account)
        self.team.require(request, "Alias")
        alias = request.match_info["alias"]
        found = self.deployments.at(alias)
        if found is None:
            raise not_found("Alias")
        return web.json_response(aliases.shown(alias, found, self.deployments, self.project))

    async def _production(self, request: web.Request) -> web.Response:
        self.require_project(request, request.match_info["project"])
        found = self.deployments.production
        if found is None:
            raise not_found("Deployment")
        return web.json_response({"deployment": {"id": found.id, "url": self.deployments.host(found)}})

    async def _runtime_logs(self, request: web.Request) -> web.StreamResponse:
        """The live stream of one deployment."""
        self.require_project(request, request.match_info["project"])
        found = self.deployments.find(request.match_info["deployment"])
        if found is None:
            raise not_found("Deployment")
        await admit(self.logs)
        return await runtime_logs.follow(request, self.logs, found.id)

    async def _request_logs(self, request: web.Request) -> web.Response:
        """The older history."""
        self._require_history("63")
        self.require_project(request, request.query.get("projectId", ""))
        if not self.team.named(request.query.get("ownerId", "")):
            raise NOT_A_MEMBER
        await admit(self.logs)
        return web.json_response(request_logs.page(self.logs, request.query))

    async def _events(self, request: web.Request) -> web.Response:
        """The newer history."""
        self._require_history("64")
        authenticate(request, self.account)
        self.team.require(request, "Project")
        await admit(self.logs)
        try:
            question = events.understand(await request.json(), self.project)
        except ValueError:
            raise bad_request("Invalid JSON") from None
        return web.json_response(events.answer(question, self.logs, self.project))

    def require_project(self, request: web.Request, name: str) -> None:
        """Refuse a token that may not see this project, or that names another."""
        authenticate(request, self.account)
        self.team.require(request, "Project")
        if not self.project.named(name):
            raise not_found("Project")

    def _require_history(self, history: History) -> None:
        """Refuse, as an unknown route, what the platform does not have yet or no longer."""
        if self.logs.faults.no_history or history not in self.logs.plan.histories:
            raise NO_ROUTE

    @web.middleware
    async def _remember(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note the write, whether it is carried out or not. Asking for events is a POST that only asks."""
        if request.method not in ("GET", "HEAD") and not request.path.startswith("/v1/observability/"):
            body = (await request.read()).decode(errors="replace")
            self.writes.append(Write(request.method, request.path, request.query_string, body))
        return await handler(request)

    @web.middleware
    async def _unreadable(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Fail to tell the state, as often as it is meant to."""
        asked = request.method == "GET" and any(
            part in request.path for part in ("/projects/", "deployments/", "/alias")
        )
        if asked and self.unreadable_states > 0:
            self.unreadable_states -= 1
            raise FAILED
        return await handler(request)

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Date"] = self.deployments.clock.http_date()

    def _listed(self, deployment: Deployment) -> dict[str, object]:
        return views.listed(deployment, self.deployments, self.project, self.account)


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except PlatformError as refusal:
        return refusal.response()
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        return NO_ROUTE.response()
