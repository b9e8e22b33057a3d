"""A Sphinx extension: a figure that holds a notebook's table is numbered among the tables, not among the figures.

MyST-NB can give any output a caption, but only as a figure. A name that begins with `tab-` says that it is none.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


class Tabled(nodes.figure):
    """A captioned table of a notebook."""


class Tables(SphinxTransform):
    """Make tables of the figures that are named as such."""

    default_priority = 500

    def apply(self, **_: Any) -> None:
        """Replace the nodes of one page."""
        for figure in list(self.document.findall(nodes.figure)):
            if any(name.startswith("tab-") for name in figure["names"]):
                table = Tabled(figure.rawsource, *figure.children, **figure.attributes)
                table["classes"].append("tabled")
                figure.replace_self(table)
                self.document.ids |= dict.fromkeys(table["ids"], table)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the node, which HTML draws as it draws a figure."""
    html = (lambda writer, node: writer.visit_figure(node), lambda writer, node: writer.depart_figure(node))
    app.add_enumerable_node(Tabled, "table", html=html)
    app.add_transform(Tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
