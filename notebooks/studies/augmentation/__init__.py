"""Evolved sets as training data: does a small training set gain from what a supervisor selects? (Fernandes et al.)."""
