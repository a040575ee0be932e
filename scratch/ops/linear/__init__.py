"""The dense layer on a batch: loops, dot products, one matrix product; and two of them with a tanh between."""
