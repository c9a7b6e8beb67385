"""Attempts at an exit code 0 that nothing proves, and at a FAIL of our own making: as data, a file for each kind.

tries     what is tried, in a sentence: the row's name
exit      what the run must end with
options   of pytest, besides those of a run of the checks that need no browser
environment what is set
runbook   what stands in the runbook → what stands there instead
plugin    the text of a pytest plugin that the run loads
site      how the deployment answers: healthy (default), open (it lets everybody in) or away (503)
says      what the output must contain
unproven  the process ends with 0 before the plugin has a say; then the gate must not believe it
held      another run holds the reports folder
"""
