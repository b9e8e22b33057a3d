"""A small book: its claims, a verdict, a notebook, and a repository made of them."""

import json
from pathlib import Path

import nbformat
from nbformat import v4

ROOT = Path(__file__).parents[2]
CONFIG = """
title: Small
only_build_toc_files: true
execute: {execute_notebooks: "off"}
"""
CLAIM = """
[JK-01]
statement = "Error < 1 on <every> data set."
where = "Table 1"
published = "0.994"
kind = "stated"
numbers = { least = 0.01 }
needs = "> {least}"
units = "targets"
given = "one generator"
shown = "restoring/rates#fig-rates"
rule = "Supported if the interval lies above {least}."

[JK-02]
statement = "Another claim."
where = "section V"
published = "no number"
kind = "implied"
about = "their set-up"
construction = "The best are kept."
needs = ""
units = ""
given = ""
shown = ""
rule = "A rule."
"""
CHANGE = """
[[JK-01]]
date = 2026-11-26
reason = "A rival without the claim passed."
rule = "Supported above < 0."
outcome = "inconclusive"
measured = "0.0123 [-0.0001, 0.0200], n = 8"
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def notebook(*outputs, source="print(1)") -> str:
    book = v4.new_notebook(
        cells=[v4.new_markdown_cell("# A notebook"), v4.new_code_cell(source, outputs=list(outputs))]
    )
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.writes(book)


def verdict(**changed) -> str:
    estimate = {"value": 0.0123, "low": 0.0101, "high": 0.0146, "n": 64}
    made = {"seed": 0, "device": "cpu", "date": "2026-11-22", "commit": "abc123"}
    about = {"claim": "JK-01", "outcome": "supported", "statistic": "mean", "reading": "Nearer than luck."}
    return json.dumps(about | {"estimate": estimate, "scale": "quick", "provenance": made} | changed)


def make(root: Path) -> Path:
    """Write a repository of two pages and a notebook, and return its folder."""
    write(root / "_config.yml", CONFIG)
    write(
        root / "_toc.yml", "format: jb-book\nroot: book/intro\nchapters: [{file: book/other}, {file: notebooks/one}]\n"
    )
    write(root / "book/intro.md", "# Intro\n\n[other](other.md)\n")
    write(root / "book/other.md", "# Other\n\n```{include} generated/scoreboard.md\n```\n")
    write(root / "book/claims/totals.toml", (ROOT / "book/claims/totals.toml").read_text())
    write(root / "book/claims/restoring.toml", CLAIM)
    write(root / "book/results/restoring/verdicts/JK-01.json", verdict())
    write(root / "notebooks/one.ipynb", notebook(v4.new_output("stream", text="stored\n")))
    write(root / "notebooks/.ipynb_checkpoints/one.ipynb", "a checkpoint")
    return root
