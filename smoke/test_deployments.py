"""Which deployment is measured, and whether production serves it."""

import pytest

from fixtures.production import Production

pytestmark = pytest.mark.smoke


def test_the_address_serves_the_deployment_that_the_platform_names(production: Production) -> None:
    """The address serves the deployment to which it leads according to Vercel."""
    assert production.served in production.named


def test_the_production_domain_belongs_to_the_production_deployment(production: Production) -> None:
    """The production domain leads to the project's production deployment."""
    assert production.misassigned == ""
