"""Months of a gate in seconds: deploys, outages, rollbacks and re-runs on a simulated platform, with the record between them."""
