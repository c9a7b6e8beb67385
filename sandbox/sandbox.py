"""The sandbox: a whole deployment on loopback, started and stopped as one."""

from __future__ import annotations

import contextlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from sandbox import builds, processes
from sandbox.auth import AuthService, Keys, User
from sandbox.builds import BuildSettings
from sandbox.control import Control
from sandbox.database import SMOKE_USER, Database
from sandbox.deployments import Deployments
from sandbox.edge import Edge
from sandbox.faults import FAULTS
from sandbox.gateway import Gateway
from sandbox.platform import Account, Platform, Project, Team
from sandbox.progress import say, timed
from sandbox.servers import Servers
from sandbox.serving import Loop, Site
from sandbox.state import FAULTS_FILE, KEYS, LOCK, RUNNING, Running, Settings
from sandbox.switches import Switches
from sandbox.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

SMOKE_EMAIL = "smoke@example.test"
RUNBOOK = Path(__file__).with_name("runbook.toml")
FOUNDED = 1_767_225_600_000
"""When team and project were made, in milliseconds."""
