"""Which deployment is verified, and whether Vercel agrees."""

import pytest

from fixtures.production import Production

pytestmark = pytest.mark.smoke


def test_the_address_serves_the_deployment_that_vercel_reports(production: Production) -> None:
    """The address serves the deployment that Vercel reports for it."""
    assert production.served in production.named


def test_the_production_domain_belongs_to_the_production_deployment(production: Production) -> None:
    """The production domain is assigned to the project's production deployment."""
    assert production.misassigned == ""
