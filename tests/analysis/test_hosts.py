"""A host names a trouble where it is a service's, and one instance of it where it is a customer's."""

from __future__ import annotations

import pytest

from postdeploy.analysis.fingerprint import words
from postdeploy.analysis.hosts import service

SENTENCES = (
    "Error: request to https://{}/v1/x failed",
    "Error: getaddrinfo ENOTFOUND {}",
    "Error: delivery to {} returned 410",
    "FetchError: [POST] \"https://{}/x\": 422 Unprocessable Entity",
    "TypeError: fetch failed\n    at a (/var/task/1.js:1:1) {{\n  host: '{}'\n}}",
)  # fmt: skip
CUSTOMERS = {
    "shops": ("annas-shop.myshopify.com", "bob-bikes.myshopify.com", "zoe-art.myshopify.com", "kiosk.myshopify.com"),
    "mail servers": ("imap.acme.de", "mail.globex.com", "imap.initech.io", "mx1.umbrella.co.uk"),
    "web pages": ("acme.de", "www.globex.com", "initech.io", "umbrella.co.uk"),
    "webhooks": ("hooks.acme.de", "n8n.globex.com", "hook.eu1.make.com", "umbrella.app.n8n.cloud"),
    "profiles": ("www.linkedin.com", "linkedin.com", "de.linkedin.com", "uk.linkedin.com"),
    "help desks": ("acme.zendesk.com", "globex.zendesk.com", "initech.zendesk.com", "umbrella.zendesk.com"),
    "regions": (
        "s3.eu-central-1.amazonaws.com",
        "s3.us-east-1.amazonaws.com",
        "b.s3.amazonaws.com",
        "s3.amazonaws.com",
    ),
}
SERVICES = {
    "APIs": ("api.openai.com", "api.stripe.com", "api.hubapi.com", "slack.com"),
    "hooks": ("hooks.slack.com", "smtp.sendgrid.net", "server.smartlead.ai", "o1.ingest.sentry.io"),
    "of one company": ("gmail.googleapis.com", "sheets.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com"),
    "of one cloud": ("s3.eu-central-1.amazonaws.com", "sqs.eu-central-1.amazonaws.com", "email.amazonaws.com", "rds.amazonaws.com"),
    "of the app": ("api.acme.app", "billing-api.acme.app", "db.acme.app", "graphql.acme.app"),
    "within": ("search.internal", "mailer.internal", "crm.svc", "render.local"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("hosts", CUSTOMERS.values(), ids=CUSTOMERS)
def test_the_hosts_of_four_customers_are_one_error(sentence: str, hosts: tuple[str, ...]) -> None:
    assert len({words(sentence.format(host)) for host in hosts}) == 1


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("hosts", SERVICES.values(), ids=SERVICES)
def test_four_services_are_four_errors(sentence: str, hosts: tuple[str, ...]) -> None:
    assert len({words(sentence.format(host)) for host in hosts}) == len(hosts)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("acme.de", "…"),
        ("acme.de:5432", "acme.de:5432"),
        ("orders.acme.de:5432", "orders.acme.de:5432"),
        ("localhost:3000", "localhost:3000"),
        ("10.0.0.5:6379", "…:6379"),
        ("kqzvxwmnbtrplsdfghjc.supabase.co", "supabase.co"),
        ("db.kqzvxwmnbtrplsdfghjc.supabase.co:5432", "db.supabase.co:5432"),
        ("api.acme.co.uk", "api.acme.co.uk"),
    ],
)
def test_a_service_is_named_by_its_domain(host: str, expected: str) -> None:
    assert service(host) == expected


def test_an_address_without_a_scheme_names_its_service() -> None:
    assert words("Error: profile linkedin.com/in/anna is private") == "Error: profile linkedin.com is private"
    assert words("Error: page acme.de/about is private") == "Error: page … is private"
