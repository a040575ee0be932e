"""These tests are about the harness and the tools: where a candidate is judged, or chosen rows, they have no say."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Not even imported then: that takes longer than judging a component."""
    about_rows = config.getoption("--rows") or config.getoption("--candidate") != "scratch"
    return True if about_rows and collection_path.suffix == ".py" else None
