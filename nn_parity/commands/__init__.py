"""The larger commands of `nn-parity`, each in a file of its own."""
