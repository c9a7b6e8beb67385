"""Side-by-side measurements: what a run costs, compared with other ways to do the same."""
