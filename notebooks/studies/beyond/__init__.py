"""Which search for which goal: evolution beside the rivals that the papers never met, and hybrids of the two."""
