"""Networks trained from start to end. Each file holds one network and one step of its training, and nothing else."""
