"""Which commands are there?

main               the entry point: which module holds which command
doctor             postdeploy doctor: what is configured, what is missing and how to get it
runbook            postdeploy runbook: the effective configuration, each value with its source
environment        postdeploy env
logs               postdeploy logs
deployments        postdeploy deployments
rollback           postdeploy rollback
canary             postdeploy canary
watch              postdeploy watch
launch             postdeploy launch: its checklist, and the commands that its steps run
launch_steps       how each of them is carried out
launch_processes   the child processes of a launch
child              a child process that any other command waits for
smoke              postdeploy smoke: a run by its address, in a folder of any kind
verdict            postdeploy verdict: what a gate asks
notify             postdeploy notify
report             postdeploy report: report.html, built again
check              postdeploy check: Vercel's Deployment Checks
github             postdeploy github: the steps of the GitHub Action
github_rollback    the step that asks whether a rollback may be carried out
workflow_mistakes  how a step says that its workflow is mistaken
install_browser    postdeploy install-browser
doctor_items       the lines of postdeploy doctor
doctor_attempts    postdeploy doctor --base-url: what is configured, tried there
starter            postdeploy doctor --init: a short runbook.toml
mistakes           a mistake or an obstacle, with its cure and its exit code
"""
