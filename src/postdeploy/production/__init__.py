"""What does production serve?

state         the one value: what the address resolves to, the project, the rolling release, the newest builds; and its readers
roles         what a deployment is to the users: live, canary, staged, …
newer_builds  a newer production build that is not live, and why
domains       a production domain that leads to the wrong deployment
changes       what changed between two states
successor     what is known of the deployment that took over
descriptions  deployments, requests and switches in words
"""
