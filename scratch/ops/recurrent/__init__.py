"""Recurrent networks: one step, and whole sequences with the gradient through time written by hand."""
