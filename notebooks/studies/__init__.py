"""The studies behind the essays, one package per chapter: settings, plan, experiments and verdicts.

Notebooks show them at quick scale, and `latentlib reproduce` runs them at any scale. The code they share is
`latentlib.study`.
"""
