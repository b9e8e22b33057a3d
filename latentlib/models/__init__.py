"""The networks of the papers, one file a paper, and the judge that none of them uses as a fitness."""
