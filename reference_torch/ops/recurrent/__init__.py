"""Recurrent networks, by torch."""
