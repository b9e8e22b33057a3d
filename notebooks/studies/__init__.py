"""The studies behind the essays, one package per chapter: settings, plan, experiments and verdicts.

A notebook shows them at quick scale, `latentlib reproduce` runs them at any. What all of them share is
`latentlib.study`.
"""
