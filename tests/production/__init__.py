"""What production serves: the state, and the questions asked of it."""
