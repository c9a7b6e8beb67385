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
files     what stands in the folder: name → text, a folder where the name ends with /; {folder} in options is that folder
links     what is a symbolic link: name → where it leads, and what was there is moved to
stdout    where the output goes: to a pipe (default), nowhere (closed), or to a device without room (full)
held      another run holds the reports folder
"""
