"""The documents: what they promise is what the code does, and people finish them."""
