"""Going back to an earlier deployment.

plan    what it would do, and what it would not: pure
act     one write, then looking until production is what was asked for
report  what was done, written and read again: reports/rollback.json
proof   what production was rolled back to, and how that is known
lock    one at a time on one machine
"""
