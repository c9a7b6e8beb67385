"""What is this run: its options, its evidence, its log?

canary_request   what a run of the canary looks at
canary_access    the metrics and the log lines of the canary
options          what it was asked for, as values; its mode
plan             what it is about to do: resolved once, frozen
run              the plan, and what is learnt while it runs
evidence         what the current check has seen
session          the signed-in session that all checks share
log_request      which log is judged, and how
log_access       how it is read
watched_inbox    what the journeys of a watch ended with
log_watch        how it is watched while the checks run
unsafe_evidence  traces and videos, which hold passwords
kill_switch      the kill switch, out of the environment list
watched_log      what the watch ended with, for the checks of every process
log_world        what a log watch needs of the world
"""
