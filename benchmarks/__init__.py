"""The rows of the catalogue, timed: `pytest benchmarks`."""
