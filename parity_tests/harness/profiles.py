"""How many examples a check draws, by profile of Hypothesis. Imports nothing: the help of commands says it too."""

EXAMPLES = {"quick": 15, "default": 30, "thorough": 1000}
