"""The platform's endpoints and what every request to them goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.platform import deployments as views
from sandbox.platform.environment import Environment, EnvironmentRoutes
from sandbox.platform.errors import NO_ROUTE, NOT_A_MEMBER, PlatformError, not_found
from sandbox.platform.tokens import authenticate, is_anonymous

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from sandbox.deployments import Deployment, Deployments
    from sandbox.platform.projects import Project
    from sandbox.platform.tokens import Account


class Platform:
    """One account, its team, the team's project and the project's deployments, behind the Vercel API."""

    def __init__(self, account: Account, project: Project, deployments: Deployments) -> None:
        self.account = account
        self.project = project
        self.team = project.team
        self.deployments = deployments
        self.environment = Environment()

    def application(self) -> web.Application:
        """The platform as an aiohttp application."""
        application = web.Application(middlewares=[_refusals])
        application.add_routes(
            [
                web.get("/v2/user", self._user),
                web.get("/teams/{team}", self._team),
                web.get("/v2/teams/{team}", self._team),
                web.get("/v9/projects/{project}", self._project),
                web.get("/v6/deployments", self._list),
                web.get("/v7/deployments", self._list),
                web.get("/v13/deployments/{deployment}", self._deployment),
            ]
        )
        application.add_routes(EnvironmentRoutes(self, self.environment).routes())
        return application

    def require_project(self, request: web.Request) -> None:
        """Refuse a request for something of the project by whoever may not see it, or for another project."""
        authenticate(request, self.account)
        self.team.require(request, "Project")
        if not self.project.named(request.match_info["project"]):
            raise not_found("Project")

    async def _user(self, request: web.Request) -> web.Response:
        authenticate(request, self.account)
        return web.json_response({"user": self.account.public()})

    async def _team(self, request: web.Request) -> web.Response:
        authenticate(request, self.account)
        if not self.team.named(request.match_info["team"]):
            raise NOT_A_MEMBER
        return web.json_response(self.team.public())

    async def _project(self, request: web.Request) -> web.Response:
        self.require_project(request)
        return web.json_response(self.project.public(self.deployments))

    async def _list(self, request: web.Request) -> web.Response:
        authenticate(request, self.account)
        self.team.require(request, "Project")
        if not self.project.named(request.query.get("projectId", self.project.id)):
            raise not_found("Project")
        entries = [self._listed(each) for each in self.deployments.newest_first]
        return web.json_response(views.page(entries, request.query))

    async def _deployment(self, request: web.Request) -> web.Response:
        """One deployment by its id, its host or a domain; strangers are shown less of it."""
        found = self.deployments.find(request.match_info["deployment"])
        if is_anonymous(request):
            if found is None:
                raise not_found("Deployment")
            return web.json_response(views.anonymous(found, self.deployments))
        authenticate(request, self.account)
        self.team.require(request, "Deployment")
        if found is None:
            raise not_found("Deployment")
        return web.json_response(views.shown(found, self.deployments, self.project, self.account))

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
