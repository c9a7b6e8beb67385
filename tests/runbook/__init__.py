"""runbook.toml, .env, and what is made of them."""
