"""Whether what surrounds the inbox is ready: the environment, the cron routes, the webhooks and the admin routes.

shapes, audit, origins      pure: what is wrong with a variable
inventory                   the variables, from the platform or from a dotenv file
prober                      HTTP requests that do no harm, few at a time, counted
cron, endpoints, served     what is asked of the app, and what its answers mean
beside                      all of it in threads beside the browser, once for all processes of a run
configured                  which parts can be measured, and once for what each check is made
"""
