"""What `make` does on a fresh machine."""
