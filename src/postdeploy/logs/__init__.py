"""The runtime logs of a deployment: where they come from, in what shape, and how complete they are."""
