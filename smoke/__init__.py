"""Checks only, one subject a file. Each is a sentence about the user's world."""
