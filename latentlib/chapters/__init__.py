"""The experiments of the chapters: what a notebook shows at quick scale and `latentlib reproduce` runs at any."""
