"""Tests of the tools themselves: the harness, the house, the data sets, the command."""
