"""What readers see of a notebook's data frames: names for people where the stored ones have those of the code.

In Jupyter the frames keep the names that one types; on a page nobody types.
"""

import json
import re
from html import escape, unescape

from book_places import FRAME, outputs

from latentlib.data import CARDS
from latentlib.study.names import spoken

HEAD = re.compile(r"(<th[^>]*>)([^<]+)(</th>)")
CELL = re.compile(r"(<td>)([^<]+)(</td>)")


def worded(content: bytes) -> bytes:
    """Return a notebook whose data frames call columns, data sets and methods what people call them."""
    notebook = json.loads(content)
    frames = [pair for _, *pair in outputs(notebook, "text/html") if FRAME.search(pair[1])]
    for data, html in frames:
        data["text/html"] = FRAME.sub(lambda table: HEAD.sub(head, CELL.sub(cell, table[0])), html)
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode() if frames else content


def head(found: re.Match[str]) -> str:
    """Return a head of a row or a column."""
    return f"{found[1]}{escape(spoken(unescape(found[2])), quote=False)}{found[3]}"


def cell(found: re.Match[str]) -> str:
    """Return a cell: a dash for what is missing, the title of a data set, anything else as it is."""
    if found[2] == "NaN":
        return f"{found[1]}&ndash;{found[3]}"
    return head(found) if found[2] in CARDS else found[0]
