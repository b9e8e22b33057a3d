"""The chapter's experiments: each turns settings, the cell of a sweep, into the rows of its table."""
