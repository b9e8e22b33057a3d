"""Evolved sets as training data: does a small training set gain from what a supervisor selects? (Fernandes et al.)."""

from studies.augmentation.settings import NotebookSettings as Settings

__all__ = ["Settings"]
