"""How does a run happen inside pytest? The only folder that knows pytest.

entry           options and hooks of every pytest run; the rest is loaded only in a run of ours
stash           what the hooks know of each other
comparison_run  the failing checks, run again on two deployments
"""
