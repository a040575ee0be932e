"""Normalizations: numbers of mean 0 and variance 1, over the batch, over the features or over groups of channels."""
