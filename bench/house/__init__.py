"""The shape of the project in figures: modules, names, layers, sizes, words, start-up. `python -m bench.house`."""
