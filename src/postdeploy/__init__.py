"""Post-deploy verification: keep this deployment, roll it back, or is something else wrong?"""
