"""One neuron and one layer for one example: plain Python first, then NumPy."""
