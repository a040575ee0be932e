"""Object detection: boxes, how much they overlap, which to keep, and what a grid of cells says about them."""
