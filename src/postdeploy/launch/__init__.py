"""Where is the launch, and what comes next? The runbook's steps as a checklist that goes on where it was.

steps      what a step, a result and the whole checklist are
course     which step comes next, and what follows from a result
results    what an exit code and a verdict say of a step
arrival    whether the wanted deployment is live, is awaited, or never will be
checklist  launch.json and launch.md
"""
