"""Print the built book into one PDF file, by Chromium: a title, contents with page numbers, all pages in their order.

Usage: `python tools/print_book.py`, after `make book`. Links between pages stay links within the file.
"""

import posixpath
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

import book_home
import yaml
from book_checks import BookError

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))  # the one place that starts Chromium

import chromium  # noqa: E402

ARTICLE = re.compile(r"<article\b[^>]*>(.*)</article>", re.DOTALL)
STYLE = re.compile(r'<link [^>]*href="([^":]+\.css[^"]*)"[^>]*>')
SCRIPT = re.compile(r'<script[^>]*src="([^":]*(?:vendor/mathjax|live-loader)[^"]*)"[^>]*></script>')
MATHJAX = re.compile(r"<script>window\.MathJax = .*?</script>", re.DOTALL)
TARGET = re.compile(r'\b(id|for|aria-labelledby|aria-describedby)="([^"]+)"')
SOURCE = re.compile(r'\b(src|poster)="([^":]+)"')
LINK = re.compile(r'\bhref="([^":]*)"')
HEADING = re.compile(r"(</?h)([1-5])\b")
PLACE = re.compile(rb"/(part-[\w.~-]+|page-[\w.~-]+)\s*\[\s*(\d+) 0 R")
FOOT = '<div style="font: 8px sans-serif; width: 100%; text-align: center"><span class="pageNumber"></span></div>'
PAPER = {"format": "A4", "margin": {"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"}}
RUN = """async () => {  // every live figure as it looks after some generations
    const pause = () => new Promise(resumed => setTimeout(resumed, 20));
    for (const root of document.querySelectorAll('.latent-live')) {
        await root.latentHands?.refresh();
        const step = [...root.querySelectorAll('button')].find(button => button.textContent === 'One step');
        for (let i = 0; step && i < 12; i++) {
            step.click();
            do await pause(); while (root.latentLive.busy);
        }
    } }"""
DRAWN = """() => Promise.all([...document.images].map(image => {
    image.loading = 'eager';
    return image.decode().catch(() => 0); }))"""


def slug(name: str) -> str:
    """Return the name of a page's place in the file."""
    return "page-" + name.replace("/", ".")


def chapter(html: Path, name: str, names: list[str]) -> str:
    """Return a page's article as a chapter of the one file: its places renamed, its links turned inwards."""
    found = ARTICLE.search((html / f"{name}.html").read_text())
    text = found.group(1) if found else ""
    folder, here = posixpath.dirname(name), slug(name)

    def source(match: re.Match[str]) -> str:
        return f'{match.group(1)}="html/{posixpath.normpath(posixpath.join(folder, match.group(2)))}"'

    def link(match: re.Match[str]) -> str:
        address, _, place = match.group(1).partition("#")
        page = posixpath.normpath(posixpath.join(folder, address)).removesuffix(".html") if address else name
        if page not in names:
            return ""  # a file of the site that the PDF does not hold
        return f'href="#{slug(page)}{"~" * bool(place)}{place}"'

    text = LINK.sub(link, SOURCE.sub(source, text))
    text = TARGET.sub(
        lambda match: f'{match.group(1)}="{" ".join(f"{here}~{id}" for id in match.group(2).split())}"', text
    )
    text = HEADING.sub(lambda match: f"{match.group(1)}{int(match.group(2)) + 1}", text)
    return f'<section class="chapter" id="{here}">{text}</section>'


def parts(toc: Path) -> list[tuple[str, list[str]]]:
    """Return the parts of the table of contents with their pages; the first has no title and holds the introduction."""
    content = yaml.safe_load(toc.read_text())
    groups = content.get("parts", [{"caption": "", "chapters": content.get("chapters", [])}])
    return [("", [content["root"]]), *((group["caption"], listed(group["chapters"])) for group in groups)]


def listed(chapters: list[dict[str, Any]]) -> list[str]:
    """Return the pages of a part, in order."""
    return [name for item in chapters for name in (item["file"], *listed(item.get("sections", [])))]


def title_of(html: Path, name: str) -> str:
    """Return a page's title in HTML."""
    found = ARTICLE.search((html / f"{name}.html").read_text())
    title = re.search(r"<h1>(.*?)<a class=\"headerlink", found.group(1), re.DOTALL) if found else None
    return re.sub(r"<[^>]+>", "", title.group(1)).strip() if title else name


def whole(root: Path, html: Path, toc: list[tuple[str, list[str]]], numbers: dict[str, int]) -> str:
    """Return the whole book as one page of HTML that lies beside the folder `html`."""
    names, home = [name for _, group in toc for name in group], book_home.read(root)
    first = (html / f"{names[0]}.html").read_text()
    all_pages = [(html / f"{name}.html").read_text() for name in names]
    folder = posixpath.dirname(names[0])
    inside = lambda path: "html/" + posixpath.normpath(posixpath.join(folder, path))  # noqa: E731
    styles = "".join(f'<link rel="stylesheet" href="{inside(path)}">\n' for path in STYLE.findall(first))
    styles += '<link rel="stylesheet" href="html/_static/whole.css">\n'
    scripts = {
        "html/" + posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        for name, text in zip(names, all_pages, strict=True)
        for path in SCRIPT.findall(text)
    }
    loaded = settings.group() if (settings := MATHJAX.search(first)) else ""
    loaded += "".join(f'<script defer src="{path}"></script>\n' for path in sorted(scripts))
    contents, body = [], []
    for caption, group in toc:
        if caption:
            place = "part-" + re.sub(r"\W+", "-", caption)
            contents.append(f'<li class="part"><a href="#{place}">{escape(caption)}</a></li>')
            body.append(f'<h1 class="part" id="{place}">{escape(caption)}</h1>')
        for name in group:
            number = numbers.get(slug(name), "")
            line = f'<a href="#{slug(name)}">{title_of(html, name)}</a><span class="dots"></span><span>{number}</span>'
            contents.append(f"<li>{line}</li>")
            body.append(chapter(html, name, names))
    cover = f"<h1>{escape(home.title)}</h1><p>{escape(', '.join(home.authors))}</p>"
    cover += f"<p>{escape(book_home.edition(root, home))}</p><p>{escape(home.url)}</p>"
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-content_root="html/">\n<head>\n'
        f'<meta charset="utf-8"><title>{escape(home.title)}</title>\n{styles}{loaded}</head>\n'
        f'<body class="whole"><header class="cover">{cover}</header>\n'
        f'<nav class="places" aria-label="Contents"><h1>Contents</h1><ul>{"".join(contents)}</ul></nav>\n'
        f'<main class="bd-content"><article class="bd-article bd-article-container">{"".join(body)}</article></main>\n'
        "</body></html>\n"
    )


def page_numbers(pdf: bytes) -> dict[str, int]:
    """Return the page, from 1, of each chapter: Chromium lists places by name, and pages in the order of their tree."""
    kids = {
        int(number): [int(kid) for kid in re.findall(rb"(\d+) 0 R", found)]
        for number, found in re.findall(rb"(\d+) 0 obj\s*<<[^>]*?/Type /Pages[^>]*?/Kids \[([^\]]*)\]", pdf)
    }
    inner = {kid for group in kids.values() for kid in group}
    order: list[int] = []

    def walk(node: int) -> None:
        for kid in kids[node]:
            walk(kid) if kid in kids else order.append(kid)

    for top in kids.keys() - inner:
        walk(top)
    return {name.decode(): order.index(int(page)) + 1 for name, page in PLACE.findall(pdf) if int(page) in order}


def printed(root: Path, toc: list[tuple[str, list[str]]], target: Path) -> dict[str, int]:
    """Print these pages of the built book into a PDF file, and return the page at which each begins."""
    build, numbers = root / "_build", dict[str, int]()
    source = build / "whole.html"
    with chromium.served(build) as address, chromium.started() as browser:
        page = chromium.watched(browser)
        page.emulate_media(media="print", reduced_motion="reduce")
        for _ in range(2):  # the first time to see on which page each chapter begins
            source.write_text(whole(root, build / "html", toc, numbers))
            page.goto(f"{address}/whole.html", wait_until="load")
            page.evaluate("() => window.MathJax?.startup?.promise")
            page.evaluate(DRAWN)
            page.evaluate(RUN)
            pdf = page.pdf(
                **PAPER,
                outline=True,
                tagged=True,
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=FOOT,
            )
            numbers = page_numbers(pdf)
        if page.complaints:
            raise BookError(f"while printing: {page.complaints[0]}")
    source.unlink()
    target.write_bytes(pdf)
    return numbers


if __name__ == "__main__":
    if not (ROOT / "_build" / "html" / "index.html").exists():
        sys.exit("pdf: there is no built book; run `make book`")
    began = printed(ROOT, parts(ROOT / "_toc.yml"), ROOT / "_build" / "book.pdf")
    print(f"{ROOT / '_build' / 'book.pdf'}: {len(began)} places, the last of them on page {max(began.values())}")
