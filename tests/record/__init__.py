"""Tests of the record: earlier verdicts, the last-good deployment, and what is compared with."""
