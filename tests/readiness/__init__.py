"""What surrounds the inbox: the environment, the cron routes, the webhooks."""
