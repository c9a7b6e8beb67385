"""How does a run happen inside pytest? Only this folder knows pytest.

A module is loaded when its stage begins.

entry            the hooks of every pytest run, ours or not
project          the hooks of every run in a project of ours
claim            the reports folder of a run that is asked to verify, from its first moment
unfinished       the verdict that stands until it is finished
ending           how its process ends: by its verdict alone
verification     a run that verifies a deployment, from its options to the hooks that carry it out
registration     its parts, which cannot be switched off
stash            what the hooks find in pytest's configuration
canary_run       what pytest -m canary judges in place of a deployment
proofs           what a run proves in place of a deployment
prerequisites    what a rollback would need, looked up while the checks run
cut_off          a run that pytest ends before its checks did
controller       the run as a whole, in the process that a person started
uptime           what the journeys of a watch say of the objective
workers          what a worker learns from that process
recorder         each check, in the process that runs it
loading          what a run needs, loaded while the browser's driver starts
driver           that driver
completion       whether it ran to its end
options          the options of a project of ours, read once as values
selection        which tests a run is, by its -m expression
collection       which checks it consists of
foreign_root     pytest found another project
emptied_folders  the folders that other plugins empty before a run
preflight        the look at the target before the checks
probing          the probes of the readiness parts
log              the log while the checks run
last_request     when the run makes no more requests
drift            which deployment serves, watched during the checks
pin_guard        before each check, in every process: the pin, and whether another deployment took over
deadline         the end of a run that does not end by itself
interruption     the end of a run by a signal
record           the record of earlier verdicts, read and continued
comparison_run   the failing checks again, on the last-good deployment
remedy           the last-good deployment, and whether a rollback would help
rollback_proof   which rollback pytest -m rollback is to prove
publishing       where a verdict is read
incident_note    the incident note of a run
unsafe_evidence  what the verdict says of traces and videos
terminal         lines on the terminal
streams          the terminal as it was before pytest captured it
watch_progress   how far a watch is
"""
