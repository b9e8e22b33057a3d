"""The chapter's experiments: each turns one cell, a `Settings`, into the rows of its table."""
