"""What is this run: its options, its evidence, its log?

run           everything that is read once, and the evidence of the current check
log_options   what the options say about logs
log_access    how a run reads its deployment's log
log_watch     the log, watched while the checks run
session       the signed-in session that all checks share
"""
