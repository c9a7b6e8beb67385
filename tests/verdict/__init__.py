"""What follows from the findings: the verdict and the recommendation."""
