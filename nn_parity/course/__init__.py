"""The learner's path: what to write next, hints, progress, reports."""
