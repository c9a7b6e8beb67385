"""Is the canary of auto-send revision sound? (Phase 116e)

exact     exact tests of two shares, and what they can detect
metrics   what one look at the metrics shows
progress  what all looks of a watch add up to
rules     what that means: each rule a function, findings as values
switches  whether the kill switch is on, by the environment list
lines     the errors of the revision path, counted in the log
report    what a watch of the canary ended with
watch     looks again and again until the window has closed, or a rule fails
admin_page  the metrics out of what the admin page copies
sql       the metrics out of the app's database
"""
