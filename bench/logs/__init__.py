"""Side-by-side measurements: what reading a big export costs beside other ways to do the same."""
