"""With this file in it, pytest makes the folder's `known_draws` and `small` importable."""
