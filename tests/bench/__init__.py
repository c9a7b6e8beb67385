"""The bench: its arithmetic, its pages, the figures of the house."""
