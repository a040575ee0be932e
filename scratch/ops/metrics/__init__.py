"""Metrics: figures that people read, and nobody differentiates. One a file."""
