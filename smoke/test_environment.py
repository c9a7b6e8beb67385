"""The production environment is complete, and the running app uses it.

Source: launch checklist 117d, step 1.
"""

import pytest

from fixtures.environment import ProductionEnvironment, RunningApp
from postdeploy.readiness.audit import Setting
from postdeploy.readiness.served import Origin

pytestmark = pytest.mark.smoke


def test_the_variable_is_right_in_production(setting: Setting) -> None:
    """Is set in Production, and well-formed as far as its value may be read."""
    assert setting.problem is None


def test_no_secret_has_a_public_name(environment: ProductionEnvironment) -> None:
    """No secret has a NEXT_PUBLIC_ name."""
    assert environment.public_secrets == ()


def test_the_browser_gets_no_secret_key(running_app: RunningApp) -> None:
    """The scripts served to every browser contain no service-role key."""
    assert "service_role" not in running_app.key_roles


def test_the_bundle_uses_the_configured_auth_service(
    environment: ProductionEnvironment, running_app: RunningApp
) -> None:
    """The served bundle contains the configured address and key of the auth service."""
    assert environment.differs(running_app.bundle) == []


def test_the_app_url_serves_this_deployment(running_app: RunningApp) -> None:
    """The host of NEXT_PUBLIC_APP_URL serves this deployment."""
    assert running_app.app_url_leads_elsewhere is None


def test_server_actions_accept_every_production_domain(running_app: RunningApp) -> None:
    """Server Actions accept calls from every production domain."""
    assert running_app.refused_domains == []


def test_server_actions_refuse_a_foreign_origin(running_app: RunningApp) -> None:
    """Server Actions reject calls from a page of another site."""
    assert running_app.foreign_origin is Origin.REFUSED
