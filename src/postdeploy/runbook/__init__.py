"""What is configured?

tables             the runbook as values: the app's paths, selectors, parts, checks
log_tables         how a log is read and judged: patterns, amounts, thresholds, known noise
readiness_tables   what must be ready outside the inbox: variables, cron routes, webhooks
deployment_tables  the record, drift, comparison runs and rollbacks
reading            runbook.toml as values, overlaid on the packaged defaults
environment        the environment and .env as values
parts              which parts a run leaves out, and why
"""
