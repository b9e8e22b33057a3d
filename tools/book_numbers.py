"""A Sphinx extension: tables with captions, in Markdown and in notebooks, numbered among the tables.

A page puts its table, be it Markdown or HTML, into the directive `captioned`, whose argument is the caption. MyST-NB
can give any output of a notebook a caption, but only as a figure. A name that begins with `tab-` says that it is none.
"""

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective


class Tabled(nodes.figure):
    """A captioned table."""


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


class Captioned(SphinxDirective):
    """A table and its caption, in the form that MyST-NB gives those of notebooks."""

    required_arguments, final_argument_whitespace, has_content = 1, True, True
    option_spec: ClassVar[dict[str, Any]] = {"name": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the figure that `Tables` makes a table of."""
        if not self.options.get("name", "").startswith("tab-"):
            raise self.error("a captioned table needs a name that begins with tab-")
        text, _ = self.state.inline_text(self.arguments[0], self.lineno)
        figure = nodes.figure("", nodes.caption(self.arguments[0], "", *text))
        self.state.nested_parse(self.content, self.content_offset, figure)
        self.add_name(figure)
        return [figure]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive, and the node, which HTML draws as it draws a figure."""
    html = (lambda writer, node: writer.visit_figure(node), lambda writer, node: writer.depart_figure(node))
    app.add_enumerable_node(Tabled, "table", html=html)
    app.add_transform(Tables)
    app.add_directive("captioned", Captioned)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
