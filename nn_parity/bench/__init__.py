"""Speed beside PyTorch: what is timed and how, a run as a file, and the report made of runs."""
