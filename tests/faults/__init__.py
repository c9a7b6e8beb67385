"""The fault matrix: every broken state of the sandbox, and what the suite says of it."""
