"""The gate in GitHub Actions."""
