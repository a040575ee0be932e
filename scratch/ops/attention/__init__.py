"""Attention: every position of a sequence looks at others, and takes from each as much as it matters."""
