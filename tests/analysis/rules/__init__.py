"""The rules about logs, a file each: from which amount on they fail a deployment, with which cause, and what only warns."""
