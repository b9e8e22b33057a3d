"""Widgets for Jupyter; they need ipywidgets, which `import latentlib` does not load."""
