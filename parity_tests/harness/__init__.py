"""The judge and what it needs: rows, inputs, the noise unit, checks, mistakes, the checklist."""
