"""Embeddings and positions, by torch."""
