"""Rolling back: where to, and how?

prerequisites  what a rollback would need, looked up while all is well
candidates     the rollback target: by the record, according to Vercel, or by name
plan           what a rollback would do, and what it would not restore
act            one write, then waiting for proof that production serves the target
report         what was done: reports/rollback.json, written and read
proof          what production was rolled back to, and how that is known
lock           one rollback at a time on one machine
"""
