"""How Vercel is asked, what its answers mean, and what changes it."""
