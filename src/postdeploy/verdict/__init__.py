"""What follows from the findings? The verdict and the recommendation.

verdict         the answer: what to do, with all findings
decision        findings → verdict
table           causes → what they call for
recommendation  what to do about a failed deployment
uncompared      a failure that could not be compared: the record, and what else it may be
comparison      a failing check, run again on the last-good deployment and on this one
recovery        did a rollback help?
canary          is the canary of auto-send revision sound?
"""
