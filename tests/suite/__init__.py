"""The suite as others install it."""
