"""Makes `pytest` the checklist; see `parity_tests/harness/plugin.py`."""

pytest_plugins = ["parity_tests.harness.plugin"]
