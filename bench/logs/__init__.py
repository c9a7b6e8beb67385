"""Side-by-side measurements: what reading a big export costs, compared with other ways to do the same."""
