"""The experiments: each turns settings, the cell of a sweep, into rows of a table."""
