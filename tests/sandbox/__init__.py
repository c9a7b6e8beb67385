"""The sandbox is what it claims to be."""
