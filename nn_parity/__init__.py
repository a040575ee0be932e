"""What exists once: data sets and the tools around the two trees, `scratch` and `reference_torch`."""

__version__ = "0.1.0"
