"""How is Vercel asked, and what changes it?

access       who asks: token, team, project
checks       Deployment Checks: whether a deployment may get the domains
client       `Vercel` waits for each answer, `AsyncVercel` does several things at once
clock        Vercel's clock, read from its answers
deployments  deployments, where a domain leads, and when production traffic was switched
errors       what a refusal means, and what to do about it
ids          what an id of Vercel's looks like
project      the project: its production deployment, the last promotion or rollback, automatic assignment
promotions   promote, roll back, automatic assignment: all that moves production's domains
retry        how often a read is repeated
rolling      rolling releases
writes       what is known of a write by its answer
"""
