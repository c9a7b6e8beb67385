"""How does a run happen inside pytest? Only this folder knows pytest.

A module is loaded when its stage begins.

entry          the hooks of every pytest run, ours or not
project        the hooks of every run in a project of ours
claim          the reports folder of a run that is asked to verify, from its first moment
ending         how its process ends: by its verdict alone
verification   a run that verifies a deployment, from its options to the hooks that carry it out
registration   its parts, which cannot be switched off
stash          what the hooks find in pytest's configuration
canary_run     what pytest -m canary judges in place of a deployment
proofs         what a run proves in place of a deployment
prerequisites  what a rollback would need, looked up while the checks run
cut_off        a run that pytest ends before its checks did
controller     the run as a whole, in the process that a person started
uptime         what the journeys of a watch say of the objective
workers        what a worker learns from that process
recorder       each check, in the process that runs it
driver         the browser's driver, started while the rest is loaded
completion     whether it ran to its end
"""
