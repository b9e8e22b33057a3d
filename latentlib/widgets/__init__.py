"""What one moves in Jupyter; needs ipywidgets, which `import latentlib` does not load."""
