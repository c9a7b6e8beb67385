"""The source `vercel`: the platform's live stream, joined with whichever history the account has.

source = VercelLogs(access, deployment.id, owner=deployment.owner)
for news in source.read(since, done): ...
"""
