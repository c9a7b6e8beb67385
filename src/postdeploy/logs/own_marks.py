"""The suite's own requests, of any run on any runner: known by what they say of themselves, wherever a source shows it.

A row of the dashboard's export, a drain or the platform's requests shows the user agent and mostly the query; the live stream
shows neither, but the message of a refused call names its origin and its action, which are ours alone.
"""

from __future__ import annotations

import re

from postdeploy.system.user_agent import PREFIX

NONCE = "postdeploy"
"""The query parameter of every probe."""
UNKNOWN_ACTION = "40" + "0" * 40
"""The id of a Server Action that does not exist: a client that may call actions gets “not found”."""
_IN_QUERY = f"&{NONCE}="
_OWN_AGENT = re.compile(rf"(?:^| ){PREFIX}\d")


def is_own(user_agent: str | None, query: str | None = None) -> bool:
    """Whether a request says that it is the suite's. `query`: with or without `?`."""
    if user_agent and _OWN_AGENT.search(user_agent):
        return True
    return bool(query) and f"&{query}".replace("&?", "&").find(_IN_QUERY) >= 0


def is_own_address(user_agents: object, address: str | None) -> bool:
    """The same where the query is part of the path, and several user agents may be listed."""
    first = user_agents[0] if isinstance(user_agents, list) and user_agents else user_agents
    return is_own(first if isinstance(first, str) else None, (address or "").partition("?")[2])
