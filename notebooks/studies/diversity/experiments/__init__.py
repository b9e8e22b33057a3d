"""What the chapter runs: from settings to the rows of a table."""
