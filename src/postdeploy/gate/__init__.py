"""What does a pipeline do with a verdict?

event         which deployment an event of GitHub is about, and whether it is one to verify
liveness      whether that deployment serves production yet
artifacts     what earlier runs left at GitHub: verdicts, rollbacks; who must approve an environment
earlier       the verdicts of earlier runs, and whether one of them answers this event already
ending        how a job ends, by the verdict and by what the pipeline is to do with it
notification  one message per verdict
permission    whether a rollback may be carried out, and by whose decision
"""
