"""Which commands are there?

main         the entry point
doctor       what is configured, what is missing and how to get it
runbook      postdeploy runbook
environment  postdeploy env
logs         postdeploy logs
deployments  postdeploy deployments
rollback     postdeploy rollback
"""
