"""The experiments of `beyond`: each turns a cell into the rows of a table."""
