"""What is this run? The session that the checks share, the log that is watched."""
