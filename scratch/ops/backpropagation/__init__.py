"""The chain rule through whole networks, and how to check a gradient without it."""
