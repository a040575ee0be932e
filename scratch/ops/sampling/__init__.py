"""Sampling: from scores for every token to the one that is written."""
