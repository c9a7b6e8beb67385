"""A platform that speaks the Vercel API: who asks, for which team, about which project and deployment."""

from sandbox.platform.acts import Acts, Write
from sandbox.platform.projects import Project
from sandbox.platform.router import Platform
from sandbox.platform.teams import Team
from sandbox.platform.tokens import Account

__all__ = ["Account", "Acts", "Platform", "Project", "Team", "Write"]
