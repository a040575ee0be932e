"""The commands of `nn-parity` that have modules of their own."""
