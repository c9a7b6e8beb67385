"""The same steps, for each contender."""
