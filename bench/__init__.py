"""Side-by-side measurements: what a run costs beside other ways to do the same."""
