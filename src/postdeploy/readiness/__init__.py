"""Is the app's environment right? Variables, cron routes, webhooks and admin routes.

configured  which parts can be measured, and the subjects for which each check is repeated
shapes      what is wrong with a variable's value
hosts       what is wrong with a list of allowed origins
audit       what is wrong with a variable
inventory   the variables of Production, from the platform
env_file    the variables of Production, from a file
prober      HTTP requests that do no harm, few at a time, counted
refusals    which answers count as a refusal
signatures  how senders sign their requests
cron        asks cron routes without being able to start a job
endpoints   asks webhooks and admin routes with forged requests
served      the keys, address and allowed origins of the running app
probing     all of it while the browser works, once for all processes of a run
"""
