"""Which commands are there?

main         the entry point; doctor and logs
doctor       what is configured, what is missing and how to get it
environment  postdeploy env
deployments  postdeploy deployments
rollback     postdeploy rollback
"""
