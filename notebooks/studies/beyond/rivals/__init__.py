"""Searches behind one ask/tell: those of the other chapters, of well-kept libraries, and hybrids of two."""
