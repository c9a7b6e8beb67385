"""Rolling back: where to, and how?

candidates  the rollback target: by the record, according to Vercel, or by name
choice      the best of several deployments, and why the others are not it
prerequisites  what a rollback would need, looked up while all is well
plan        what a rollback would do, and what it would not restore
act         one write, then waiting for proof that production serves the target
report      what was done: reports/rollback.json, written and read
promotion   whether to promote a newer build that is not live
proof       what production was rolled back to, and how that is known
lock        one rollback at a time on one machine
"""
