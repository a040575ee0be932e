"""One neuron and one layer for one example, in PyTorch."""
