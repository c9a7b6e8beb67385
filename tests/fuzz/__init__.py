"""Coverage-guided fuzzing; not part of any test run."""
