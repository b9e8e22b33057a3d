"""What a term means, beside the term: every link to the glossary carries its definition, which book.css shows."""

import re
from html import escape, unescape

GLOSSARY = "book/glossary"
ENTRY = re.compile(r'<dt id="(term-[^"]+)">.*?</dt>\s*<dd>\s*<p>(.*?)</p>', re.DOTALL)
CITATION = re.compile(r'\s*<span class="bibtex-citation".*?</span>', re.DOTALL)
GIVEN = r'(?: data-definition="[^"]*" aria-description="[^"]*")?'  # of a page that is finished already
LINK = re.compile(rf'<a class="reference internal"{GIVEN} href="([^"#]*)#(term-[^"]+)"')


def definitions(glossary: str) -> dict[str, str]:
    """Return the first paragraph of each entry of the built glossary as plain text, by its anchor."""
    return {
        anchor: " ".join(unescape(re.sub(r"<[^>]+>", "", CITATION.sub("", paragraph))).split())
        for anchor, paragraph in ENTRY.findall(glossary)
    }


def defined(text: str, meanings: dict[str, str]) -> str:
    """Return a page whose links to terms carry what they mean, for the eye and for screen readers."""

    def told(link: re.Match[str]) -> str:
        address, anchor = link.groups()
        if anchor not in meanings:
            return link.group()
        meaning = escape(meanings[anchor])
        return (
            f'<a class="reference internal" data-definition="{meaning}" aria-description="{meaning}" '
            f'href="{address}#{anchor}"'
        )

    return LINK.sub(told, text)
