"""Commands of `nn-parity` that have a file of their own."""
