"""Tests of the record: earlier verdicts, the last known good, and what is compared with."""
