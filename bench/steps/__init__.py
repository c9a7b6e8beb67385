"""The same steps, by whoever is measured."""
