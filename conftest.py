pytest_plugins = [
    "fixtures.deployment",
    "fixtures.browser",
    "fixtures.login",
    "fixtures.session",
    "fixtures.inbox",
    "fixtures.production",
    "fixtures.environment",
    "fixtures.probes",
    "fixtures.event",
    "fixtures.log",
    "fixtures.recovery",
]
