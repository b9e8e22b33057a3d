"""The scoreboard's rows, bars, findings and downloads, and the same rows in notebooks."""

import csv
import io
import json
import re
from collections import Counter
from html import unescape

import book_claims
import book_findings
import book_places
import book_tables
import pytest
from book_intervals import held
from nbformat import v4
from small_book import ROOT, notebook, verdict, write

from latentlib.study import chapter, claims
from latentlib.study.repository import CHAPTERS

NOTEBOOKS = {
    path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted((ROOT / "notebooks").glob("*/*.ipynb"))
}
FINDINGS = [ROOT / "book/claims/findings.toml", *sorted((ROOT / "book/chapters").glob("*.toml"))]
WITHOUT_THRESHOLD = {"JK-08": "one data set against another", "LI-33": "a published value of its own for each"}


@pytest.fixture(scope="module")
def book():
    """The claims of the book itself."""
    return book_claims.load(ROOT, NOTEBOOKS)


def made(tree, notebooks=None):
    return book_tables.tables(tree, notebooks or {})


def test_a_row_shows_sign_word_interval_and_origin(tree):
    board = made(tree)["scoreboard.md"]
    summary, opened = board.split('id="jk-02"')[0].split("</summary>")
    assert '<span aria-hidden="true">✓</span> supported' in summary
    assert "Error &lt; 1 on &lt;every&gt; data set." in summary
    assert '<span class="claim-n">64 targets</span>' in summary
    assert "<title>0.0123, 95 % interval 0.0101 to 0.0146; needs &gt; 0.01</title>" in summary
    assert "<span>0.0123</span> <span>[0.0101, 0.0146]</span> <span>n = 64 targets</span>" in opened
    assert "Computed at quick scale, 2026-11-22, commit abc123, cpu." in opened
    assert "latentlib reproduce restoring --scale quick" in opened
    assert "not yet decided" in board.split('id="jk-02"')[1]


def test_an_exact_value_shows_no_interval(tree):
    estimate = {"value": 0.0005, "low": 0.0005, "high": 0.0005, "n": 14}
    write(tree / "book/results/restoring/verdicts/JK-01.json", verdict(estimate=estimate))
    assert "<span>0.0005</span> <span>no spread</span> <span>n = 14 targets</span>" in made(tree)["scoreboard.md"]


def test_a_row_tells_rule_kind_condition_and_place(tree):
    board = made(tree)["scoreboard.md"]
    assert (
        "<b>Rule.</b> Supported if the interval lies above 0.01.<small>Given: one generator. This copy has no" in board
    )
    assert '<a href="../notebooks/restoring/rates.html#fig-rates">Figure</a>' in board
    assert "0.994<small>stated, about the method: Table 1</small>" in board
    assert "<small>implied, about their set-up: section V</small>" in board


def test_commits_and_dates_of_a_sweep_are_a_range(tree):
    origin = {
        "date": "2026-11-22, 2026-11-24, 2026-11-23",
        "commit": "abc, fed+, bcd",
        "device": "cpu",
        "seconds": 1234.5,
    }
    write(tree / "book/results/restoring/verdicts/JK-01.json", verdict(provenance=origin))
    assert "2026-11-22 to 2026-11-24, 3 commits, abc among them, cpu, 1,234 s." in made(tree)["scoreboard.md"]


def test_what_holds_by_construction_says_why_and_is_counted_apart(tree):
    stored = verdict(claim="JK-02", outcome="by construction")
    write(tree / "book/results/restoring/verdicts/JK-02.json", stored)
    pages = made(tree)
    assert "<p>It could not fail: The best are kept.</p>" in pages["scoreboard.md"]
    for name in ("summary.md", "kinds.md"):
        assert '<td data-column="✓ supported">1</td><td data-column="= by construction">1</td>' in pages[name]
    stated, implied, _ = (line for line in pages["kinds.md"].splitlines() if line.startswith("<li>"))
    assert 'aria-label="1 claims: 1 supported"' in stated
    assert 'aria-label="1 claims: 1 by construction"' in implied


def test_bars_hold_every_claim_but_rows_only_those_with_a_rule(tree):
    pages = made(tree)
    (restoring,) = [line for line in pages["summary.md"].splitlines() if "Jin" in line and "<li>" in line]
    assert 'aria-label="52 claims: 1 supported, 51 not yet decided"' in restoring
    assert re.findall(r'flex-grow: (\d+)" title="\1 ([a-z ]+)"', restoring) == [
        ("1", "supported"),
        ("51", "not yet decided"),
    ]
    assert '<td data-column="claims">181</td>' in pages["summary.md"]
    assert pages["scoreboard.md"].count('<li class="claim ') == 2


def test_the_downloads_hold_every_row(tree):
    pages = made(tree)
    rows, records = list(csv.DictReader(io.StringIO(pages["scoreboard.csv"]))), json.loads(pages["scoreboard.json"])
    assert [row["id"] for row in rows] == [record["id"] for record in records] == ["JK-01", "JK-02"]
    assert (rows[0]["value"], rows[0]["verdict"], rows[1]["value"]) == ("0.0123", "supported", "")
    assert (records[0]["low"], records[1]["verdict"], records[1]["low"]) == (0.0101, "not yet decided", None)


def frame(tree, **columns):
    """The verdicts of the small book as a notebook's data frame."""
    rules = claims.load_claims(tree / "book/claims/restoring.toml")
    return claims.summary(rules, claims.load_verdicts(tree / "book/results/restoring"), list(rules)).assign(**columns)


def test_a_notebook_shows_the_same_rows_linked_both_ways(tree):
    shown = v4.new_output("execute_result", data={"text/html": frame(tree).to_html(), "text/plain": "a table"})
    told = v4.new_output("display_data", data={"text/markdown": "It is 0.0123 (JK-01, supported)."})
    notebooks = {"notebooks/restoring/one.ipynb": notebook(shown, told).encode()}
    (changed,) = book_claims.with_verdicts(tree, notebooks).values()
    html, text = (next(iter(output["data"].values())) for output in json.loads(changed)["cells"][1]["outputs"])
    board = made(tree, notebooks)["scoreboard.md"]
    assert '<a href="../notebooks/restoring/one.html#jk-01">A notebook</a>' in board
    assert '<a class="claim-id" href="../../book/scoreboard.html#jk-01">JK-01</a>' in html
    assert text == 'It is 0.0123 (<a href="../../book/scoreboard.html#jk-01">JK-01</a>, supported).'
    summaries = [re.findall(r"<summary><span class=\"claim-text.*?</summary>", some) for some in (html, board)]
    assert len(summaries[0]) == 2
    assert summaries[0] == summaries[1]


def test_verdicts_of_another_scale_stay_as_they_were_computed(tree):
    shown = v4.new_output("execute_result", data={"text/html": frame(tree, scale="smoke").to_html()})
    notebooks = {"notebooks/restoring/one.ipynb": notebook(shown).encode()}
    assert book_claims.with_verdicts(tree, notebooks) == notebooks


def test_what_the_rows_replace_in_the_stored_notebooks_says_the_same(book):
    """A row is drawn from the verdict, not from the notebook's output: a stale output would vanish unseen."""
    seen = Counter()
    for path, content in NOTEBOOKS.items():
        for _, _, html in book_places.outputs(json.loads(content), "text/html"):
            for id in book_places.shown(html):
                cells = re.search(rf"<th>{id}</th>\s*(.*?)</tr>", html, re.DOTALL)[1]
                statement, outcome, measured, *_ = map(unescape, re.findall(r"<td>(.*?)</td>", cells))
                row, verdict = book.by_id[id], book.by_id[id].verdict
                value = f"{verdict.estimate} {row.claim.units}".strip() if verdict and verdict.estimate.n else ""
                expected = (row.claim.statement, verdict.outcome if verdict else "not yet run", value)
                assert (statement, outcome, measured) == expected, (path, id)
                seen[id] += 1
    decided = {id for id, row in book.by_id.items() if row.verdict and row.verdict.estimate.n}
    assert decided <= set(seen), "a verdict is shown in no notebook"


def test_a_supported_interval_lies_on_the_right_side_of_the_threshold_drawn_and_a_contradicted_one_does_not(book):
    """Only of these does the drawn interval alone decide: others may be inconclusive because of a rival or a lack."""
    for id, row in book.by_id.items():
        if row.verdict is None or not row.verdict.estimate.n:
            continue
        region = held(row.claim, row.verdict.statistic)
        assert (region is None) == (id in WITHOUT_THRESHOLD), id
        if region and row.outcome in ("supported", "contradicted"):
            inside = region.holds(row.verdict.estimate.low, row.verdict.estimate.high)
            assert inside == (row.outcome == "supported"), id


NUMBER = re.compile("(?<![\\w.])[\N{MINUS SIGN}-]?\\d[\\d,]*(?:\\.\\d+)?%?")


def numbers(text):
    return {number.replace("\N{MINUS SIGN}", "-").rstrip(",") for number in NUMBER.findall(text)}


def from_verdict(number, verdict):
    """Whether a number as it is written is one of the verdict's, rounded to as many digits."""
    scale = 100 if number.endswith("%") else 1
    plain = number.rstrip("%").replace(",", "")
    digits = len(plain.partition(".")[2])
    return any(f"{scale * value:z.{digits}f}" == plain for value in verdict.estimate.numbers().values())


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.stem)
def test_each_number_of_a_finding_is_its_verdicts_or_its_claims(book, path):
    entries = book_findings.load(path)
    assert len(entries) == 5
    for entry in entries:
        rows = [book.by_id[id] for id in entry["verdicts"]]
        told = {row.claim.id: book_findings.Told(row) for row in rows}
        said = book_findings.filled(f"{entry.get('number', '').removeprefix('+')} {entry['sentence']}", told).replace(
            "1 - MSE", ""
        )
        named = {number for row in rows for number in numbers(f"{row.claim.published} {row.claim.rule}")}
        for number in numbers(said):
            assert number in named or any(from_verdict(number, row.verdict) for row in rows), number
        assert any(from_verdict(number, row.verdict) for number in numbers(said) for row in rows)


def test_a_finding_whose_verdict_turned_stops_the_build(tree):
    entry = '[[finding]]\nverdicts = {{ JK-01 = "{}" }}\nnumber = "{{JK-01.value}}"\nunit = ""\n'
    entry += 'sentence = "{{JK-01.n}} {{JK-01.least}}"\n'
    write(tree / "book/claims/findings.toml", entry.format("supported"))
    assert "<p>64 0.01</p>" in made(tree)["findings.md"]
    write(tree / "book/claims/findings.toml", entry.format("contradicted"))
    with pytest.raises(ValueError, match="tells that JK-01 is contradicted, but it is supported: rewrite it"):
        made(tree)


def test_code_and_commands_lead_to_what_decides(book):
    plans = {name: {item.name for item in chapter.load(name).plan("paper", "cpu")} for name in CHAPTERS}
    for id, row in book.by_id.items():
        if row.verdict is None or not row.verdict.estimate.n:
            continue
        code = book.around.codes[id]
        line = (ROOT / code.path).read_text().splitlines()[code.line - 1]
        assert line.startswith(f'@decides("{id}"'), id
        assert set(row.tables) <= plans[row.chapter], id
