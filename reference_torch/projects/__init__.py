"""The same networks as modules with an optimizer: torch differentiates, torch updates."""
