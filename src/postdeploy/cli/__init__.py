"""Which commands are there?

main         the entry point: which module holds which command
doctor       postdeploy doctor: what is configured, what is missing and how to get it
runbook      postdeploy runbook: the effective configuration, each value with its source
environment  postdeploy env
logs         postdeploy logs
deployments  postdeploy deployments
rollback     postdeploy rollback
canary       postdeploy canary
watch        postdeploy watch
launch       postdeploy launch: its checklist, and the commands that its steps run
"""
