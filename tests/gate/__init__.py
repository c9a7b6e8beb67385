"""What a pipeline does with a verdict."""
