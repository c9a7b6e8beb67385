"""The run inside pytest."""
