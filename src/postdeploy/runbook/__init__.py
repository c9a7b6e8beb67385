"""What is configured?

reading            the runbook as a value: packaged defaults < the folder's runbook.toml < --runbook
tables             its tables: the app's paths, selectors, parts, checks
log_tables         how a log is read and judged: patterns, amounts, thresholds, known noise
readiness_tables   what must be ready outside the inbox: variables, cron routes, webhooks
canary_tables      the canary of auto-send revision
warehouse_tables   which columns of a warehouse's table hold what
uptime_tables      the journeys of a watch, and the service level objective
deployment_tables  the record, drift, comparison runs and rollbacks
inbox_lines        how the error lines of the inbox read
app_routes         the app's routes, from its build or its configuration
path_steps         which steps of a path name an instance
found_routes       the same where no runbook names its files
layers             the files that a runbook is made of
validation         what is wrong with a runbook, in a sentence
aliases            earlier spellings of checks, tables, keys and values
checks             which checks a run consists of
effective          every value with the file that it comes from
parts              which parts a run leaves out, and why
environment        the environment and .env as values
wrong_types        what is wrong with a value, in words of TOML
"""
