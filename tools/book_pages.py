"""What the built pages get once Sphinx has written them: heads for search engines and cards, names for controls.

Everything here can be repeated: a page that Sphinx left as it was is finished already.
"""

import json
import re
from html import escape, unescape
from pathlib import Path

from book_home import Home
from book_terms import GLOSSARY, defined, definitions
from book_themes import in_both_themes

MATHJAX = re.compile(r'<script[^>]*src="[^"]*vendor/mathjax[^"]*"[^>]*></script>')
ICONS = re.compile(r'<script[^>]*src="[^"]*scripts/fontawesome[^"]*"[^>]*></script>')
FORMULA = re.compile(r'class="[^"]*\bmath\b|\\\(|\\\[')
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
ABOUT = re.compile(r"<!-- about -->.*?<!-- /about -->\n", re.DOTALL)
EDITION = re.compile(r'<p class="edition">.*?</p>')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ARTICLE = re.compile(r"<article\b.*?</article>", re.DOTALL)
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
CITATION = re.compile(r"<span[^>]*>\[<a [^>]*>[^<]*(?:<em>[^<]*</em>[^<]*)?</a>\]</span>|\[<a .*?</a>\]", re.DOTALL)
DEFINED = re.compile(r"<dd>.*?</dd>", re.DOTALL)
SENTENCE = re.compile(r".{40,190}(?<!Fig)(?<!Figs)(?<! al)[.?!](?=\s|$)", re.DOTALL)
CITE = "book/cite"


def finish(html: Path, names: list[str], home: Home, edition: str) -> None:
    """Finish all pages, and write beside them what the server and search engines ask for.

    Args:
        html: the folder of built pages.
        names: the pages of the table of contents, without suffix, in order.
        home: where the book lives.
        edition: version and date.
    """
    told = {}
    glossary = html / f"{GLOSSARY}.html"
    meanings = definitions(glossary.read_text()) if glossary.exists() else {}
    for path in html.rglob("*.html"):
        name = path.relative_to(html).with_suffix("").as_posix()
        if name in ("index", "404"):
            continue
        before = path.read_text()
        text = in_both_themes(defined(nameable(lighter(before)), meanings), path)
        told[name] = description(text)
        text = dated(about(text, name, told[name], home), name, edition, f"{CITE}.html" if CITE in names else "")
        if text != before:
            path.write_text(text)
    summaries = json.dumps({name: told[name] for name in names if name in told}, ensure_ascii=False)
    (html / "_static" / "summaries.js").write_text(f"window.bookSummaries = {summaries};\n")
    written = beside(names, told, home)
    for name in ("sitemap.xml", "robots.txt"):
        (html / name).unlink(missing_ok=True)  # of a build that had a home
    for name, text in written.items():
        (html / name).write_text(text)


def lighter(text: str) -> str:
    """Return a page without what it does not need.

    MathJax (0.7 MB) goes where there is no formula, since jupyter-book loads it on every page, and so do the theme's
    icons as a script (0.5 MB), since it brings them as fonts, too. Of three equal viewports one is left.
    """
    light = ICONS.sub("", text if FORMULA.search(text) else MATHJAX.sub("", text))
    first = VIEWPORT.search(light)
    return light if first is None else light[: first.end()] + VIEWPORT.sub("", light[first.end() :])


def description(text: str) -> str:
    """Return what a page is about: the first sentences of its first paragraph that is not all in italics."""
    found = ARTICLE.search(text)
    for paragraph in PARAGRAPH.findall(DEFINED.sub("", found.group()) if found else ""):
        if re.fullmatch(r"\s*<em>.*</em>\s*", paragraph, re.DOTALL):
            continue
        plain = " ".join(unescape(re.sub(r"<[^>]+>", "", CITATION.sub("", paragraph))).split())
        sentences = SENTENCE.match(plain)
        if len(plain) >= 40:
            return sentences.group() if sentences else f"{plain[:160].rsplit(' ', 1)[0]} …"
    return ""


def about(text: str, name: str, summary: str, home: Home) -> str:
    """Return a page whose head says what it is about, where it belongs, and how it looks where it is linked."""
    title = TITLE.search(text)
    named = unescape(title.group(1)).split(" — ")[0].strip() if title else ""
    address = f"{home.url}/{name}.html" if home.url else ""
    metas = [("property", "og:title", named), ("property", "og:description", summary), ("property", "og:url", address)]
    metas += [("property", "og:type", "article"), ("property", "og:site_name", home.title)]
    metas += [
        ("name", "description", summary),
        ("name", "twitter:card", "summary_large_image" if address else "summary"),
    ]
    if address:  # a card's picture has to be named with its whole address
        metas += [("property", "og:image", f"{home.url}/_static/card.png")]
        metas += [("property", "og:image:alt", "Rows of small generated images of clothes that turn into given ones")]
    lines = [f'<meta {kind}="{key}" content="{escape(value)}" />' for kind, key, value in metas if value]
    lines += [f'<link rel="canonical" href="{escape(address)}" />'] if address else []
    block = "\n".join(["<!-- about -->", *lines, "<!-- /about -->", ""])
    return ABOUT.sub("", text).replace("</head>", f"{block}</head>", 1)


def dated(text: str, name: str, edition: str, cite: str) -> str:
    """Return a page whose foot tells version and date, and how to cite."""
    link = f' <a href="{"../" * name.count("/")}{cite}">Cite this book</a>.' if cite else ""
    line = f'<p class="edition">{escape(edition)}.{link}</p>'
    if EDITION.search(text):
        return EDITION.sub(lambda _: line, text)
    return text.replace('<p class="component-author">', f'{line}\n<p class="component-author">', 1)


def nameable(text: str) -> str:
    """Return a page in which every control has a name of its own, and no head of a table is empty."""
    text = text.replace('role="doc-biblioentry"', 'role="listitem"')  # the former must not stand in a list any more
    text = text.replace("<th></th>", "<td></td>").replace('<th class="head"><p></p></th>', "<td></td>")
    text = re.sub(r'(search-button-field[^>]*?) title="Search" aria-label="Search"', r"\1", text)  # it has a text
    text = re.sub(
        r'(<a class="[^"]*reference internal"[^>]*>([^<]+)</a><details[^>]*>)<summary>',
        r'\1<summary aria-label="Pages below \2">',
        text,
    )
    text = text.replace(
        'class="bd-sidebar-primary bd-sidebar">',
        'class="bd-sidebar-primary bd-sidebar" role="region" aria-label="The book">',
    )
    text = re.sub(r"<dl>\n(?:<dd><em class=\"sig-param\">.*?</dd>\n?)+</dl>", signature, text, flags=re.DOTALL)
    return numbered(in_rows(text))


def signature(found: re.Match[str]) -> str:
    """Return a long signature's parameters as lines; Sphinx makes them a list of definitions without terms."""
    lines = found.group().replace("<dd>", '<span class="sig-line">').replace("</dd>", "</span>")
    return lines.replace("<dl>", '<span class="sig-lines">').replace("</dl>", "</span>")


def in_rows(text: str) -> str:
    """Return a page in which links and folds within a row that has a name tell that name to screen readers."""

    def told(row: re.Match[str]) -> str:
        of = f'<span class="visually-hidden"> ({row.group(1).upper()})</span>'
        return re.sub(r"(<summary>[^<]+)(</summary>)|(>Where it is shown)(</a>)", rf"\1\3{of}\2\4", row.group())

    return re.sub(r'<tr id="([\w-]+)">.*?</tr>', told, text, flags=re.DOTALL)


def numbered(text: str) -> str:
    """Return a page whose folded cells are told apart by their number."""
    count = iter(range(1, text.count('<summary aria-label="Toggle hidden content">') + 1))

    def told(_: re.Match[str]) -> str:
        number = next(count)
        shut, opened = (f'<p class="{state} admonition-title">' for state in ("collapsed", "expanded"))
        return f"<summary>\n{shut}Show code {number}</p>\n{opened}Hide code {number}</p>\n</summary>"

    return re.sub(r'<summary aria-label="Toggle hidden content">.*?</summary>', told, text, flags=re.DOTALL)


def beside(names: list[str], told: dict[str, str], home: Home) -> dict[str, str]:
    """Return the files that belong to no page, by name: for hosts, for the lost, for search engines."""
    start = f"{names[0]}.html"
    head = '<meta charset="utf-8" />\n<meta name="viewport" content="width=device-width, initial-scale=1" />'
    base = f'\n<base href="{escape(home.url)}/" />' if home.url else ""
    canonical = f'\n<link rel="canonical" href="{escape(home.url)}/{start}" />' if home.url else ""
    index = f'<meta http-equiv="refresh" content="0; url={start}" />{canonical}'
    index += f'\n<meta name="description" content="{escape(told.get(names[0], ""))}" />'
    style = "<style>body { font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; "
    style += "color-scheme: light dark }</style>"
    title = escape(home.title)
    lost = f'<h1>There is no such page</h1>\n<p>It may have moved. <a href="{start}">{title}</a> begins here, and '
    lost += '<a href="search.html">its search</a> looks through every page.</p>'
    files = {
        ".nojekyll": "",  # or GitHub leaves out folders that begin with an underscore
        "index.html": page(f"{head}\n{index}", title, f'<p><a href="{start}">{title}</a></p>'),
        "404.html": page(f'{head}{base}\n<meta name="robots" content="noindex" />\n{style}', "Not found", lost),
    }
    if home.url:
        places = "".join(f"<url><loc>{escape(home.url)}/{name}.html</loc></url>\n" for name in names)
        schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
        files["sitemap.xml"] = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{schema}">\n{places}</urlset>\n'
        files["robots.txt"] = f"User-agent: *\nAllow: /\nSitemap: {home.url}/sitemap.xml\n"
    return files


def page(head: str, title: str, body: str) -> str:
    """Return a page that stands apart from the book's."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n{head}\n<title>{title}</title>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
