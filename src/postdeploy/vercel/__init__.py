"""The platform's API: who asks, how patiently, what a refusal means, and what the clock there says. Only `acts` changes anything.

access = Access(Secret(token), team="team_…", project="prj_…")
with Vercel(access) as vercel:
    deployment = find(vercel, "app.example.com")
    since = switched(vercel, "app.example.com", deployment).at
"""
